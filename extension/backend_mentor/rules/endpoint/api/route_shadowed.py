"""The rule route-shadowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Route, Source
    from backend_mentor.domain.finding import Finding


class RouteShadowed:
    """A route is never reached: an earlier one takes its requests.

    Routes are tried from the top. `/users/{key}` takes `/users/me` too, and answers 422.
    """

    name: ClassVar[str] = "route-shadowed"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users/{key}")
            def user(key: int): ...
            @app.get("/users/me")
            def me(): ...
            """,
            says="GET /users/me is answered by user",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users/me")
            def me(): ...
            @app.get("/users/{key}")
            def user(key: int): ...
            """,
            because="the exact path comes first",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.get("/users/<key>")
            def user(key): ...
            @app.get("/users/me")
            def me(): ...
            """,
            because="Flask tries the exact path first",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users/{key:int}")
            def user(key: int): ...
            @app.get("/users/me")
            def me(): ...
            """,
            because="the converter refuses `me`",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each route with a literal where an earlier one of its router and method has a parameter."""
        if source.framework not in ("FastAPI", "Starlette"):
            return
        seen: list[tuple[Handler, Route]] = []
        for handler in source.handlers:
            for route in handler.routes if handler.kind is HandlerKind.ROUTE else ():
                first = next((each for each in seen if _takes(each[1], route)), None)
                seen.append((handler, route))
                if first is not None and handler.node is not None:
                    yield report(
                        self,
                        source,
                        handler.node,
                        what=f"{route.methods[0]} {route.path} is answered by {first[0].name}, which stands above.",
                        why=f"Routes are tried from the top, and {first[1].path} matches it: "
                        f"{handler.name} never runs.",
                        instead=f"Move {handler.name} above {first[0].name}.",
                    )


def _takes(earlier: Route, later: Route) -> bool:
    if earlier.path is None or later.path is None or earlier.router != later.router:
        return False
    if not set(later.methods) or not set(later.methods) <= set(earlier.methods):
        return False
    ours, theirs = later.path.split("/"), earlier.path.split("/")
    if len(ours) != len(theirs) or ours == theirs or not all(each for each in ours[1:]):
        return False
    pairs = list(zip(ours, theirs, strict=True))
    plain = re.compile(r"\{\w+(:str)?\}")
    return all(one == other or (bool(plain.fullmatch(other)) and "{" not in one) for one, other in pairs)
