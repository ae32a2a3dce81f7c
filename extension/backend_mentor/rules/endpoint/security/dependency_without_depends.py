"""The rule dependency-without-depends."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import defaults
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DependencyWithoutDepends:
    """A function stands as a parameter's default, without `Depends` around it.

    FastAPI never calls it: the guard does not run.
    """

    name: ClassVar[str] = "dependency-without-depends"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            def get_current_user(): ...
            @app.get("/orders")
            def orders(user=get_current_user): ...
            """,
            says="get_current_user never runs before orders",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            def get_current_user(): ...
            @app.get("/orders")
            def orders(user=Depends(get_current_user)): ...
            """,
            because="it is called for each request",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            DEFAULT = 20
            @app.get("/orders")
            def orders(limit: int = DEFAULT): ...
            """,
            because="a number is a default",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each parameter of a FastAPI handler whose default is the bare name of a function of the cell."""
        if source.framework != "FastAPI":
            return
        known = {each.name for each in source.functions}
        for handler in source.handlers:
            for name, value in defaults(handler.node).items() if handler.node else ():
                if isinstance(value, ast.Name) and value.id in known:
                    yield report(
                        self,
                        source,
                        value,
                        what=f"{value.id} never runs before {handler.name}: it is only the default of {name}.",
                        why="FastAPI calls what stands in Depends alone; everybody is let in (OWASP API5:2023).",
                        instead=f"Write `{name}=Depends({value.id})`.",
                    )
