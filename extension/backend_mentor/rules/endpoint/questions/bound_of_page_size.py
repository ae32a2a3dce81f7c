"""The question bound-of-page-size."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import chain
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.page_sizes import Fate, fate_of, page_sizes, receiver_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class BoundOfPageSize:
    """Does what the handler calls bound the number of rows that callers ask for?

    When it does not, one request can ask for the whole table.
    """

    name: ClassVar[str] = "bound-of-page-size"
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return store.search(limit=limit)
            """,
            says="Does `store.search` bound the limit that callers of GET /items choose?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return store.search(limit=min(limit, 100))
            """,
            because="the handler bounds it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items(limit: int = 20):
                return session.scalars(select(Item).limit(limit)).all()
            """,
            because="the cell shows that nothing bounds it: that is a finding",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of the first number that leaves the cell as it came."""
        for handler, name, node in page_sizes(source):
            if handler.node is None or fate_of(source, handler.node, node) is not Fate.LEAVES_CELL:
                continue
            call = receiver_of(handler.node, name)
            if call is None:
                continue
            method = handler.methods[0] if handler.methods else ""
            yield Question(
                f"Does `{'.'.join(chain(call))}` bound the {name} that callers of {method} {handler.route} choose?",
                "Without a bound one request can ask for each row of the table (OWASP API4:2023). "
                f"`{name}: Annotated[int, Query(ge=1, le=100)] = 20` bounds it where callers can read it.",
                self.responsibility,
            )
            return
