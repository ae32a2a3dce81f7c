"""The rule check-after-write."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import is_open_on_purpose
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FORBIDDEN = 403


class CheckAfterWrite:
    """The handler writes first, and then checks whether it may.

    What is committed stays, whatever the answer is.
    """

    name: ClassVar[str] = "check-after-write"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.delete("/orders/{key}")
            def remove(key: int, user=Depends(get_current_user), session=Depends(get_session)):
                session.delete(session.get(Order, key))
                session.commit()
                if user.role != "admin":
                    raise HTTPException(status_code=403)
            """,
            says="remove answers 403 after it has committed",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.delete("/orders/{key}")
            def remove(key: int, user=Depends(get_current_user), session=Depends(get_session)):
                if user.role != "admin":
                    raise HTTPException(status_code=403)
                session.delete(session.get(Order, key))
                session.commit()
            """,
            because="it checks first",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/login")
            def login(name: str, session=Depends(get_session)):
                session.add(Attempt(name=name))
                session.commit()
                raise HTTPException(status_code=401)
            """,
            because="a failed login is written down on purpose",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer of 403 below a test of rights that follows a commit in the same block."""
        for handler in source.handlers:
            if handler.node is None or is_open_on_purpose(handler):
                continue
            committed = False
            for statement in handler.node.body:
                if committed and isinstance(statement, ast.If):
                    raised = [
                        each
                        for each in handler.raises
                        if each.status == _FORBIDDEN
                        and not each.caught
                        and source.span_of(statement).start <= each.span.start < source.span_of(statement).end
                    ]
                    if raised:
                        yield report(
                            self,
                            source,
                            statement,
                            what=f"{handler.name} answers 403 after it has committed.",
                            why="The caller is told no, and it has been done (OWASP API5:2023).",
                            instead="Check before the first write.",
                        )
                        break
                committed = committed or any(
                    last_name(call) == "commit" for call in calls(statement) if isinstance(statement, ast.Expr)
                )
