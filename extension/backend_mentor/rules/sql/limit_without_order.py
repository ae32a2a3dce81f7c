"""The rule limit-without-order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.aggregates import gives_one_row
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.conditions import is_constant, query_conditions
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT)"


class LimitWithoutOrder:
    """A LIMIT without ORDER BY returns rows of the engine's choice.

    Which rows come first depends on the plan, and the plan changes with the data, an index or a version. To look at a
    few rows that does not matter; in a program it does.
    """

    name: ClassVar[str] = "limit-without-order"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE status = 'open' LIMIT 20",
            says="which 20 rows come back is left to the engine",
            schema=_TABLES,
        ),
        Passes("SELECT * FROM orders ORDER BY id LIMIT 20", because="it is ordered", schema=_TABLES),
        Flags(
            "SELECT id, (SELECT count(*) FROM orders) FROM orders LIMIT 20",
            says="which 20 rows come back",
            schema=_TABLES,
        ),
        Passes("SELECT count(*) FROM orders LIMIT 1", because="there is only one row", schema=_TABLES),
        Passes("SELECT * FROM orders WHERE id = 7 LIMIT 1", because="the key names one row", schema=_TABLES),
        Passes("SELECT EXISTS (SELECT 1 FROM orders LIMIT 1)", because="EXISTS asks for any row", schema=_TABLES),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the outermost query where it has a LIMIT and no order, and can have many rows."""
        query = subject.statement.tree
        limit = query.args.get("limit")
        if not isinstance(query, (exp.Select, exp.SetOperation)) or limit is None or query.args.get("order"):
            return
        amount = limit.args.get("expression")
        if amount is None or amount.name == "0" or _is_one_row(query, subject):
            return
        yield report(
            self,
            place_in_text(subject, limit),
            what=f"In this query which {_rows_named(amount)} back is left to the engine.",
            why="Without ORDER BY the plan decides, and it changes with the data and the version.",
            instead="Add an ORDER BY that ends in a unique column; leave it where any rows will do.",
            evidence=(from_text(excerpt(limit, subject.statement.dialect)),),
        )


def _is_one_row(query: exp.Expr, subject: Subject) -> bool:
    if not isinstance(query, exp.Select) or query.args.get("from_") is None:
        return True
    if gives_one_row(query):
        return True
    resolution = resolve_columns(query, subject.schema)
    fixed = {
        column.column.name.lower()
        for condition in query_conditions(query)
        if isinstance(condition, exp.EQ) and (is_constant(condition.expression) or is_constant(condition.this))
        for column in resolution.columns_within(condition)
    }
    tables = [source.table for source in resolution.sources(query)]
    return (
        len(tables) == 1
        and tables[0] is not None
        and any({name.lower() for name in key} <= fixed for key in tables[0].unique_keys())
    )


def _rows_named(amount: exp.Expr) -> str:
    return "row comes" if amount.name == "1" else f"{amount.name or 'first'} rows come"
