"""The question status-set-freely."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import dotted, own_nodes
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_READS = re.compile(
    r"\bif\b[^\n]*status|\bif\b[^\n]*state|match [^\n]*status|TRANSITIONS|transition|allowed", re.IGNORECASE
)


class StatusSetFreely:
    """May an object go from any state to any other?

    A caller who sets the state can pay a cancelled order or reopen a closed one.
    """

    name: ClassVar[str] = "status-set-freely"
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.patch("/orders/{key}")
            def change(key: int, body: OrderPatch, session=Depends(get_session)):
                order = session.get(Order, key)
                order.status = body.status
                session.commit()
            """,
            says="May order go from any status to any other?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.patch("/orders/{key}")
            def change(key: int, body: OrderPatch, session=Depends(get_session)):
                order = session.get(Order, key)
                if body.status not in NEXT[order.status]:
                    raise HTTPException(409)
                order.status = body.status
            """,
            because="the way from one to the other is checked",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders/{key}/cancel")
            def cancel(key: int, session=Depends(get_session)):
                order = session.get(Order, key)
                order.status = "cancelled"
            """,
            because="the caller does not choose it",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each handler that writes a status from the body into an object, with no condition on any status."""
        for handler in source.handlers:
            if handler.node is None or _READS.search(source.code_of(handler.node)):
                continue
            bodies = {each.name for each in handler.parameters_of(ParameterKind.BODY, ParameterKind.UNKNOWN)}
            for node in own_nodes(handler.node):
                target = node.targets[0] if isinstance(node, ast.Assign) else None
                if not isinstance(target, ast.Attribute) or not isinstance(node, ast.Assign):
                    continue
                given = dotted(node.value)
                if (
                    target.attr in {"status", "state"}
                    and given.partition(".")[0] in bodies
                    and given.endswith(target.attr)
                ):
                    yield Question(
                        f"May {dotted(target.value)} go from any {target.attr} to any other?",
                        f"{handler.name} writes what the caller sends: he can pay what is cancelled and reopen what is "
                        "closed. Keep a dictionary of the steps that are allowed, and answer 409 to others.",
                        self.responsibility,
                    )
