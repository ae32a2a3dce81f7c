"""The rule correlated-subquery-in-select."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, ResolvedColumn, resolve_columns
from backend_mentor.rules.conditions import is_constant, is_led, query_conditions
from backend_mentor.rules.report import from_statistics, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.selectivity import kept_at_most
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# A thousand look-ups take about ten milliseconds; below that a join gains nothing that is seen.
_ROWS = 1_000
_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, amount INTEGER);
    INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT i
            FROM n"""


class CorrelatedSubqueryInSelect:
    """A subquery in the SELECT list runs once for each row.

    It is a loop written as a column. Where the rows around it are many, one grouped join does the same in one pass.
    """

    name: ClassVar[str] = "correlated-subquery-in-select"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT a.id, (SELECT sum(amount) FROM orders o WHERE o.account_id = a.id) FROM accounts a",
            says="a subquery on orders runs for each of 2,000 rows of accounts, and no index of orders begins with "
            "account_id",
            schema=_TABLES,
        ),
        Flags(
            "SELECT a.id, (SELECT sum(amount) FROM orders o WHERE o.account_id = a.id) FROM accounts a WHERE a.id < 9",
            says="runs for each of up to 2,000 rows of accounts",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.id, (SELECT sum(amount) FROM orders o WHERE o.account_id = a.id) FROM accounts a WHERE a.id = 7",
            because="one account is one run",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.id, (SELECT max(id) FROM orders) FROM accounts a",
            because="it does not depend on the row, so it runs once",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each correlated scalar subquery of a SELECT list over many rows."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            for inner in (each for part in query.expressions for each in part.find_all(exp.Subquery)):
                outer = {
                    column.source
                    for column in resolution.columns_within(inner)
                    if column.source in resolution.sources(query)
                }
                select = inner.this
                if not outer or not isinstance(select, exp.Select) or query.args.get("limit") is not None:
                    continue
                table = next(iter(outer)).table
                rows = kept_at_most(query_conditions(query), table) if table is not None else 0
                if table is None or rows < _ROWS or _is_one_row(query, resolution):
                    continue
                bound = "up to " if query.args.get("where") or len(resolution.sources(query)) > 1 else ""
                unled = _unled(select, resolution)
                names = listed(
                    dict.fromkeys(each.table.name if each.table else each.name for each in resolution.sources(select))
                    or ["no table"]
                )
                led = f", and no index of {unled.table.name} begins with {unled.column.name}" if unled else ""
                yield report(
                    self,
                    place_in_text(subject, inner),
                    what=f"In this query a subquery on {names} runs for each of {bound}{count(rows)} of "
                    f"{table.name}{led}.",
                    why="It depends on the row around it, so it can not be computed once.",
                    instead="Join a derived table that groups by the linking "
                    "column." + (f" At the least give {unled.column.name} an index." if unled else ""),
                    evidence=(from_statistics(f"{table.name} has {count(table.rows or 0)}"),),
                    severity=Severity.WARNING if led else None,
                )


def _unled(select: exp.Select, resolution: Resolution) -> ResolvedColumn | None:
    """Return a column that links the subquery to the row around it, where no such column leads an index."""
    inner = [column for column in resolution.columns_within(select) if column.source in resolution.sources(select)]
    linking = [column for column in inner if _is_linking(column, resolution)]
    led = any(is_led(column.table, column.column.name) for column in linking)
    return None if led or not linking else linking[0]


def _is_linking(column: ResolvedColumn, resolution: Resolution) -> bool:
    comparison = column.node.parent
    return isinstance(comparison, exp.EQ) and any(
        each.correlated or each.source is not column.source for each in resolution.columns_within(comparison)
    )


def _is_one_row(query: exp.Select, resolution: Resolution) -> bool:
    fixed = {
        column.column.name.lower()
        for condition in query_conditions(query)
        if isinstance(condition, exp.EQ) and (is_constant(condition.expression) or is_constant(condition.this))
        for column in resolution.columns_within(condition)
    }
    keys = [
        key for source in resolution.sources(query) if source.table is not None for key in source.table.unique_keys()
    ]
    return any({name.lower() for name in key} <= fixed for key in keys)
