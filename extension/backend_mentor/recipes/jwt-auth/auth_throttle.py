"""How often a login may be tried, per account and per address, counted where all workers see it."""

import hashlib
import ipaddress
import math

from auth_settings import Settings
from auth_tables import Attempts
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

_RACES_AT_MOST = 5


class ThrottledError(Exception):
    """Too many failures; `seconds` is how long to wait."""

    def __init__(self, seconds: float) -> None:
        """Keep the whole seconds to wait, rounded up."""
        super().__init__()
        self.seconds = max(1, math.ceil(seconds))


def account_key(email: str) -> str:
    """Return the key of an account, the same whether it exists or not."""
    return hashlib.sha256(f"account {email}".encode()).hexdigest()


def address_key(host: str | None) -> str:
    """Return the key of a caller's address; of IPv6 the network, for one caller has 2**64 addresses of it."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return hashlib.sha256(f"host {host}".encode()).hexdigest()
    width = 64 if address.version == 6 else 32
    network = ipaddress.ip_network((address, width), strict=False)
    return hashlib.sha256(f"network {network}".encode()).hexdigest()


class Throttle:
    """Counts each try before it is judged, so that a hundred tries at once are a hundred and not one."""

    def __init__(self, settings: Settings, sessions: sessionmaker[Session]) -> None:
        """Keep what is needed."""
        self._settings = settings
        self._sessions = sessions

    def admit(self, key: str, failures_free: int, now: float) -> None:
        """Count one try; raises ThrottledError where the last failures are too recent."""
        for _ in range(_RACES_AT_MOST):
            with self._sessions.begin() as session:
                if self._count(session, key, failures_free, now):
                    return
        raise ThrottledError(self._settings.first_delay_seconds)

    def give_back(self, key: str) -> None:
        """Take one try off the count: it was no failure."""
        with self._sessions.begin() as session:
            fewer = update(Attempts).where(Attempts.key == key, Attempts.failures > 0)
            session.execute(fewer.values(failures=Attempts.failures - 1, free_at=0.0))

    def forget(self, key: str) -> None:
        """Drop the count of an account whose owner has just shown the password."""
        with self._sessions.begin() as session:
            session.execute(delete(Attempts).where(Attempts.key == key))

    def sweep(self, now: float) -> None:
        """Delete the counts that are out of date; run it once an hour."""
        stale = Attempts.last_at < now - self._settings.failures_forgotten_after_seconds
        with self._sessions.begin() as session:
            session.execute(delete(Attempts).where(stale))

    def _count(self, session: Session, key: str, failures_free: int, now: float) -> bool:
        """Count one try unless another was counted meanwhile; return whether it was counted."""
        seen = session.execute(
            select(Attempts.failures, Attempts.free_at, Attempts.last_at).where(Attempts.key == key)
        ).one_or_none()
        if seen is None:
            try:
                session.execute(insert(Attempts).values(key=key, failures=1, free_at=0.0, last_at=now))
                session.flush()
            except IntegrityError:
                session.rollback()
                return False
            return True
        failures, free_at, last_at = seen
        if now < free_at:
            raise ThrottledError(free_at - now)
        recent = failures if now - last_at < self._settings.failures_forgotten_after_seconds else 0
        counted = session.scalars(
            update(Attempts)
            .where(Attempts.key == key, Attempts.failures == failures, Attempts.last_at == last_at)
            .values(failures=recent + 1, free_at=now + self._delay(recent + 1 - failures_free), last_at=now)
            .returning(Attempts.key)
        )
        return counted.one_or_none() is not None

    def _delay(self, beyond: int) -> float:
        """Return the seconds after a failure: none while they are free, then doubled each time up to the longest."""
        if beyond < 0:
            return 0.0
        delay = self._settings.first_delay_seconds * 2.0 ** min(beyond, 30)
        return min(delay, self._settings.longest_delay_seconds)
