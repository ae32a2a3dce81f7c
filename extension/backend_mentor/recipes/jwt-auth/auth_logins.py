"""Logins: begun with a password, kept up by refresh tokens that are good once, ended by logout, reuse or time."""

import uuid
from dataclasses import dataclass

from auth_settings import Settings
from auth_tables import Login, RefreshToken, User
from auth_tokens import Claims, digest_of, new_refresh_token
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker


class RefusedError(Exception):
    """A refresh token is not, or no longer, good; `reason` is for the log."""

    def __init__(self, reason: str, login_id: str | None = None) -> None:
        """Keep what the log needs."""
        super().__init__(reason)
        self.reason = reason
        self.login_id = login_id


@dataclass(frozen=True)
class Principal:
    """Who sends a request."""

    user_id: int
    login_id: str
    email: str
    role: str


class Logins:
    """Begins, continues and ends logins, each step in a transaction of its own."""

    def __init__(self, settings: Settings, sessions: sessionmaker[Session]) -> None:
        """Keep what is needed."""
        self._settings = settings
        self._sessions = sessions

    def begin(self, user_id: int, now: float) -> tuple[Claims, str]:
        """Return the claims and the first refresh token of a new login."""
        login = Login(id=uuid.uuid4().hex, user_id=user_id, began_at=now, ends_at=now + self._settings.session_seconds)
        with self._sessions.begin() as session:
            session.add(login)
            session.flush()
            return Claims(user_id, login.id), self._add_token(session, login, now)

    def rotate(self, refresh_token: str, now: float) -> tuple[Claims, str]:
        """Exchange a refresh token for the next; raises RefusedError.

        A token that comes a second time was stolen before or after its first use, and nobody can tell which: the whole
        login ends. Whoever is first is decided by the UPDATE, so that two at once are one first and one second.
        """
        digest = digest_of(refresh_token)
        with self._sessions.begin() as session:
            login = self._login_of(session, digest, now)
            claimed = session.scalars(
                update(RefreshToken)
                .where(RefreshToken.digest == digest, RefreshToken.used_at.is_(None))
                .values(used_at=now)
                .returning(RefreshToken.digest)
            ).one_or_none()
            if claimed is not None:
                return Claims(login.user_id, login.id), self._add_token(session, login, now)
            login.revoked_at = now
            login_id = login.id
        # Outside of the block: inside it the exception would take the revocation back.
        raise RefusedError("reuse", login_id)

    def end(self, login_id: str, user_id: int, now: float) -> bool:
        """End a login of this user; return False where there is none, and so tell nothing of anybody else's."""
        own = (Login.id == login_id, Login.user_id == user_id, Login.revoked_at.is_(None))
        with self._sessions.begin() as session:
            ended = session.scalars(update(Login).where(*own).values(revoked_at=now).returning(Login.id))
            return ended.one_or_none() is not None

    def end_all(self, user_id: int, now: float) -> None:
        """End every login of this user."""
        with self._sessions.begin() as session:
            open_ones = update(Login).where(Login.user_id == user_id, Login.revoked_at.is_(None))
            session.execute(open_ones.values(revoked_at=now))

    def open_of(self, user_id: int, now: float) -> list[tuple[str, float]]:
        """Return the open logins of this user, and when each began."""
        wanted = (Login.user_id == user_id, Login.revoked_at.is_(None), Login.ends_at > now)
        with self._sessions() as session:
            rows = session.execute(select(Login.id, Login.began_at).where(*wanted).order_by(Login.began_at, Login.id))
            return [(row.id, row.began_at) for row in rows]

    def principal(self, claims: Claims, now: float) -> Principal | None:
        """Return who the claims speak of, if the login is open and the account active at this moment."""
        query = (
            select(User.email, User.role)
            .join(Login, Login.user_id == User.id)
            .where(User.id == claims.user_id, User.is_active, Login.id == claims.login_id)
            .where(Login.revoked_at.is_(None), Login.ends_at > now)
        )
        with self._sessions() as session:
            row = session.execute(query).one_or_none()
        return Principal(claims.user_id, claims.login_id, row.email, row.role) if row else None

    def _login_of(self, session: Session, digest: str, now: float) -> Login:
        row = session.execute(
            select(Login, RefreshToken.expires_at, User.is_active)
            .join(RefreshToken, RefreshToken.login_id == Login.id)
            .join(User, User.id == Login.user_id)
            .where(RefreshToken.digest == digest)
        ).one_or_none()
        if row is None:
            raise RefusedError("unknown")
        login, expires_at, is_active = row
        if login.revoked_at is not None or not is_active:
            raise RefusedError("revoked", login.id)
        if now >= min(expires_at, login.ends_at):
            raise RefusedError("expired", login.id)
        found: Login = login
        return found

    def _add_token(self, session: Session, login: Login, now: float) -> str:
        token = new_refresh_token()
        expires_at = min(now + self._settings.refresh_token_seconds, login.ends_at)
        session.add(RefreshToken(digest=digest_of(token), login_id=login.id, expires_at=expires_at))
        return token
