"""The rule create-answers-200."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, last_name, own_calls, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_STORES = frozenset({"add", "create", "save"})


class CreateAnswers200:
    """A POST that makes something answers 200.

    A client can not tell made from found, and gets no address of what it has made.
    """

    name: ClassVar[str] = "create-answers-200"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(body: OrderIn, session=Depends(get_session)):
                order = Order(total=body.total)
                session.add(order)
                session.commit()
                return order
            """,
            says="POST /orders makes one Order and answers 200",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders", status_code=201)
            def add(body: OrderIn, session=Depends(get_session)):
                order = Order(total=body.total)
                session.add(order)
                session.commit()
                return order
            """,
            because="it answers 201",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/login")
            def login(session=Depends(get_session)):
                session.add(Login())
                return {"token": token()}
            """,
            because="what it answers is not what it has stored",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each POST of FastAPI that returns the very object which it has made and added, with no status."""
        if source.framework != "FastAPI":
            return
        for handler in source.handlers:
            if handler.node is None or handler.methods != ("POST",) or handler.status_code is not None:
                continue
            if "status_code" in source.code_of(handler.node):
                continue
            made = {
                name: dotted(node.value.func)
                for node in own_nodes(handler.node)
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and dotted(node.value.func)[:1].isupper()
                and dotted(node.value.func).isidentifier()
                for name in targets(node)
            }
            added = {
                each.args[0].id
                for each in own_calls(handler.node)
                if last_name(each) in _STORES and each.args and isinstance(each.args[0], ast.Name)
            }
            for node in own_nodes(handler.node):
                name = node.value.id if isinstance(node, ast.Return) and isinstance(node.value, ast.Name) else ""
                if name in added and name in made:
                    yield report(
                        self,
                        source,
                        handler.node,
                        what=f"POST {handler.route} makes one {made[name]} and answers 200.",
                        why="201 with a Location header tells a client that it is new, and where it is (RFC 9110).",
                        instead='Write `status_code=201` into the decorator, and set `response.headers["Location"]`.',
                    )
                    break
