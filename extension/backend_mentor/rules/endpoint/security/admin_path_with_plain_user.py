"""The rule admin-path-with-plain-user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_PLAIN = re.compile(
    r"(?:get_)?(?:current_)?(?:active_)?user|require_(?:user|login|auth)|login_required|get_user", re.IGNORECASE
)
_RANK = re.compile(r"admin|role|superuser|staff|permission|scope|require|allowed|can_", re.IGNORECASE)
_STORES = re.compile(r"session|db|database|settings|pagination|cache|service|repo", re.IGNORECASE)


class AdminPathWithPlainUser:
    """A path for administrators asks only for some user.

    Each account that can log in can call it.
    """

    name: ClassVar[str] = "admin-path-with-plain-user"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.delete("/admin/users/{key}")
            def remove(key: int, user=Depends(get_current_user)):
                drop(key)
            """,
            says="DELETE /admin/users/{key} asks get_current_user alone",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.delete("/admin/users/{key}")
            def remove(key: int, user=Depends(get_current_admin)):
                drop(key)
            """,
            because="the dependency asks for an administrator",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.delete("/admin/users/{key}")
            def remove(key: int, user=Depends(get_current_user)):
                if not user.is_admin:
                    raise HTTPException(403)
                drop(key)
            """,
            because="the handler asks itself",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each handler below /admin whose only guard gives a plain user, and that asks no rank itself."""
        for handler in source.handlers:
            if handler.node is None or "/admin" not in (handler.route or ""):
                continue
            plain = [each for each in handler.guards if _PLAIN.fullmatch(each.rpartition(".")[2])]
            if (
                not plain
                or len(plain) != len(handler.guards)
                or len(handler.dependencies) != _with_sessions(handler, plain)
            ):
                continue
            if not _RANK.search(source.code_of(handler.node).replace(handler.route or "", "")):
                yield report(
                    self,
                    source,
                    handler.node,
                    what=f"{next(iter(handler.methods), 'GET')} {handler.route} asks {plain[0]} alone.",
                    why="Each account that can log in can call it (OWASP API5:2023).",
                    instead="Depend on a function that answers 403 to all but administrators, best on the router.",
                )


def _with_sessions(handler: Handler, plain: list[str]) -> int:
    others = [each for each in handler.dependencies if _STORES.search(each)]
    return len(others) + len(plain)
