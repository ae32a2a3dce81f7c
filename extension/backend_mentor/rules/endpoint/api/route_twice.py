"""The rule route-twice."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, functions, walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RouteTwice:
    """Two handlers have the same method and path.

    The first one answers. The second is dead code that looks alive.
    """

    name: ClassVar[str] = "route-twice"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(): ...
            @app.get("/items")
            def all_items(): ...
            """,
            says="GET /items is answered by items",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(): ...
            @app.post("/items")
            def create(): ...
            """,
            because="the methods differ",
        ),
        PassesCode(
            """
            from flask import Blueprint
            def first(): ...
            def second(): ...
            class Fancy:
                def prepare(self, bp):
                    bp.add_url_rule("/new", view_func=first)
            class Plain:
                def prepare(self, bp):
                    bp.add_url_rule("/new", view_func=second)
            """,
            because="each class is given a blueprint of its own",
        ),
        PassesCode(
            """
            from litestar import Router, post
            @post("/{item_id:uuid}")
            async def rename(item_id: str) -> None: ...
            @post("/{item_id:uuid}")
            async def add_part(item_id: str) -> None: ...
            items = Router("/items", route_handlers=[rename])
            parts = Router("/parts", route_handlers=[add_part])
            """,
            because="each has a router of its own",
        ),
        FlagsCode(
            """
            from litestar import Router, post
            @post("/{item_id:uuid}")
            async def rename(item_id: str) -> None: ...
            @post("/{item_id:uuid}")
            async def add_part(item_id: str) -> None: ...
            items = Router("/items", route_handlers=[rename, add_part])
            """,
            says="is answered by rename",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each second handler of a method and path, of routers at the top level of the cell."""
        # What a function registers goes to the router that it is given, another one each time.
        insides = [source.span_of(function) for function in functions(source.tree)]
        bare = any(origin.startswith("litestar") for _, origin in source.imports)
        first: dict[tuple[str | None, str, str], str] = {}
        for handler in source.handlers:
            if handler.kind is not HandlerKind.ROUTE or handler.node not in source.tree.body:
                continue
            for route in handler.routes:
                if any(each.start <= route.span.start < each.end for each in insides):
                    continue
                for method in route.methods if route.path is not None else ():
                    key = (route.router, method, route.path or "")
                    other = first.setdefault(key, handler.name)
                    if bare and route.router is None and not _are_mounted_together(source, other, handler.name):
                        continue
                    if other != handler.name and handler.node is not None:
                        yield report(
                            self,
                            source,
                            handler.node,
                            what=f"{method} {route.path} is answered by {first[key]}, so {handler.name} never runs.",
                            why="The framework takes the first handler that fits and says nothing of the second.",
                            instead="Give one of them another path, or take it away.",
                        )


def _are_mounted_together(source: Source, first: str, second: str) -> bool:
    """Return whether one list of the cell gives both handlers to a router: Litestar's decorators name none."""
    lists = (each.elts for each in walk(source.tree) if isinstance(each, ast.List | ast.Tuple))
    return any({first, second} <= {dotted(each) for each in listed} for listed in lists)
