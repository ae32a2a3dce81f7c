"""What is known as a secret, and what is not."""

from __future__ import annotations

import pytest

from backend_mentor.sharing.secrets import Secrets, is_sensitive


def erased(text: str, *, is_code: bool = True) -> str:
    secrets = Secrets()
    secrets.look(text, is_code=is_code)
    return secrets.eraser().erase(text, "code", is_code=is_code)


@pytest.mark.parametrize(
    "code",
    [
        "from getpass import getpass\npassword = getpass('Password: ')",
        "def connect(password: str, token: str | None = None) -> None: ...",
        "password = os.environ['SHOP_PASSWORD']",
        "url = f'postgresql://{user}:{password}'",
        "SELECT password FROM users WHERE id = 3",
        "maximum_tokens = 4096",
    ],
)
def test_code_that_only_speaks_of_secrets_stays(code: str) -> None:
    assert erased(code) == code


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("ALTER ROLE shop PASSWORD 'tulip-91-x'", "tulip-91-x"),
        ("%env SHOP_TOKEN=tulip91xyz", "tulip91xyz"),
        ("!curl -u shop:tulip91xyz https://x.example", "tulip91xyz"),
        ("key = os.environ.get('API_KEY', 'tulip91xyz')", "tulip91xyz"),
        ("dsn = 'host=db user=shop password=tulip91xyz'", "tulip91xyz"),
        ('headers["X-Api-Key"] = "tulip91xyz"', "tulip91xyz"),
        ("open('/home/ursula/keys.txt')", "ursula"),
        ('config = \'{\\"password\\": \\"tulip91xyz\\"}\'', "tulip91xyz"),
    ],
)
def test_a_secret_is_taken_out_of_code(text: str, secret: str) -> None:
    assert secret not in erased(text)


def test_prose_that_holds_a_word_of_the_code_leaves_the_code_alone() -> None:
    secrets = Secrets(names=frozenset({"stored"}))
    secrets.look("The password: stored in a vault. The token is required.")
    assert secrets.eraser().erase("stored = required = 1", "code", is_code=True) == "stored = required = 1"


@pytest.mark.parametrize(
    "name", ["password", "password_hash", "apiKey", "PGPASSWORD", "refresh_token", "client-secret"]
)
def test_a_name_says_that_it_holds_a_secret(name: str) -> None:
    assert is_sensitive(name)


@pytest.mark.parametrize("name", ["author", "compass", "tokens", "keyword", "id", "passenger", "primary_key"])
def test_a_name_that_only_looks_like_it_says_nothing(name: str) -> None:
    assert not is_sensitive(name)
