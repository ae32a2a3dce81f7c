"""The rule page-size-without-limit."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, defaults, last_name, names_in, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SIZES = frozenset({"limit", "page_size", "per_page", "size", "top", "first", "max_results"})


class PageSizeWithoutLimit:
    """The caller says how many rows he gets, and nothing limits it.

    One request can ask for the whole table.
    """

    name: ClassVar[str] = "page-size-without-limit"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20): ...
            """,
            says="limit of GET /items has no upper bound",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Query
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = Query(20, ge=1, le=100)): ...
            """,
            because="100 is the most",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return load(min(limit, 100))
            """,
            because="the handler bounds it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = page_size()): ...
            """,
            because="the bound can be in the function that declares it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Query
            app = FastAPI()
            Limit: int = Query(default=100, ge=1, lt=1000)
            @app.get("/pages")
            def pages(limit: int = Limit):
                return load(limit)
            """,
            because="the declaration that it shares has a bound",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each integer of the query by such a name that neither its declaration nor the handler compares."""
        if source.framework not in ("FastAPI", "Litestar"):
            return
        for handler in source.handlers:
            for each in handler.parameters_of(ParameterKind.QUERY):
                node = each.node
                if handler.node is None or node is None or each.name not in _SIZES:
                    continue
                if each.type not in ("int", "int | None") or _is_bounded(source, handler.node, node):
                    continue
                yield report(
                    self,
                    source,
                    node,
                    what=f"{each.name} of {handler.methods[0] if handler.methods else ''} "
                    f"{handler.route} has no upper bound.",
                    why="One request can ask for each row of the table, and hold memory and a connection for it "
                    "(OWASP API4:2023).",
                    instead=f"Bound it: `{each.name}: Annotated[int, Query(ge=1, le=100)] = 20`.",
                )


def _is_bounded(source: Source, function: Function, parameter: ast.arg) -> bool:
    """Return whether its declaration has an upper bound, or the function compares it with something."""
    parts = [parameter.annotation, defaults(function).get(parameter.arg)]
    # A declaration that several handlers share stands at the top level.
    shared = {each.id for each in parts if isinstance(each, ast.Name)}
    parts += [
        each.value
        for each in source.tree.body
        if isinstance(each, ast.Assign | ast.AnnAssign) and shared & targets(each)
    ]
    # A call of one's own (`limit: int = page_size()`) can hold a bound that the cell does not show.
    if any(isinstance(part, ast.Call) and last_name(part) not in {"Query", "Body", "Form"} for part in parts):
        return True
    if any(re.search(r"\b(le|lt)=", ast.unparse(part)) for part in parts if part is not None):
        return True
    return any(
        (isinstance(node, ast.Compare) or (isinstance(node, ast.Call) and last_name(node) in {"min", "clamp"}))
        and parameter.arg in names_in(node)
        for node in own_nodes(function)
    )
