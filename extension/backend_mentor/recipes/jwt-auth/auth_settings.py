"""What an operator sets; a missing or weak secret ends the start, not the first login."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

_LEAST_KEY_BYTES = 32
# OWASP's floor for Argon2id: 19 MiB, two passes.
_LEAST_HASH_KIBIBYTES, _LEAST_HASH_PASSES = 19 * 1024, 2


class SettingsError(Exception):
    """A setting is missing or too weak; its text names the setting and never its value."""


@dataclass(frozen=True)
class SigningKey:
    """A key for access tokens; `name` goes into the token's header as `kid`."""

    name: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Every number and secret of this module."""

    signing_keys: tuple[SigningKey, ...]
    """The first signs; all of them verify, so that keys can be rotated without signing anybody out."""
    issuer: str
    audience: str
    access_token_seconds: int = 600
    clock_leeway_seconds: int = 10
    refresh_token_seconds: int = 7 * 24 * 3600
    """From one refresh to the next."""
    session_seconds: int = 30 * 24 * 3600
    """From login on, however often it is refreshed."""
    password_characters_at_least: int = 12
    password_characters_at_most: int = 128
    hash_kibibytes: int = 64 * 1024
    hash_passes: int = 3
    hash_lanes: int = 4
    hashes_at_once: int = 4
    """Each takes `hash_kibibytes` of memory: without a bound, forty logins at once take 2.5 GiB."""
    hash_wait_seconds: float = 5.0
    account_failures_free: int = 5
    address_failures_free: int = 20
    first_delay_seconds: float = 1.0
    longest_delay_seconds: float = 300.0
    failures_forgotten_after_seconds: float = 900.0
    token_characters_at_most: int = 4096

    def __post_init__(self) -> None:
        """Refuse what would make tokens or passwords weak."""
        names = [key.name for key in self.signing_keys]
        if not names or len(set(names)) < len(names):
            raise SettingsError("signing_keys needs at least one key, each with a name of its own")
        if any(len(key.secret) < _LEAST_KEY_BYTES for key in self.signing_keys):
            raise SettingsError(f"a key of signing_keys is shorter than {_LEAST_KEY_BYTES} bytes")
        if not self.issuer or not self.audience:
            raise SettingsError("issuer and audience must be set")
        if not 0 < self.access_token_seconds <= 3600:
            raise SettingsError("access_token_seconds must be at most 3600: such a token is not taken back")
        if self.hash_kibibytes < _LEAST_HASH_KIBIBYTES or self.hash_passes < _LEAST_HASH_PASSES:
            raise SettingsError("hash_kibibytes or hash_passes is below what Argon2id needs")

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Read AUTH_SIGNING_KEYS (`name:base64url,…`), AUTH_ISSUER and AUTH_AUDIENCE."""
        try:
            pairs = [pair.split(":", 1) for pair in variables["AUTH_SIGNING_KEYS"].split(",")]
            keys = tuple(SigningKey(name, base64.urlsafe_b64decode(secret)) for name, secret in pairs)
            return cls(keys, variables["AUTH_ISSUER"], variables["AUTH_AUDIENCE"])
        except KeyError as error:
            raise SettingsError(f"{error.args[0]} is not set") from None
        except (ValueError, binascii.Error):
            # The cause would show the key in a traceback.
            raise SettingsError("AUTH_SIGNING_KEYS is not name:base64url, separated by commas") from None
