"""Access tokens: signed, short-lived, and good for one audience. Refresh tokens: 256 random bits."""

import hashlib
import secrets
from dataclasses import dataclass

import jwt
from auth_settings import Settings

_ALGORITHM = "HS256"
_KIND = "at+jwt"  # RFC 9068: no other kind of token passes for an access token
_REQUIRED = ["iss", "aud", "sub", "iat", "exp", "jti", "sid"]


class InvalidTokenError(Exception):
    """The token is no access token of ours; `reason` is for the log, never for the caller."""

    def __init__(self, reason: str) -> None:
        """Keep a reason without any part of the token."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    """What an access token says once it is verified."""

    user_id: int
    login_id: str


class AccessTokens:
    """Signs and verifies access tokens."""

    def __init__(self, settings: Settings) -> None:
        """Keep the keys by name."""
        self._settings = settings
        self._keys = {key.name: key.secret for key in settings.signing_keys}

    def issue(self, claims: Claims, now: float) -> str:
        """Return a token that is good from `now` for `access_token_seconds`."""
        first = self._settings.signing_keys[0]
        payload = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": str(claims.user_id),
            "sid": claims.login_id,
            "iat": int(now),
            "exp": int(now) + self._settings.access_token_seconds,
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode(payload, first.secret, algorithm=_ALGORITHM, headers={"kid": first.name, "typ": _KIND})

    def verify(self, token: str) -> Claims:
        """Return the claims of a token; raises InvalidTokenError for any doubt. PyJWT asks the system's own clock."""
        if len(token) > self._settings.token_characters_at_most:
            raise InvalidTokenError("too long")
        try:
            header = jwt.get_unverified_header(token)
            # The header only chooses among keys of ours; the algorithm is never taken from it.
            key = self._keys.get(str(header.get("kid")))
            if key is None or header.get("typ") != _KIND:
                raise InvalidTokenError("unknown key or kind")
            payload = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=self._settings.clock_leeway_seconds,
                options={"require": _REQUIRED},
            )
            return Claims(int(payload["sub"]), str(payload["sid"]))  # signed by us, so they are what we wrote
        except (jwt.InvalidTokenError, ValueError) as error:
            raise InvalidTokenError(type(error).__name__) from None


def new_refresh_token() -> str:
    """Return a new refresh token."""
    return secrets.token_urlsafe(32)


def digest_of(refresh_token: str) -> str:
    """Return what is stored of a refresh token."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()
