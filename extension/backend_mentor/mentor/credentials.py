"""The key and the address: from the user's own environment, keyring or configuration, and from nowhere else."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from backend_mentor.domain.errors import MentorError
from backend_mentor.mentor.client import DEFAULT_URL, check_address

KEYRING_SERVICE = "backend-mentor"
KEYRING_USER = "anthropic"
_VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
_URL_VARIABLE = "ANTHROPIC_BASE_URL"


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it was found."""

    text: str = field(repr=False)
    origin: str
    """As in `ANTHROPIC_API_KEY`."""


def find_key() -> Key | None:
    """Return the key of the environment, else that of the OS keyring, else None."""
    for name in _VARIABLES:
        if os.environ.get(name):
            return Key(os.environ[name], name)
    kept = _from_keyring()
    return Key(kept, "the OS keyring") if kept else None


def require_key() -> Key:
    """Return the key; raises MentorError with the two ways to give one."""
    key = find_key()
    if key is None:
        raise MentorError(
            "There is no key for Claude, so the mentor stays offline.",
            "Set ANTHROPIC_API_KEY before you start Jupyter, or run `keyring set backend-mentor anthropic` in a "
            "terminal. A key in a cell would be saved with the notebook.",
        )
    return key


def find_address() -> str:
    """Return the base URL: the user's configuration, else the environment that this process was started with.

    A notebook can set variables of the running process; it can not set those that the process began with. So a
    base URL that came later is not used: it could send the key to anybody. Raises MentorError for it, and for plain
    HTTP to another machine.
    """
    configured = _configured()
    if configured is not None:
        check_address(configured)
        return configured
    now = os.environ.get(_URL_VARIABLE)
    if not now:
        return DEFAULT_URL
    if _at_start().get(_URL_VARIABLE) != now:
        raise MentorError(
            f"{_URL_VARIABLE} was not there when this process was started, so it is not used.",
            f'Set it before you start Jupyter, or write base_url = "…" into {_configuration()}.',
        )
    check_address(now)
    return now


def _configured() -> str | None:
    path = _configuration()
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("base_url")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise MentorError(f"{path} can not be read.", "Put it right or remove it.") from error
    return found if isinstance(found, str) and found else None


def _configuration() -> Path:
    return Path.home() / ".config" / "backend-mentor" / "config.toml"


def _at_start() -> dict[str, str]:
    """Return the environment that this process was started with; empty where the system does not tell."""
    try:
        written = Path("/proc/self/environ").read_bytes().decode(errors="replace")
    except OSError:
        return {}
    return dict(entry.split("=", 1) for entry in written.split("\0") if "=" in entry)


def _from_keyring() -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING_SERVICE, KEYRING_USER)
    except (KeyringError, RuntimeError):
        return None  # a machine without a desktop has no keyring that answers
