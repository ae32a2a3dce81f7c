"""What authentication promises, and the attacks that it withstands; a real database, real hashes, real tokens."""

import base64
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import jwt
import pytest
from auth_passwords import BusyError, Passwords
from auth_settings import Settings, SettingsError, SigningKey
from auth_tables import ADMIN, Attempts, Base, Login, RefreshToken, User
from auth_throttle import Throttle, address_key
from auth_tokens import AccessTokens, Claims, InvalidTokenError
from fastapi.testclient import TestClient
from jwt_auth import create_app
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, create_engine, func, select, update
from sqlalchemy.orm import Session

EMAIL, OTHER = "ada@example.net", "bob@example.net"
RIGHT, WRONG = secrets.token_urlsafe(16), secrets.token_urlsafe(16)


class Clock:
    """A clock that stands until it is moved. It starts now, because PyJWT looks at the system's."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def settings() -> Settings:
    key = SigningKey("one", secrets.token_bytes(32))
    return Settings((key,), "https://auth.example.net", "shop", hash_kibibytes=19 * 1024, hash_passes=2, hash_lanes=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'auth.db'}", connect_args={"timeout": 30}, hide_parameters=True)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def stored_hash() -> str:
    return PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),)).hash(RIGHT)


@pytest.fixture
def client(engine: Engine, settings: Settings, clock: Clock, stored_hash: str) -> Iterator[TestClient]:
    with Session(engine) as session:
        for email in (EMAIL, OTHER):
            session.add(User(email=email, password_hash=stored_hash))
            session.flush()
        session.commit()
    with TestClient(create_app(engine, settings, clock), raise_server_exceptions=False) as made:
        yield made


def sign_in(client: TestClient, email: str = EMAIL, password: str = RIGHT) -> dict[str, Any]:
    answer = client.post("/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def me(client: TestClient, token: str) -> int:
    return int(client.get("/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code)


def signed(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def test_sign_up_login_and_a_closed_door(client: TestClient) -> None:
    answer = client.post("/auth/login", json={"email": "  ADA@Example.NET ", "password": RIGHT})
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 600
    mine = client.get("/auth/me", headers=signed(tokens))
    assert mine.json() == {"id": 1, "email": EMAIL, "role": "user"}
    refused = client.get("/auth/me")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_wrong_password_an_unknown_email_and_a_disabled_account_look_the_same(
    client: TestClient, engine: Engine
) -> None:
    with Session(engine) as session:
        session.execute(update(User).where(User.email == OTHER).values(is_active=False))
        session.commit()
    tries = [(EMAIL, WRONG), ("nobody@example.net", WRONG), (OTHER, RIGHT)]
    answers = [client.post("/auth/login", json={"email": email, "password": password}) for email, password in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    named = {"content-type", "content-length", "www-authenticate", "x-request-id"}
    assert {frozenset(answer.headers) for answer in answers} == {frozenset(named)}


def test_an_unknown_email_costs_a_hash_as_a_wrong_password_does(settings: Settings) -> None:
    passwords = Passwords(settings)
    stored = passwords.hash(RIGHT)

    def duration(known: str | None) -> float:
        runs = []
        for _ in range(7):
            began = time.perf_counter()
            assert passwords.verify(WRONG, known) == (False, None)
            runs.append(time.perf_counter() - began)
        return median(runs)

    # Without the hash of nobody's password the ratio would be in the thousands.
    assert 0.1 < duration(None) / duration(stored) < 10


def test_registering_twice_gives_the_answer_of_registering_once_and_changes_nothing(client: TestClient) -> None:
    first = client.post("/auth/register", json={"email": "new@example.net", "password": RIGHT})
    second = client.post("/auth/register", json={"email": "new@example.net", "password": WRONG})
    assert (first.status_code, first.content) == (second.status_code, second.content)
    sign_in(client, "new@example.net", RIGHT)


def test_of_many_registrations_at_once_one_makes_the_account(client: TestClient, engine: Engine) -> None:
    statuses: list[int] = []

    def register() -> None:
        answer = client.post("/auth/register", json={"email": "race@example.net", "password": RIGHT})
        statuses.append(answer.status_code)

    in_parallel(register, 6)
    assert statuses == [202] * 6
    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(User.email == "race@example.net")) == 1


def in_parallel(work: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("password", ["short", "x" * 129, "x" * 5000, ""])
def test_a_password_of_a_length_that_is_not_allowed_is_refused_and_not_repeated(
    client: TestClient, password: str
) -> None:
    answer = client.post("/auth/register", json={"email": "x@example.net", "password": password})
    assert answer.status_code == 422
    assert not password or password not in answer.text


@pytest.mark.parametrize("email", ["", "ada", "a@b", "a b@example.net", "a" * 260 + "@example.net", "a\0@b.c", 7, None])
def test_what_is_no_email_is_refused_and_the_password_beside_it_is_not_repeated(
    client: TestClient, email: object
) -> None:
    answer = client.post("/auth/login", json={"email": email, "password": RIGHT})
    assert answer.status_code == 422
    assert RIGHT not in answer.text


def test_a_field_that_is_not_asked_for_is_refused(client: TestClient) -> None:
    body = {"email": "x@example.net", "password": RIGHT, "role": ADMIN}
    assert client.post("/auth/register", json=body).status_code == 422


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_forged_tokens_are_refused(client: TestClient, settings: Settings, clock: Clock) -> None:
    good = sign_in(client)["access_token"]
    assert me(client, good) == 200
    header, payload = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    key = settings.signing_keys[0].secret
    kind = {"kid": "one", "typ": "at+jwt"}
    head, body, signature = good.split(".")
    forged = {
        "no signature": f"{encoded({**header, 'alg': 'none'})}.{body}.",
        "tampered": f"{head}.{encoded({**payload, 'sub': '2'})}.{signature}",
        "other key": jwt.encode(payload, secrets.token_bytes(32), headers=kind),
        "other algorithm": jwt.encode(payload, key * 2, algorithm="HS512", headers=kind),
        "other audience": jwt.encode({**payload, "aud": "bank"}, key, headers=kind),
        "other issuer": jwt.encode({**payload, "iss": "https://evil.example"}, key, headers=kind),
        "unknown key name": jwt.encode(payload, key, headers={**kind, "kid": "../../dev/null"}),
        "no key name": jwt.encode(payload, key, headers={"typ": "at+jwt"}),
        "other kind": jwt.encode(payload, key, headers={**kind, "typ": "JWT"}),
        "not yet issued": jwt.encode({**payload, "iat": payload["iat"] + 900}, key, headers=kind),
        "expired": AccessTokens(settings).issue(Claims(1, payload["sid"]), clock.now - 3600),
        "somebody else's login": AccessTokens(settings).issue(Claims(2, payload["sid"]), clock.now),
        "too long": good + "x" * 5000,
        "no token": "null",
        "empty": "",
    }
    for claim in ("iss", "aud", "sub", "iat", "exp", "jti", "sid"):
        without = {name: value for name, value in payload.items() if name != claim}
        forged[f"without {claim}"] = jwt.encode(without, key, headers=kind)
    assert {name: me(client, token) for name, token in forged.items() if me(client, token) != 401} == {}


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(client: TestClient) -> None:
    tokens = sign_in(client)
    assert me(client, tokens["refresh_token"]) == 401
    swapped = client.post("/auth/refresh", json={"refresh_token": tokens["access_token"][:200]})
    assert swapped.status_code == 401


def test_keys_can_be_rotated_without_signing_anybody_out(
    client: TestClient, engine: Engine, settings: Settings
) -> None:
    old = sign_in(client)["access_token"]
    added = SigningKey("two", secrets.token_bytes(32))
    both = replace(settings, signing_keys=(added, *settings.signing_keys))
    assert me(TestClient(create_app(engine, both)), old) == 200
    only_new = replace(settings, signing_keys=(added,))
    assert me(TestClient(create_app(engine, only_new)), old) == 401


def rotate(client: TestClient, token: str) -> Any:
    return client.post("/auth/refresh", json={"refresh_token": token})


def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_login(client: TestClient) -> None:
    first = sign_in(client)
    second = rotate(client, first["refresh_token"]).json()
    assert me(client, second["access_token"]) == 200
    assert rotate(client, first["refresh_token"]).status_code == 401
    # Whoever held the newer token is out as well, the access token included.
    assert rotate(client, second["refresh_token"]).status_code == 401
    assert me(client, second["access_token"]) == 401


def test_reuse_ends_one_login_and_leaves_the_others(client: TestClient) -> None:
    stolen, other = sign_in(client), sign_in(client)
    rotate(client, stolen["refresh_token"])
    rotate(client, stolen["refresh_token"])
    assert me(client, stolen["access_token"]) == 401
    assert me(client, other["access_token"]) == 200


def test_of_many_refreshes_at_once_one_at_most_gets_tokens(client: TestClient) -> None:
    token = sign_in(client)["refresh_token"]
    statuses: list[int] = []
    in_parallel(lambda: statuses.append(rotate(client, token).status_code), 6)
    assert statuses.count(200) <= 1
    assert set(statuses) <= {200, 401}


def test_a_refresh_token_ends_with_its_own_time_and_with_the_login_however_often_it_is_renewed(
    client: TestClient, clock: Clock, settings: Settings
) -> None:
    idle = sign_in(client)["refresh_token"]
    renewed = sign_in(client)["refresh_token"]
    began = clock.now
    clock.now = began + settings.refresh_token_seconds
    assert rotate(client, idle).status_code == 401
    clock.now = began
    while clock.now + settings.refresh_token_seconds / 2 < began + settings.session_seconds:
        clock.now += settings.refresh_token_seconds / 2
        renewed = rotate(client, renewed).json()["refresh_token"]
    clock.now = began + settings.session_seconds
    assert rotate(client, renewed).status_code == 401


def test_the_database_holds_no_token_and_no_password(client: TestClient, engine: Engine) -> None:
    tokens = sign_in(client)
    with Session(engine) as session:
        rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
        stored = [str(row) for row in rows]
        assert session.scalar(select(func.count()).select_from(RefreshToken)) == 1
    text = "\n".join(stored)
    assert "$argon2id$" in text
    for secret in (RIGHT, tokens["refresh_token"], tokens["access_token"]):
        assert secret not in text


def test_logout_ends_both_tokens_at_once_and_no_other_login(client: TestClient) -> None:
    here, there = sign_in(client), sign_in(client)
    assert client.post("/auth/logout", headers=signed(here)).status_code == 204
    assert me(client, here["access_token"]) == 401
    assert rotate(client, here["refresh_token"]).status_code == 401
    assert me(client, there["access_token"]) == 200


def test_a_new_password_ends_every_login_and_the_old_password(client: TestClient) -> None:
    here, there = sign_in(client), sign_in(client)
    new = secrets.token_urlsafe(16)
    wrong = client.put("/auth/password", headers=signed(here), json={"current": WRONG, "new": new})
    assert wrong.status_code == 401
    done = client.put("/auth/password", headers=signed(here), json={"current": RIGHT, "new": new})
    assert done.status_code == 204
    assert [me(client, each["access_token"]) for each in (here, there)] == [401, 401]
    assert client.post("/auth/login", json={"email": EMAIL, "password": RIGHT}).status_code == 401
    sign_in(client, password=new)


def test_another_users_login_is_not_found_and_goes_on(client: TestClient) -> None:
    mine, theirs = sign_in(client), sign_in(client, OTHER)
    (login,) = client.get("/auth/logins", headers=signed(theirs)).json()["items"]
    assert login["is_this_one"]
    assert client.delete(f"/auth/logins/{login['id']}", headers=signed(mine)).status_code == 404
    assert me(client, theirs["access_token"]) == 200
    assert client.delete(f"/auth/logins/{login['id']}", headers=signed(theirs)).status_code == 204
    assert me(client, theirs["access_token"]) == 401


def test_an_ordinary_user_is_refused_what_an_administrator_may(client: TestClient, engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(update(User).where(User.email == EMAIL).values(role=ADMIN))
        session.commit()
    admin, user = sign_in(client), sign_in(client, OTHER)
    assert client.post("/admin/users/1/disable").status_code == 401
    assert client.post("/admin/users/1/disable", headers=signed(user)).status_code == 403
    assert client.post("/admin/users/9/disable", headers=signed(admin)).status_code == 404
    assert client.post(f"/admin/users/{2**31}/disable", headers=signed(admin)).status_code == 422
    assert client.delete("/auth/logins/%00", headers=signed(admin)).status_code == 422
    assert client.post("/admin/users/2/disable", headers=signed(admin)).status_code == 204
    assert me(client, user["access_token"]) == 401
    assert rotate(client, user["refresh_token"]).status_code == 401


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(client: TestClient, engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(update(User).values(role=ADMIN))
        session.commit()
    admin = sign_in(client)
    with Session(engine) as session:
        session.execute(update(User).values(role="user"))
        session.commit()
    assert client.post("/admin/users/2/disable", headers=signed(admin)).status_code == 403


def attempt(client: TestClient, email: str = EMAIL, password: str = WRONG) -> Any:
    return client.post("/auth/login", json={"email": email, "password": password})


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.net"])
def test_after_five_failures_an_account_waits_longer_each_time_whether_it_exists_or_not(
    client: TestClient, clock: Clock, email: str
) -> None:
    assert [attempt(client, email).status_code for _ in range(6)] == [401] * 5 + [429]
    waits = []
    for _ in range(4):
        answer = attempt(client, email)
        assert answer.status_code == 429
        waits.append(int(answer.headers["retry-after"]))
        clock.now += waits[-1]
        assert attempt(client, email).status_code == 401
    assert waits == [1, 2, 4, 8]


def test_the_right_password_is_refused_while_the_account_waits_and_then_clears_the_count(
    client: TestClient, clock: Clock
) -> None:
    for _ in range(6):
        attempt(client)
    assert attempt(client, password=RIGHT).status_code == 429
    clock.now += 60
    sign_in(client)
    assert [attempt(client).status_code for _ in range(6)] == [401] * 5 + [429]


def test_tries_at_once_are_counted_one_by_one(engine: Engine, client: TestClient) -> None:
    statuses: list[int] = []
    in_parallel(lambda: statuses.append(attempt(client).status_code), 12)
    assert statuses.count(401) <= 5
    assert set(statuses) <= {401, 429}


def test_one_address_that_tries_many_accounts_waits_too(client: TestClient) -> None:
    statuses = [attempt(client, f"user{number}@example.net").status_code for number in range(21)]
    assert statuses == [401] * 20 + [429]


def test_failures_are_forgotten_and_their_rows_swept(
    client: TestClient, clock: Clock, settings: Settings, engine: Engine
) -> None:
    for _ in range(4):
        attempt(client)
    clock.now += settings.failures_forgotten_after_seconds
    assert [attempt(client).status_code for _ in range(5)] == [401] * 5
    clock.now += settings.failures_forgotten_after_seconds + 1
    throttle = client.app.state.auth.throttle  # type: ignore[attr-defined]  # the client knows it as any ASGI app
    assert isinstance(throttle, Throttle)
    throttle.sweep(clock.now)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Attempts)) == 0


def test_the_addresses_of_one_network_count_together_and_a_header_changes_nothing(client: TestClient) -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:2")
    assert address_key("2001:db8::1") != address_key("2001:db8:0:1::1")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    for number in range(30):
        answer = client.post(
            "/auth/login",
            json={"email": f"user{number}@example.net", "password": WRONG},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
    assert answer.status_code == 429


def test_logs_tell_who_and_why_and_hold_no_secret(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = sign_in(client)
    attempt(client)
    me(client, tokens["access_token"][:-4] + "AAAA")
    rotate(client, tokens["refresh_token"])
    rotate(client, tokens["refresh_token"])
    records = [record.__dict__ for record in caplog.records if record.name == "auth"]
    told = [(record["event"], record.get("reason")) for record in records]
    assert ("login", None) in told
    assert ("login refused", "wrong password") in told
    assert ("refresh refused", "reuse") in told
    assert all(len(record["request_id"]) == 32 for record in records)
    everything = "\n".join(map(str, records))
    for secret in (RIGHT, WRONG, EMAIL, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in everything


def test_a_database_that_fails_lets_nobody_in_and_tells_nothing(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = sign_in(client)
    Base.metadata.drop_all(engine)
    for answer in (attempt(client, password=RIGHT), client.get("/auth/me", headers=signed(tokens))):
        assert answer.status_code == 503
        assert "login" not in answer.text
        assert "sqlite" not in answer.text.lower()
    assert "no such table" in caplog.text
    assert EMAIL not in caplog.text


def test_an_engine_that_shows_values_in_its_errors_is_refused(settings: Settings) -> None:
    talkative = create_engine("sqlite://")
    with pytest.raises(SettingsError, match="hide_parameters"):
        create_app(talkative, settings)
    talkative.dispose()


def test_passwords_that_wait_too_long_for_memory_are_turned_away(settings: Settings) -> None:
    passwords = Passwords(replace(settings, hashes_at_once=1, hash_wait_seconds=0.01))
    with passwords._a_place(), pytest.raises(BusyError):
        passwords.hash(RIGHT)


def test_a_password_is_hashed_anew_where_the_settings_ask_for_more(
    client: TestClient, engine: Engine, settings: Settings
) -> None:
    def stored() -> str:
        with Session(engine) as session:
            return session.scalars(select(User.password_hash).where(User.email == EMAIL)).one()

    assert "t=2" in stored()
    stronger = TestClient(create_app(engine, replace(settings, hash_passes=3)))
    sign_in(stronger)
    assert "t=3" in stored()
    sign_in(stronger)


def test_the_api_is_described_with_its_scheme_and_every_private_path_asks_for_it(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    unguarded = {
        path
        for path, methods in described["paths"].items()
        if any("security" not in operation for operation in methods.values())
    }
    assert unguarded == {"/auth/register", "/auth/login", "/auth/refresh"}
    for path, methods in described["paths"].items():
        for method in methods if path not in unguarded else ():
            answer = client.request(method, path.replace("{login_id}", "x").replace("{user_id}", "1"))
            assert answer.status_code == 401, path


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "AUTH_SIGNING_KEYS is not set"),
        ({"AUTH_SIGNING_KEYS": "one"}, "name:base64url"),
        ({"AUTH_SIGNING_KEYS": "one:c2hvcnQ="}, "shorter than 32 bytes"),
        ({"AUTH_SIGNING_KEYS": "one:" + "A" * 44 + ",one:" + "B" * 44}, "a name of its own"),
    ],
)
def test_a_missing_or_weak_key_ends_the_start_and_is_not_shown(variables: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        Settings.from_environment({"AUTH_ISSUER": "i", "AUTH_AUDIENCE": "a", **variables})
    assert "c2hvcnQ" not in str(caught.value)


def test_settings_that_would_weaken_tokens_or_hashes_are_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError):
        replace(settings, access_token_seconds=86_400)
    with pytest.raises(SettingsError):
        replace(settings, hash_passes=1)
    with pytest.raises(SettingsError):
        replace(settings, hash_kibibytes=1024)
    assert settings.signing_keys[0].secret.hex() not in repr(settings)
    assert repr(settings.signing_keys[0].secret) not in repr(settings)


def test_settings_are_read_from_the_environment() -> None:
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    read = Settings.from_environment(
        {"AUTH_SIGNING_KEYS": f"one:{key}", "AUTH_ISSUER": "https://auth.example.net", "AUTH_AUDIENCE": "shop"}
    )
    with pytest.raises(InvalidTokenError):
        AccessTokens(read).verify("a.b.c")


def test_a_login_ends_in_the_table_with_the_account(engine: Engine, client: TestClient) -> None:
    sign_in(client)
    with Session(engine) as session:
        login = session.scalars(select(Login)).one()
        assert login.ends_at - login.began_at == 30 * 24 * 3600
