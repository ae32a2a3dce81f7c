"""The rule distinct-hides-fan-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, Source, resolve_columns
from backend_mentor.rules.conditions import query_conditions
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, status TEXT)"""


class DistinctHidesFanOut:
    """A join repeats rows and DISTINCT takes them out again.

    The joined table is there as a condition only. EXISTS asks it directly: the first partner decides, no row is
    repeated, and nothing has to be sorted out.
    """

    name: ClassVar[str] = "distinct-hides-fan-out"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT DISTINCT a.id, a.name FROM accounts a JOIN orders o ON o.account_id = a.id WHERE o.status = 'open'",
            says="orders repeats rows that DISTINCT takes out again",
            schema=_TABLES,
        ),
        Passes(
            "SELECT DISTINCT a.name, o.status FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="columns of both tables are selected",
            schema=_TABLES,
        ),
        Passes(
            "SELECT DISTINCT o.status FROM orders o JOIN accounts a ON a.id = o.account_id",
            because="joined by its key, accounts repeats nothing",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each DISTINCT over an inner join with a table of which nothing is selected."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            if query.args.get("distinct") is None or query.args.get("group") or not resolution.resolves_all(query):
                continue
            if any(each.is_star for each in query.expressions) or query.find(exp.AggFunc, exp.Window):
                continue
            selected = {column.source for each in query.expressions for column in resolution.columns_within(each)}
            for source in resolution.sources(query):
                if source.table is None or source in selected or len(resolution.sources(query)) < 2 or source.optional:
                    continue
                if _is_keyed(source, query, resolution):
                    continue
                yield report(
                    self,
                    place_in_text(subject, source.node),
                    what=f"In this query {source.table.name} repeats rows that DISTINCT takes out again.",
                    why=f"Nothing of {source.table.name} is selected, and a row comes once for each partner in it.",
                    instead=f"Ask with EXISTS (SELECT 1 FROM {source.table.name} …) and leave DISTINCT out.",
                    evidence=(from_text(excerpt(query, subject.statement.dialect)),),
                )
                break


def _is_keyed(source: Source, query: exp.Select, resolution: Resolution) -> bool:
    equal = {
        column.column.name.lower()
        for condition in query_conditions(query)
        if isinstance(condition, exp.EQ)
        for column in (resolution.of(condition.this), resolution.of(condition.expression))
        if column is not None and column.source is source
    }
    return source.table is not None and any(
        {name.lower() for name in key} <= equal for key in source.table.unique_keys()
    )
