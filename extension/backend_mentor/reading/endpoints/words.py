"""Names by which people call secrets, money and people's data."""

from __future__ import annotations

import re
from itertools import pairwise

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")
_PASSWORD = frozenset({"password", "passwd", "pwd", "passphrase"})
_SECRET_PAIRS = frozenset(
    {
        ("api", "key"), ("secret", "key"), ("private", "key"), ("signing", "key"), ("access", "key"),
        ("jwt", "key"), ("encryption", "key"), ("client", "secret"), ("auth", "token"), ("access", "token"),
        ("refresh", "token"), ("reset", "token"), ("session", "token"), ("csrf", "token"), ("bearer", "token"),
        ("card", "number"), ("secret", "token"), ("webhook", "secret"), ("jwt", "secret"),
    }
)  # fmt: skip
_SECRET_WORDS = frozenset({"secret", "apikey", "ssn", "cvv", "signature", "hmac"}) | _PASSWORD
_MONEY = frozenset({"price", "amount", "total", "balance", "cost", "fee", "salary"})
_NOT_MONEY = frozenset(
    {"rate", "ratio", "score", "percent", "percentage", "count", "quantity", "items", "rows", "tokens"}
)
# The last word says what it is of the secret, which is not the secret.
_ABOUT = frozenset(
    {
        "id", "ids", "url", "uri", "name", "field", "type", "length", "len", "hash", "hashed", "count", "path", "file",
        "header", "prefix", "expires", "expiry", "at", "hint", "policy", "error", "errors", "form", "column", "schema",
        "seconds", "minutes", "days", "ttl", "lifetime", "required", "enabled", "valid", "set", "reset", "masked",
        "algorithm", "context", "hasher", "validator", "validators", "digest",
        "link", "label", "help", "message", "arn", "env",
        "model", "ref", "refs", "class", "backend", "provider",
        "variable", "var", "status", "version", "kind", "location",
    }
)  # fmt: skip


def words_of(name: str) -> tuple[str, ...]:
    """Return a name's words in lower case: `("access", "token")` for `accessToken` and `ACCESS_TOKEN`."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def names_password(name: str) -> bool:
    """Return whether a variable of this name holds a password in the clear."""
    words = words_of(name)
    return bool(words) and words[-1] in _PASSWORD and "hashed" not in words


def names_secret(name: str) -> bool:
    """Return whether a variable of this name holds a secret itself, not something about one."""
    words = words_of(name)
    if not words or words[-1] in _ABOUT or {"hashed", "masked", "public", "has", "is"} & set(words):
        return False
    return (
        bool(_SECRET_WORDS & set(words))
        or words == ("token",)
        or any(pair in _SECRET_PAIRS for pair in pairwise(words))
    )


def names_money(name: str) -> bool:
    """Return whether a column of this name holds money."""
    words = set(words_of(name))
    return bool(words & _MONEY) and not words & _NOT_MONEY
