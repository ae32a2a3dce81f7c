"""Passwords: Argon2id, as many at once as memory allows, and the same work whether an account exists or not."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from auth_settings import Settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


class BusyError(Exception):
    """More passwords wait to be hashed than memory allows."""


class Passwords:
    """Hashes and verifies passwords."""

    def __init__(self, settings: Settings) -> None:
        """Prepare the hasher, and the hash of a password that nobody has."""
        hasher = Argon2Hasher(
            memory_cost=settings.hash_kibibytes, time_cost=settings.hash_passes, parallelism=settings.hash_lanes
        )
        self._hasher = PasswordHash((hasher,))
        self._settings = settings
        self._room = threading.BoundedSemaphore(settings.hashes_at_once)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    def is_allowed(self, password: str) -> bool:
        """Return whether it may be somebody's new password: only its length counts, no rule of composition."""
        least, most = self._settings.password_characters_at_least, self._settings.password_characters_at_most
        return least <= len(password) <= most

    def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        with self._a_place():
            return self._hasher.hash(password)

    def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Return whether it is right, and a stronger hash to store where the settings have changed since.

        Without a stored hash the work is the same, so that time does not tell which accounts exist.
        """
        if len(password) > self._settings.password_characters_at_most:
            return False, None
        with self._a_place():
            is_right, stronger = self._hasher.verify_and_update(password, stored or self._nobodys)
        return (is_right, stronger) if stored is not None else (False, None)

    @contextmanager
    def _a_place(self) -> Iterator[None]:
        if not self._room.acquire(timeout=self._settings.hash_wait_seconds):
            raise BusyError
        try:
            yield
        finally:
            self._room.release()
