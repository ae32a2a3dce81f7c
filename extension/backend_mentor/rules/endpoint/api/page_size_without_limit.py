"""The rule page-size-without-limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.page_sizes import Fate, fate_of, page_sizes
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PageSizeWithoutLimit:
    """The caller says how many rows the statement returns, and nothing on its way there limits it.

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
            def items(limit: int = 20):
                return session.scalars(select(Item).limit(limit)).all()
            """,
            says="limit of GET /items reaches the statement without an upper bound",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return rows(connection, limit)
            def rows(connection, most):
                return connection.execute("SELECT * FROM items LIMIT ?", (most,)).fetchall()
            """,
            says="limit of GET /items reaches the statement without an upper bound",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Query
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = Query(20, ge=1, le=100)):
                return session.scalars(select(Item).limit(limit)).all()
            """,
            because="100 is the most",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return session.scalars(select(Item).limit(min(limit, 100))).all()
            """,
            because="the handler bounds it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return store.search(limit)
            """,
            because="the store can bound it, which the cell does not show: that is a question",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return rows(limit)
            def rows(most):
                if most > 100:
                    raise ValueError(most)
                return session.scalars(select(Item).limit(most)).all()
            """,
            because="the function that it is given to bounds it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/leaders")
            def leaders(limit: int = 20):
                return totals_of_all()[:limit]
            """,
            because="it cuts a list that is whole already",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = page_size()):
                return session.scalars(select(Item).limit(limit)).all()
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
                return session.scalars(select(Page).limit(limit)).all()
            """,
            because="the declaration that it shares has a bound",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each integer of the query by such a name that reaches a statement's limit as it came."""
        for handler, name, node in page_sizes(source):
            if handler.node is None or fate_of(source, handler.node, node) is not Fate.LIMITS_STATEMENT:
                continue
            yield report(
                self,
                source,
                node,
                what=f"{name} of {handler.methods[0] if handler.methods else ''} {handler.route} "
                "reaches the statement without an upper bound.",
                why="One request can ask for each row of the table, and hold memory and a connection for it "
                "(OWASP API4:2023).",
                instead=f"Bound it: `{name}: Annotated[int, Query(ge=1, le=100)] = 20`.",
            )
