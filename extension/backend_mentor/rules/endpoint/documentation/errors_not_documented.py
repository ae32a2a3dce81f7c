"""The rule errors-not-documented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import is_documented
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_MOST_NAMES = 5


class ErrorsNotDocumented:
    """A handler answers errors that its documentation does not list.

    Clients are written by the documentation, and meet the error in production.
    """

    name: ClassVar[str] = "errors-not-documented"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DOCUMENTATION
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int):
                raise HTTPException(status_code=404, detail="No such order.")
            """,
            says="GET /orders/{key} does not list 404 in `responses`",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int):
                raise HTTPException(status_code=404, detail="No such order.")
            @app.get("/lines/{key}")
            def line(key: int):
                raise HTTPException(status_code=404, detail="No such line.")
            """,
            says="does not list 404 in `responses`; nor are listed line (404)",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.post("/orders")
            def order(order: Order):
                raise HTTPException(status_code=422, detail="An order has lines.")
            """,
            because="FastAPI lists 422 itself",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/orders/{key}", responses={404: {"description": "No such order."}})
            def order(key: int):
                raise HTTPException(status_code=404, detail="No such order.")
            """,
            because="it is listed",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/orders/{key}", include_in_schema=False)
            def order(key: int):
                raise HTTPException(status_code=404, detail="No such order.")
            """,
            because="it is in no documentation",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/shop", response_class=HTMLResponse)
            def shop():
                raise HTTPException(status_code=404, detail="The shop is closed.")
            """,
            because="it is a page, which no client is generated for",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first handler of FastAPI whose own HTTPExceptions are not in `responses`, and name the others."""
        if source.framework != "FastAPI" or re.search(
            r"(?:APIRouter|FastAPI|include_router)\([^)]*responses=", source.text
        ):
            return
        found = []
        for handler in source.handlers:
            if handler.kind is not HandlerKind.ROUTE or not is_documented(handler):
                continue
            decorators = " ".join(handler.decorators)
            if "responses" in decorators or "include_in_schema=False" in decorators:
                continue
            # FastAPI lists 422 itself, and 500 is what any operation can answer.
            statuses = sorted(
                {each.status for each in handler.raises if each.status not in (None, 422, 500) and not each.caught}
            )
            if statuses:
                found.append((handler, statuses))
        for handler, statuses in found[:1]:
            more = f"; nor are listed {_named(found[1:])}" if len(found) > 1 else ""
            yield report(
                self,
                source,
                handler.node or source.tree,
                what=f"{next(iter(handler.methods), 'GET')} {handler.route} does not list "
                f"{' and '.join(map(str, statuses))} in `responses`{more}.",
                why="The OpenAPI document is made from it: who reads the interface there, or generates a client of "
                "it, learns of no such answer.",
                instead=f'Add `responses={{{statuses[0]}: {{"description": "…"}}}}` to the decorator, or to the router '
                "for all.",
            )


def _named(found: list[tuple[Handler, list[int]]]) -> str:
    """Return the handlers by name with what they answer, and those beyond the fifth counted."""
    names = [f"{handler.name.rpartition('.')[2]} ({', '.join(map(str, statuses))})" for handler, statuses in found]
    if len(names) > _MOST_NAMES:
        left = len(names) - _MOST_NAMES
        names[_MOST_NAMES:] = [f"{left} {'other' if left == 1 else 'others'}"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
