"""The rule sync-session-in-async."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import own_calls, own_nodes, root_name
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SyncSessionInAsync:
    """A synchronous database session is used in an `async def`.

    Each statement stops the event loop, and with it each other request of the process.
    """

    name: ClassVar[str] = "sync-session-in-async"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from sqlalchemy.orm import Session
            app = FastAPI()
            @app.get("/items")
            async def items(session: Session = Depends(get_session)):
                return session.scalars(select(Item)).all()
            """,
            says="items asks the database through the synchronous session",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from sqlalchemy.orm import Session
            app = FastAPI()
            @app.get("/items")
            def items(session: Session = Depends(get_session)):
                return session.scalars(select(Item)).all()
            """,
            because="a plain function runs in a thread",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            async def items(session: AsyncSession = Depends(get_session)):
                return (await session.scalars(select(Item))).all()
            """,
            because="this session is asynchronous",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first statement of each async handler on a parameter that is typed as a plain Session."""
        for handler in source.handlers:
            if not isinstance(handler.node, ast.AsyncFunctionDef):
                continue
            plain = {
                each.name
                for each in handler.parameters
                if each.type in ("Session", "orm.Session", "sqlalchemy.orm.Session")
            }
            awaited = {id(node.value) for node in own_nodes(handler.node) if isinstance(node, ast.Await)}
            call = next(
                (
                    each
                    for each in own_calls(handler.node)
                    if asks_database(each) and id(each) not in awaited and root_name(each) in plain
                ),
                None,
            )
            if call is not None:
                waits = any(
                    isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in own_nodes(handler.node)
                )
                yield report(
                    self,
                    source,
                    call,
                    what=f"{handler.name} asks the database through the synchronous session {root_name(call)}.",
                    why="While the database works, the event loop stands still and with it each other request.",
                    instead="Use AsyncSession, or move the database work into a plain function that "
                    "`run_in_threadpool` calls."
                    if waits
                    else f"Take `async` off: as `def {handler.name}` it runs in a thread.",
                )
