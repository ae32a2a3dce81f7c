"""The rule outer-join-undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, ResolvedColumn, resolve_columns
from backend_mentor.rules.conditions import COMPARISONS, conjuncts
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, status TEXT)"""


class OuterJoinUndone:
    """The WHERE drops the rows that the LEFT JOIN was there to keep.

    A row without a partner has NULL in all columns of the right side. A comparison with one of them is not true, so
    the row is gone: the join is an inner one after all.
    """

    name: ClassVar[str] = "outer-join-undone"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE o.status = 'open'",
            says="o.status = 'open' drops every row of the LEFT JOIN without a partner in orders",
            schema=_TABLES,
        ),
        Flags(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE o.status IS NOT NULL",
            says="drops every row of the LEFT JOIN without a partner in orders",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id AND o.status = 'open'",
            because="the condition stands in the ON",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE o.id IS NULL",
            because="that is how one asks for those without a partner",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE coalesce(o.status, "
            "'none') = 'none'",
            because="coalesce gives NULL a value",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name FROM accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE o.status = 'open' OR "
            "o.id IS NULL",
            because="the OR keeps the rows without a partner",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each condition of a WHERE that is not true for a row filled with NULLs."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            where = query.args.get("where")
            for condition in conjuncts(where.this if where else None):
                column = _rejected(condition, resolution)
                if column is None or column.source.join is None or column.source.join.side != "LEFT":
                    continue
                if column.correlated or column.source not in resolution.sources(query):
                    continue
                shown = excerpt(condition, subject.statement.dialect)
                yield report(
                    self,
                    place_in_text(subject, condition),
                    what=f"{shown} drops every row of the LEFT JOIN without a partner in {column.table.name}.",
                    why=f"Such a row has NULL in {column.column.name}, and a comparison with NULL is not true.",
                    instead="Move the condition into the ON where these rows are wanted; else write JOIN.",
                    evidence=(from_text(shown),),
                )


def _rejected(condition: exp.Expr, resolution: Resolution) -> ResolvedColumn | None:
    """Return the bare column of an outer join's right side that makes the condition unknown where it is NULL."""
    if isinstance(condition, (exp.NullSafeEQ, exp.NullSafeNEQ)):
        return None
    if isinstance(condition, exp.Not) and isinstance(condition.this, exp.Is):
        column = resolution.of(condition.this.this)
        return column if column is not None and column.source.optional else None
    if not isinstance(condition, (*COMPARISONS, exp.Like, exp.ILike, exp.In, exp.Between)):
        return None
    for side in (condition.this, condition.args.get("expression")):
        column = resolution.of(side)
        if column is not None and column.source.optional:
            return column
    return None
