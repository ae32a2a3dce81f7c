"""Sign-up, login, refresh and logout as an API; everything else asks for a token unless it says otherwise."""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from auth_logins import Logins, Principal, RefusedError
from auth_passwords import BusyError, Passwords
from auth_settings import Settings, SettingsError
from auth_tables import ADMIN, User
from auth_throttle import Throttle, ThrottledError, account_key, address_key
from auth_tokens import AccessTokens, Claims, InvalidTokenError
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from starlette.exceptions import HTTPException as AnyHTTPException

logger = logging.getLogger("auth")

# Far above any setting: it only keeps a body of megabytes out of the validation.
_CEILING = 4096
# No control characters: they forge lines of a log, and PostgreSQL stores no NUL.
_EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f]+$"
# An INTEGER column holds no more; beyond it databases answer with an error of their own.
_GREATEST_KEY = 2**31 - 1
Email = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=_EMAIL)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=_CEILING)]


LoginKey = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
UserKey = Annotated[int, Path(ge=1, le=_GREATEST_KEY)]


class Credentials(BaseModel):
    """An email and a password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    email: Email
    password: Password


class PasswordChange(BaseModel):
    """The password so far, and the next."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    current: Password
    new: Password


class Refresh(BaseModel):
    """A refresh token, to be exchanged for the next."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    refresh_token: Annotated[SecretStr, Field(min_length=20, max_length=200)]


class Tokens(BaseModel):
    """What a login or a refresh returns (RFC 6749, section 5.1)."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int


class Me(BaseModel):
    """The account that a token belongs to."""

    id: int
    email: str
    role: str


class OpenLogin(BaseModel):
    """One open login of the caller."""

    id: str
    began_at: float
    is_this_one: bool


class LoginList(BaseModel):
    """The caller's open logins."""

    items: list[OpenLogin]


class Problem(BaseModel):
    """An error as RFC 9457 writes it."""

    title: str
    status: int
    detail: str


@dataclass(frozen=True)
class Auth:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    passwords: Passwords
    tokens: AccessTokens
    throttle: Throttle
    logins: Logins
    clock: Callable[[], float]


def get_auth(request: Request) -> Auth:
    """Return what the handlers need."""
    auth: Auth = request.app.state.auth
    return auth


bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token of a login")
UsesAuth = Annotated[Auth, Depends(get_auth)]


def unauthorized(detail: str = "Sign in to do this.") -> HTTPException:
    """Return the one answer to whoever is not signed in, whatever the reason."""
    return HTTPException(status.HTTP_401_UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


def get_principal(
    auth: UsesAuth, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal:
    """Return who sends the request; raises 401 for a token that is missing, wrong, expired or of an ended login."""
    if credentials is None:
        raise unauthorized()
    try:
        claims = auth.tokens.verify(credentials.credentials)
    except InvalidTokenError as error:
        tell(request, "token refused", reason=error.reason)
        raise unauthorized() from None
    principal = auth.logins.principal(claims, auth.clock())
    if principal is None:
        tell(request, "token refused", user_id=claims.user_id, reason="login ended or account disabled")
        raise unauthorized()
    return principal


SignedIn = Annotated[Principal, Depends(get_principal)]


def get_admin(request: Request, principal: SignedIn) -> Principal:
    """Return the caller if it is an administrator; raises 403."""
    if principal.role != ADMIN:
        tell(request, "role refused", user_id=principal.user_id, reason="not an administrator")
        raise HTTPException(status.HTTP_403_FORBIDDEN, "This is for administrators.")
    return principal


Administrator = Annotated[Principal, Depends(get_admin)]


def tell(request: Request, event: str, **fields: object) -> None:
    """Log a security event with who, why and which request; never a password, token or email."""
    logger.info(event, extra={"event": event, "request_id": request.state.request_id, **fields})


def throttle(auth: Auth, request: Request, account: str | None) -> str:
    """Count a try for the caller's address, and for the account; return the address's key. Raises ThrottledError.

    Behind a proxy, `request.client` is the caller only if the server is told which proxy to believe
    (uvicorn --forwarded-allow-ips); the header itself is never read here.
    """
    now = auth.clock()
    address = address_key(request.client.host if request.client else None)
    auth.throttle.admit(address, auth.settings.address_failures_free, now)
    if account is not None:
        auth.throttle.admit(account, auth.settings.account_failures_free, now)
    return address


def succeed(auth: Auth, address: str, account: str) -> None:
    """Take back what was counted for a try that was no failure."""
    auth.throttle.forget(account)
    auth.throttle.give_back(address)


def answer(auth: Auth, response: Response, issued: tuple[Claims, str]) -> Tokens:
    """Return both tokens in an answer that no cache keeps."""
    claims, refresh_token = issued
    response.headers["Cache-Control"] = "no-store"
    return Tokens(
        access_token=auth.tokens.issue(claims, auth.clock()),
        refresh_token=refresh_token,
        expires_in=auth.settings.access_token_seconds,
    )


REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "Not signed in, or not with these credentials"},
    429: {"model": Problem, "description": "Too many tries; Retry-After says when the next may come"},
    503: {"model": Problem, "description": "The database or the hasher is busy; nothing was done"},
}
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "You have no such thing"}}
public = APIRouter(prefix="/auth", tags=["authentication"], responses=REFUSALS)
# Deny by default: a handler added here is closed without a word about it.
private = APIRouter(prefix="/auth", tags=["account"], responses=REFUSALS, dependencies=[Depends(get_principal)])
administration = APIRouter(
    prefix="/admin", tags=["administration"], responses=REFUSALS, dependencies=[Depends(get_admin)]
)


@public.post("/register", status_code=status.HTTP_202_ACCEPTED)
def register(auth: UsesAuth, request: Request, credentials: Credentials) -> None:
    """Sign up. The answer is the same whether the email is new or taken, so that it tells nobody who has an account."""
    throttle(auth, request, None)
    password = credentials.password.get_secret_value()
    if not auth.passwords.is_allowed(password):
        raise weak_password(auth.settings)
    user = User(email=credentials.email, password_hash=auth.passwords.hash(password))
    try:
        with auth.sessions.begin() as session:
            session.add(user)
            session.flush()
            user_id = user.id
    except IntegrityError:
        tell(request, "registration", reason="email taken")
    else:
        tell(request, "registration", user_id=user_id, reason="new")


@public.post("/login")
def login(auth: UsesAuth, request: Request, response: Response, credentials: Credentials) -> Tokens:
    """Sign in. Every refusal has one answer and one duration, whatever its reason."""
    account = account_key(credentials.email)
    address = throttle(auth, request, account)
    with auth.sessions() as session:
        found = session.execute(
            select(User.id, User.password_hash, User.is_active).where(User.email == credentials.email)
        ).one_or_none()
    # Hashing takes tenths of a second: no database connection is held meanwhile.
    stored = found.password_hash if found else None
    is_right, stronger = auth.passwords.verify(credentials.password.get_secret_value(), stored)
    if found is None or not is_right or not found.is_active:
        reason = "unknown" if found is None else "disabled" if is_right else "wrong password"
        tell(request, "login refused", user_id=found.id if found else None, reason=reason)
        raise unauthorized("The email or the password is wrong.")
    if stronger is not None:
        with auth.sessions.begin() as session:
            old = (User.id == found.id, User.password_hash == stored)
            session.execute(update(User).where(*old).values(password_hash=stronger))
    succeed(auth, address, account)
    issued = auth.logins.begin(found.id, auth.clock())
    tell(request, "login", user_id=found.id, login_id=issued[0].login_id)
    return answer(auth, response, issued)


@public.post("/refresh")
def refresh(auth: UsesAuth, request: Request, response: Response, body: Refresh) -> Tokens:
    """Exchange a refresh token for new tokens. It is good once: a second use ends the login."""
    try:
        issued = auth.logins.rotate(body.refresh_token.get_secret_value(), auth.clock())
    except RefusedError as error:
        tell(request, "refresh refused", login_id=error.login_id, reason=error.reason)
        raise unauthorized() from None
    return answer(auth, response, issued)


@private.get("/me")
def read_me(principal: SignedIn) -> Me:
    """Return the account that the token belongs to."""
    return Me(id=principal.user_id, email=principal.email, role=principal.role)


@private.get("/logins")
def list_logins(auth: UsesAuth, principal: SignedIn) -> LoginList:
    """List where the caller is signed in."""
    own = auth.logins.open_of(principal.user_id, auth.clock())
    return LoginList(
        items=[OpenLogin(id=key, began_at=began, is_this_one=key == principal.login_id) for key, began in own]
    )


@private.delete("/logins/{login_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
def end_login(auth: UsesAuth, request: Request, principal: SignedIn, login_id: LoginKey) -> None:
    """End one of the caller's logins; anybody else's is not found."""
    if not auth.logins.end(login_id, principal.user_id, auth.clock()):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such login.")
    tell(request, "logout", user_id=principal.user_id, login_id=login_id)


@private.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
def logout(auth: UsesAuth, request: Request, principal: SignedIn) -> None:
    """Sign out: both tokens of this login are refused from now on."""
    auth.logins.end(principal.login_id, principal.user_id, auth.clock())
    tell(request, "logout", user_id=principal.user_id, login_id=principal.login_id)


@private.put("/password", status_code=status.HTTP_204_NO_CONTENT)
def change_password(auth: UsesAuth, request: Request, principal: SignedIn, body: PasswordChange) -> None:
    """Change the password and end every login, this one too: whoever knew the old one is out."""
    account = account_key(principal.email)
    address = throttle(auth, request, account)
    with auth.sessions() as session:
        stored = session.scalars(select(User.password_hash).where(User.id == principal.user_id)).one()
    is_right, _ = auth.passwords.verify(body.current.get_secret_value(), stored)
    if not is_right:
        tell(request, "password change refused", user_id=principal.user_id, reason="wrong password")
        raise unauthorized("The current password is wrong.")
    if not auth.passwords.is_allowed(body.new.get_secret_value()):
        raise weak_password(auth.settings)
    hashed = auth.passwords.hash(body.new.get_secret_value())
    with auth.sessions.begin() as session:
        session.execute(update(User).where(User.id == principal.user_id).values(password_hash=hashed))
    auth.logins.end_all(principal.user_id, auth.clock())
    succeed(auth, address, account)
    tell(request, "password changed", user_id=principal.user_id)


@administration.post("/users/{user_id}/disable", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
def disable_user(auth: UsesAuth, request: Request, admin: Administrator, user_id: UserKey) -> None:
    """Disable an account: its tokens are refused with the next request."""
    with auth.sessions.begin() as session:
        disabled = session.scalars(update(User).where(User.id == user_id).values(is_active=False).returning(User.id))
        if disabled.one_or_none() is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such user.")
    auth.logins.end_all(user_id, auth.clock())
    tell(request, "account disabled", user_id=user_id, by=admin.user_id)


def weak_password(settings: Settings) -> HTTPException:
    """Return the answer to a new password of a length that is not allowed."""
    least, most = settings.password_characters_at_least, settings.password_characters_at_most
    return HTTPException(
        status.HTTP_422_UNPROCESSABLE_CONTENT, f"A password has {least} to {most} characters; any will do."
    )


def problem(code: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an error as RFC 9457 writes it."""
    body = Problem(title=HTTPStatus(code).phrase, status=code, detail=detail)
    return JSONResponse(body.model_dump(), code, headers, media_type="application/problem+json")


def show_http_error(request: Request, error: Exception) -> Response:
    """Answer what a handler raised, and what has no route."""
    if not isinstance(error, AnyHTTPException):
        raise error
    return problem(error.status_code, str(error.detail), dict(error.headers or {}))


def show_invalid(request: Request, error: Exception) -> Response:
    """Say which fields are wrong. The default answer repeats the input, and with it the password."""
    if not isinstance(error, RequestValidationError):
        raise error
    fields = ", ".join(sorted({".".join(str(part) for part in each["loc"]) for each in error.errors()}))
    return problem(status.HTTP_422_UNPROCESSABLE_CONTENT, f"These are missing or wrong: {fields}.")


def show_throttled(request: Request, error: Exception) -> Response:
    """Say when the next try may come."""
    if not isinstance(error, ThrottledError):
        raise error
    tell(request, "throttled", seconds=error.seconds)
    headers = {"Retry-After": str(error.seconds)}
    return problem(status.HTTP_429_TOO_MANY_REQUESTS, "Too many tries. Wait, then try again.", headers)


def show_busy(request: Request, error: Exception) -> Response:
    """Fail closed: without its database or its hasher nobody gets in."""
    logger.error("unavailable", exc_info=error, extra={"request_id": request.state.request_id})
    return problem(status.HTTP_503_SERVICE_UNAVAILABLE, "Try again in a moment.", {"Retry-After": "1"})


def show_bug(request: Request, error: Exception) -> Response:
    """Answer an exception of ours without its text; the log has it, under the request's id."""
    logger.error("failed", exc_info=error, extra={"request_id": request.state.request_id})
    return problem(status.HTTP_500_INTERNAL_SERVER_ERROR, "This is our fault, and it is logged.")


async def name_request(request: Request, following: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request an id, for the log and for the caller to quote."""
    request.state.request_id = uuid.uuid4().hex
    response = await following(request)
    response.headers["X-Request-ID"] = request.state.request_id
    return response


def create_app(engine: Engine, settings: Settings, clock: Callable[[], float] = time.time) -> FastAPI:
    """Return the app on a database whose tables exist; `settings` have refused weak keys by now.

    Raises SettingsError for an engine that would write emails and hashes into the log with each of its errors.
    """
    if not engine.hide_parameters:
        raise SettingsError("the engine shows values in its errors: create it with hide_parameters=True")
    sessions = sessionmaker(engine)
    app = FastAPI(title="Authentication")
    app.state.auth = Auth(
        settings,
        sessions,
        Passwords(settings),
        AccessTokens(settings),
        Throttle(settings, sessions),
        Logins(settings, sessions),
        clock,
    )
    for router in (public, private, administration):
        app.include_router(router)
    app.middleware("http")(name_request)
    app.add_exception_handler(AnyHTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_invalid)
    app.add_exception_handler(ThrottledError, show_throttled)
    for busy in (BusyError, DBAPIError, PoolTimeoutError):
        app.add_exception_handler(busy, show_busy)
    app.add_exception_handler(Exception, show_bug)
    return app
