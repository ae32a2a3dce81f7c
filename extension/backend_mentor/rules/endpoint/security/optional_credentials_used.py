"""The rule optional-credentials-used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import Function, is_false, keyword, last_name, names_in, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class OptionalCredentialsUsed:
    """Credentials that can be missing are used as if they were there.

    With `auto_error=False` the dependency gives None to whoever sends none, and lets the request through.
    """

    name: ClassVar[str] = "optional-credentials-used"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI
            from fastapi.security import HTTPBearer
            bearer = HTTPBearer(auto_error=False)
            app = FastAPI()
            @app.get("/orders")
            def orders(sent=Depends(bearer)):
                return find(sent.credentials)
            """,
            says="orders reads sent.credentials, and sent is None",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            from fastapi.security import HTTPBearer
            bearer = HTTPBearer(auto_error=False)
            app = FastAPI()
            @app.get("/orders")
            def orders(sent=Depends(bearer)):
                if sent is None:
                    raise HTTPException(401)
                return find(sent.credentials)
            """,
            because="None is answered",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            from fastapi.security import HTTPBearer
            bearer = HTTPBearer()
            app = FastAPI()
            @app.get("/orders")
            def orders(sent=Depends(bearer)):
                return find(sent.credentials)
            """,
            because="it answers 403 itself",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each attribute read of an optional scheme's value in a function that never tests it."""
        optional = {
            last_name(node.targets[0])
            for node in walk(source.tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and is_false(keyword(node.value, "auto_error"))
        }
        for handler in (*source.handlers, *source.functions):
            for each in handler.parameters_of(ParameterKind.DEPENDENCY):
                if handler.node is None or each.provider not in optional:
                    continue
                read = _first_read(handler.node, each.name)
                if read is not None:
                    yield report(
                        self,
                        source,
                        read,
                        what=f"{handler.name} reads {excerpt(read)}, and {each.name} is None for who sends nothing.",
                        why="`auto_error=False` lets every request through; this one fails with 500 instead of 401.",
                        instead=f"Test it first: `if {each.name} is None: raise HTTPException(401)`; or leave "
                        "auto_error as it is.",
                    )


def _first_read(function: Function, name: str) -> ast.AST | None:
    found: ast.AST | None = None
    for node in own_nodes(function):
        tested = (
            getattr(node, "test", None)
            if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert)
            else node
            if isinstance(node, ast.BoolOp | ast.Try)
            else None
        )
        if tested is not None and name in names_in(tested):
            return None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            found = found or node
    return found
