"""The rule bare-column-in-group."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.aggregates import own_aggregates
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, status TEXT, amount INTEGER)"


class BareColumnInGroup:
    """A column is selected that is neither grouped nor aggregated.

    A group has many values of it, and SQLite returns one of them, whichever it met. PostgreSQL refuses such a query.
    """

    name: ClassVar[str] = "bare-column-in-group"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT account_id, status, sum(amount) FROM orders GROUP BY account_id",
            says="status is neither grouped nor aggregated",
            schema=_TABLES,
        ),
        Passes(
            "SELECT account_id, status, max(amount) FROM orders GROUP BY account_id",
            because="with a lone max SQLite takes the row that holds it, and says so in its documentation",
            schema=_TABLES,
        ),
        Passes(
            "SELECT id, status, count(*) FROM orders GROUP BY id",
            because="the key decides all other columns",
            schema=_TABLES,
        ),
        Passes(
            "SELECT account_id, status, count(*) FROM orders GROUP BY account_id, status",
            because="both are grouped",
            schema=_TABLES,
        ),
        Passes(
            "SELECT account_id, status, count(*) FROM orders GROUP BY 1, 2",
            because="both are grouped, by their place",
            schema=_TABLES,
        ),
        Passes(
            "SELECT o.status, (SELECT sum(p.amount) FROM orders p WHERE p.account_id = o.account_id) FROM orders o",
            because="the sum is taken in the subquery, and the query around it groups nothing",
            schema=_TABLES,
        ),
        Flags(
            "SELECT account_id, status, sum(count(*)) OVER () FROM orders GROUP BY account_id",
            says="status is neither grouped nor aggregated",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each bare column of a grouped query."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            group = query.args.get("group")
            aggregates = list(own_aggregates(query.expressions))
            if not aggregates or (len(aggregates) == 1 and isinstance(aggregates[0], (exp.Max, exp.Min))):
                continue
            keys = [_by_place(each, query) for each in group.expressions] if group is not None else []
            grouped = [column for key in keys for column in resolution.columns_within(key)]
            for projection in query.expressions:
                column = resolution.of(projection.unalias())
                if (
                    column is None
                    or projection.unalias() in keys
                    or column.correlated
                    or projection.alias in {key.name for key in keys}
                ):
                    continue
                names = {each.column.name.lower() for each in grouped if each.source is column.source}
                if column.column.name.lower() in names or any(
                    {name.lower() for name in key} <= names for key in column.table.unique_keys()
                ):
                    continue
                yield report(
                    self,
                    place_in_text(subject, projection),
                    what=f"The column {column.column.name} is neither grouped nor aggregated.",
                    why="Each group has many values of it; SQLite returns that of whichever row it met.",
                    instead=f"Group by {column.column.name} too, or say which value is meant: "
                    f"max({column.column.name}), min({column.column.name}).",
                    evidence=(from_text(excerpt(projection, subject.statement.dialect)),),
                )


def _by_place(key: exp.Expr, query: exp.Select) -> exp.Expr:
    if isinstance(key, exp.Literal) and not key.is_string and 0 < int(key.name) <= len(query.expressions):
        unaliased: exp.Expr = query.expressions[int(key.name) - 1].unalias()
        return unaliased
    return key
