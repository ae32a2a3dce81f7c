"""Postgres: a comparison of a timestamp's date becomes one of the timestamp itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.dates import iso_date, next_day, next_month, next_year, range_for
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import Family, family
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.proposals.shapes import COMPARISONS, integer_of, sides, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEXT = {"DAY": next_day, "MONTH": next_month, "YEAR": next_year}


class TimestampDateToRange(Rewrite):
    """Compare the timestamp itself with a range instead of its date, its year or its truncated month.

    Valid for `timestamp without time zone` alone: the date of a `timestamptz` depends on the session's time zone.
    The truncated value has to be the start of its period, since nothing else is ever equal to it.
    """

    name: ClassVar[str] = "timestamp-date-to-range"
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "The period is exactly the half-open range from its first instant to the next period's, so the same rows stay; "
        "an index on the column can find them, and the planner's statistics of the column apply."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "none in the database; the range takes a second bound to write",
        "the column is to become timestamptz: then the range has to name its time zone",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE placed_at::date = '2026-03-02'",
            "SELECT id FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-03'",
            POSTGRES,
            engine="postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE date(placed_at) > DATE '2026-03-02'",
            "SELECT id FROM orders WHERE placed_at >= '2026-03-03'",
            POSTGRES,
            engine="postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE extract(year FROM placed_at) = 2026",
            "SELECT id FROM orders WHERE placed_at >= '2026-01-01' AND placed_at < '2027-01-01'",
            POSTGRES,
            engine="postgres",
        ),
        Becomes(
            "SELECT id FROM orders WHERE date_trunc('month', placed_at) = '2026-03-01'",
            "SELECT id FROM orders WHERE placed_at >= '2026-03-01' AND placed_at < '2026-04-01'",
            POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT page FROM visits WHERE seen_at::date = '2026-03-02'",
            because="the date of a timestamptz depends on the session's time zone",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE date_trunc('month', placed_at) = '2026-03-02'",
            because="no truncated month is the second of March, so the comparison is never true",
            schema=POSTGRES,
            engine="postgres",
        ),
        Refuses(
            "SELECT id FROM orders WHERE extract(month FROM placed_at) = 3",
            because="March of every year is no single range",
            schema=POSTGRES,
            engine="postgres",
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, COMPARISONS, _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for column, operator, start, end in _periods(node):
        resolved = draft.columns.of(column)
        if resolved is None or family(draft, resolved.column) is not Family.TIMESTAMP:
            continue
        condition = range_for(operator, column, start, end)
        if condition is not None:
            written = f"{resolved.table.name}.{resolved.column.name}"
            ground = Condition(f"the date of {written} does not depend on a time zone", resolved.column.type)
            return Replacement(condition, f"Compare {resolved.column.name} itself with a range of days", (ground,))
    return None


def _periods(node: exp.Expr) -> Iterator[tuple[exp.Column, type[exp.Expr], date, date]]:
    for side, operator, other in sides(node):
        if isinstance(side, exp.Extract):
            year = integer_of(other)
            column = side.expression
            if side.name.upper() == "YEAR" and isinstance(column, exp.Column) and year and 1 <= year <= 9998:
                yield column, operator, date(year, 1, 1), date(year + 1, 1, 1)
            continue
        found = _truncated(side)
        start = iso_date(text_of(_bare(other)))
        if found is None or start is None:
            continue
        column, unit = found
        first = {"DAY": start, "MONTH": start.replace(day=1), "YEAR": start.replace(month=1, day=1)}[unit]
        end = _NEXT[unit](start)
        if first == start and end is not None:
            yield column, operator, start, end


def _truncated(node: exp.Expr) -> tuple[exp.Column, str] | None:
    if isinstance(node, exp.TimestampTrunc):
        unit = str(node.args["unit"].name).upper()
        plain = isinstance(node.this, exp.Column) and unit in _NEXT and not node.args.get("zone")
        return (node.this, unit) if plain else None
    dated = isinstance(node, exp.Date) and not node.args.get("zone") and not node.args.get("expressions")
    cast = isinstance(node, exp.Cast) and node.to.is_type(exp.DType.DATE)
    if (dated or cast) and isinstance(node.this, exp.Column):
        return node.this, "DAY"
    return None


def _bare(node: exp.Expr) -> exp.Expr:
    """Return the literal within DATE '…' or '…'::timestamp."""
    if isinstance(node, exp.Cast) and node.to.is_type(exp.DType.DATE, exp.DType.TIMESTAMP):
        inner: exp.Expr = node.this
        return inner
    return node
