"""The rule unbounded-answer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.fetches import assigned_once, read_fetch
from backend_mentor.reading.endpoints.tables import named_tables
from backend_mentor.rules.endpoint.code import own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_HARMLESS = frozenset({"order_by", "options", "all", "distinct", "select_related", "prefetch_related"})
# Tables that hold a handful of rows in any application.
_FEW = frozenset(
    {
        "country", "currency", "role", "permission", "setting", "settings", "language", "status", "category", "type",
        "kind", "plan", "config", "configuration", "feature", "flag", "timezone", "region",
    }
)  # fmt: skip


class UnboundedAnswer:
    """A route answers with each row of a table.

    Time and memory grow with the table, and there is a day on which one request takes the process down.
    """

    name: ClassVar[str] = "unbounded-answer"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from fastapi import FastAPI\nfrom sqlalchemy import select\napp = FastAPI()\n@app.get('/orders')\n"
            "def orders(session):\n    return session.scalars(select(Order)).all()\n",
            says="orders answers with each row of Order",
        ),
        FlagsCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/orders')\n"
            "def orders(db):\n    rows = db.query(Order).order_by(Order.id).all()\n    return rows\n",
            says="orders answers with each row of Order",
        ),
        PassesCode(
            "from fastapi import FastAPI\nfrom sqlalchemy import select\napp = FastAPI()\n@app.get('/orders')\n"
            "def orders(session):\n    return session.scalars(select(Order).limit(100)).all()\n",
            because="it has a limit",
        ),
        PassesCode(
            "from fastapi import FastAPI\nfrom sqlalchemy import select\napp = FastAPI()\n@app.get('/orders')\n"
            "def orders(session, me: int):\n"
            "    return session.scalars(select(Order).where(Order.customer_id == me)).all()\n",
            because="one customer's orders are another question",
        ),
        PassesCode(
            "from fastapi import FastAPI\nfrom sqlalchemy import select\napp = FastAPI()\n@app.get('/countries')\n"
            "def countries(session):\n    return session.scalars(select(Country)).all()\n",
            because="there are 250 countries, whatever the traffic",
        ),
        PassesCode(
            DJANGO_TABLES + "def unordered(request):\n    authors = Author.objects.all()\n    return authors\n",
            because="a view answers with a response: this one makes a query for a filter",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer of a route that is a query without condition and limit."""
        known = named_tables(source)
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE:
                continue
            values = assigned_once(handler.node)
            for node in own_nodes(handler.node):
                value = node.value if isinstance(node, ast.Return) else None
                fetch = read_fetch(source, value, values, known) if value is not None else None
                if fetch is not None and fetch.is_django and not handler.routes:
                    continue  # a Django view answers with a response: this one only makes the query
                if fetch is None or fetch.is_limited or not fetch.step_names <= _HARMLESS:
                    continue
                if not set(words_of(fetch.model)) & _FEW:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} answers with each row of {fetch.model}.",
                        why="Its time and its memory grow with the table, and no caller can ask for less.",
                        instead="Answer with a page: `limit` with an upper bound, ordered by the key, and the key "
                        "to go "
                        "on from.",
                    )
