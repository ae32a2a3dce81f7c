"""The rule session-shared-by-requests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, last_name, own_nodes, parameters, targets
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SessionSharedByRequests:
    """All requests share one database session.

    It is made for one thread and one transaction: what one request has begun, another one commits.
    """

    name: ClassVar[str] = "session-shared-by-requests"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            session = SessionLocal()
            @app.get("/items")
            def items():
                return session.scalars(select(Item)).all()
            """,
            says="items uses the session `session` that is made once for the process",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            session = scoped_session(maker)
            @app.get("/items")
            def items():
                return session.scalars(select(Item)).all()
            """,
            because="a scoped session is one per thread",
        ),
        PassesCode(
            """
            session = SessionLocal()
            print(session.scalars(select(Item)).all())
            """,
            because="no request uses it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first use in each handler of a session that the top level of the cell makes."""
        made = {
            name
            for node in source.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and last_name(node.value) in {"SessionLocal", "Session", "AsyncSession"}
            and not full_name(source.tree, node.value.func).startswith(("requests", "aiohttp", "httpx"))
            for name in targets(node)
            if names_session(name)
        }
        for handler in source.handlers:
            if handler.node is None or made & {each.arg for each in parameters(handler.node)}:
                continue
            own = frozenset().union(*(targets(node) for node in own_nodes(handler.node)))
            used = next(
                (node for node in own_nodes(handler.node) if isinstance(node, ast.Name) and node.id in made - own), None
            )
            if used is not None:
                yield report(
                    self,
                    source,
                    used,
                    what=f"{handler.name} uses the session `{used.id}` that is made once for the process.",
                    why="Requests run side by side in it: one commits or rolls back what another has "
                    "begun, and an error "
                    "in one blocks all.",
                    instead="Open one for each request: a dependency with `with SessionLocal() as "
                    "session: yield session`.",
                )
