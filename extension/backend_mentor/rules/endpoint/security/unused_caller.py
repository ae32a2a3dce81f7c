"""The rule unused-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class UnusedCaller:
    """A handler asks who is calling and never reads the answer.

    Whoever changes it next takes the parameter for a left-over, and removes the check with it.
    """

    name: ClassVar[str] = "unused-caller"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/prices")
            def prices(user=Depends(get_current_user)):
                return PRICES
            """,
            says="prices asks for user and never reads it",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/prices", dependencies=[Depends(get_current_user)])
            def prices():
                return PRICES
            """,
            because="it is plain that it only checks",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/prices")
            def prices(_user=Depends(get_current_user)):
                return PRICES
            """,
            because="the underscore says so",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/orders/{order_id}")
            def order(order_id: int, user=Depends(get_current_user), session=Depends(get_session)):
                return session.get(Order, order_id)
            """,
            because="owner-not-checked says more of it",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/policies")
            @alerting
            def policy(name: str, user=Depends(current_user)):
                return create(name)
            """,
            because="what is wrapped around it can read the parameter",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first such parameter of FastAPI's handlers without a key in their path, and how many more."""
        found = []
        for handler in source.handlers:
            if (
                handler.node is None
                or handler.parameters_of(ParameterKind.PATH)
                or handler.kind is not HandlerKind.ROUTE
                or len(handler.decorators) > 1
            ):
                continue
            read = {node.id for node in walk(handler.node) if isinstance(node, ast.Name)}
            for each in handler.parameters_of(ParameterKind.DEPENDENCY):
                is_user = {"user", "principal", "account"} & set(words_of(each.name))
                if is_user and not each.name.startswith("_") and each.name not in read and each.node is not None:
                    found.append((handler, each))
        for handler, each in found[:1]:
            more = f", and {len(found) - 1} more without a key in their path do the same" if len(found) > 1 else ""
            yield report(
                self,
                source,
                each.node or source.tree,
                what=f"{handler.name} asks for {each.name} and never reads it{more}.",
                why="The check hangs on a parameter that looks like a left-over (OWASP API5:2023).",
                instead=f"Move it to the decorator: `dependencies=[Depends({each.provider})]`.",
            )
