"""The rule check-fails-open."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import functions, is_true, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ANY = frozenset({"", "Exception", "BaseException"})
_ASKS = frozenset({"is", "has", "can", "check", "verify", "may", "validate", "allow", "allows", "require"})
_RIGHTS = frozenset(
    {"allowed", "permitted", "permission", "permissions", "authorized", "authorised", "authenticated", "access",
     "admin", "token", "signature", "role", "owner", "credentials", "password", "auth"}
)  # fmt: skip

# Where yes means that the caller is refused, the code mostly says so.
_FAILS_CLOSED = re.compile(r"fail(?:s|ing|ed)?[ -]closed", re.IGNORECASE)


class CheckFailsOpen:
    """When the check of rights fails, the request goes on.

    Whoever makes it fail is let in.
    """

    name: ClassVar[str] = "check-fails-open"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def is_allowed(user, order):
                try:
                    return permissions.check(user, order)
                except Exception:
                    return True
            """,
            says="is_allowed says yes when its check fails",
        ),
        PassesCode(
            """
            def is_allowed(user, order):
                try:
                    return permissions.check(user, order)
                except Exception:
                    logger.exception("no answer")
                    return False
            """,
            because="it says no",
        ),
        PassesCode(
            """
            def has_cache():
                try:
                    return cache.ping()
                except Exception:
                    return True
            """,
            because="it is no check of rights",
        ),
        PassesCode(
            """
            def is_revoked_token(session, token):
                try:
                    return session.get(Revoked, token) is not None
                except Exception:
                    logger.warning("not known, failing closed")
                    return True
            """,
            because="yes refuses the caller here",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `return True` in a clause for any exception of a function named as a check of rights."""
        for function in functions(source.tree):
            words = words_of(function.name)
            if not _ASKS & set(words) or not _RIGHTS & set(words):
                continue
            for clause in own_nodes(function):
                if not isinstance(clause, ast.ExceptHandler) or last_name(clause.type) not in _ANY:
                    continue
                answer = next(
                    (each for each in clause.body if isinstance(each, ast.Return) and is_true(each.value)), None
                )
                if answer is not None and not _FAILS_CLOSED.search(source.code_of(clause)):
                    yield report(
                        self,
                        source,
                        answer,
                        what=f"{function.name} says yes when its check fails.",
                        why="Whoever makes the check fail, by a broken token or a busy database, is let in (CWE-636).",
                        instead="Answer False, or let the exception go on: an error has to refuse.",
                    )
