"""SQLite: a comparison of date(column) becomes one of the column itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.schema import quote
from backend_mentor.domain.subject import Fact, Gate
from backend_mentor.proposals.dates import iso_date, next_day, next_month, next_year, range_for
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.preconditions import plain_collation
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import SQLITE
from backend_mentor.proposals.shapes import COMPARISONS, integer_of, sides, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.subject import Subject
    from backend_mentor.reading.resolve import ResolvedColumn

# The part of YYYY-MM-DD that a strftime format takes from the left, and where its periods end.
_FORMATS = {"%Y": "year", "%Y-%m": "month", "%Y-%m-%d": "day"}
_NEXT = {"day": next_day, "month": next_month, "year": next_year}
_FACT = Fact(
    "orders",
    "typeof(placed_at) IN ('text', 'null') AND date(placed_at) IS substr(placed_at, 1, 10)",
    "placed_at begins with its own date, YYYY-MM-DD, in all rows of orders",
)


class DateTextToRange(Rewrite):
    """Compare the column itself with a range of days instead of date(column) or strftime('%Y…', column).

    Valid where every value of the column is text that begins with the very date that date() reads in it. Then the
    text's order is the calendar's, to the day. A number (Julian or Unix time), a bare time of day, `now`, a day that
    does not exist (`2026-02-31`) and a zone offset that moves the date all break this, so the database is asked.
    """

    name: ClassVar[str] = "date-text-to-range"
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    answers: ClassVar[tuple[str, ...]] = ("function-on-column", "full-scan-discards-rows")
    reason: ClassVar[str] = (
        "Text that begins with YYYY-MM-DD sorts as the calendar does, so the range keeps the same rows; "
        "an index on the column can find them, and no function is computed for each row."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "none in the database; the range takes a second bound to write",
        "the column ever holds numbers, times with a zone offset that moves the date, or days that do not exist",
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM orders WHERE date(placed_at) = '2026-03-02'",
            "SELECT id FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-03'",
            SQLITE,
            facts=(_FACT,),
        ),
        Becomes(
            "SELECT id FROM orders WHERE NOT strftime('%Y-%m', placed_at) = '2026-12' OR total > 3",
            "SELECT id FROM orders WHERE NOT (placed_at >= '2026-12-01' AND placed_at < '2027-01-01') OR total > 3",
            SQLITE,
            facts=(_FACT,),
        ),
        Becomes(
            "SELECT id FROM orders o WHERE CAST(strftime('%Y', o.placed_at) AS INTEGER) <= 2025",
            "SELECT id FROM orders o WHERE o.placed_at < '2026-01-01'",
            SQLITE,
            facts=(_FACT,),
        ),
        Becomes(
            "SELECT id FROM orders WHERE date(placed_at) BETWEEN '2026-03-02' AND '2026-03-04'",
            "SELECT id FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-05'",
            SQLITE,
            facts=(_FACT,),
        ),
        Refuses(
            "SELECT id FROM orders WHERE date(placed_at) = '2026-03-02'",
            because="nothing says that placed_at holds text that begins with its date",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT id FROM orders WHERE date(placed_at) = '2026-3-2'",
            because="date() never writes a month with one digit, so the comparison is never true",
            schema=SQLITE,
            facts=(_FACT,),
        ),
        Refuses(
            "SELECT id FROM orders WHERE date(placed_at, '+1 month') = '2026-03-02'",
            because="a modifier moves the date",
            schema=SQLITE,
            facts=(_FACT,),
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield the question whether the compared columns hold ISO dates."""
        draft = Draft.of(subject)
        for node in draft.tree.find_all(*COMPARISONS, exp.Between):
            for inner in (node.this, node.expression):
                column = _column(inner)
                resolved = draft.columns.of(column[0]) if column else None
                if resolved is not None and plain_collation(draft, resolved):
                    yield _fact(resolved)

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one comparison."""
        return replace_first(draft, (*COMPARISONS, exp.Between), _replacement)


def _fact(column: ResolvedColumn) -> Fact:
    name = quote(column.column.name)
    return Fact(
        column.table.name,
        f"typeof({name}) IN ('text', 'null') AND date({name}) IS substr({name}, 1, 10)",
        f"{column.column.name} begins with its own date, YYYY-MM-DD, in all rows of {column.table.name}",
    )


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    for column, operator, start, end in _periods(node):
        resolved = draft.columns.of(column)
        if resolved is None or not plain_collation(draft, resolved):
            continue
        fact = _fact(resolved)
        condition = range_for(operator, column, start, end)
        if fact in draft.facts and condition is not None:
            title = f"Compare {resolved.column.name} itself with a range of days"
            return Replacement(condition, title, (Condition(fact.text, "true of all rows today"),))
    return None


def _periods(node: exp.Expr) -> Iterator[tuple[exp.Column, type[exp.Expr], date, date]]:
    if isinstance(node, exp.Between):
        found = _column(node.this)
        low, high = (iso_date(text_of(node.args[name])) for name in ("low", "high"))
        after = next_day(high) if high else None
        # An equality with the period from the first day to the last is just that range.
        if found and found[1] == "day" and low and after and low < after:
            yield found[0], exp.EQ, low, after
        return
    for side, operator, other in sides(node):
        found = _column(side)
        start = _start(found[1], other, number=found[2]) if found else None
        end = _NEXT[found[1]](start) if found and start else None
        if found and start and end:
            yield found[0], operator, start, end


def _column(node: exp.Expr | None) -> tuple[exp.Column, str, bool] | None:
    """Return the column inside date() or strftime(), the period that is compared, and whether as a number."""
    number = isinstance(node, exp.Cast) and node.to.is_type(exp.DType.INT, exp.DType.BIGINT)
    inner = node.this if number and node is not None else node
    if isinstance(inner, exp.Date) and isinstance(inner.this, exp.Column) and not number:
        given = [value for name, value in inner.args.items() if name != "this" and value]
        return None if given else (inner.this, "day", False)
    if isinstance(inner, exp.TimeToStr) and isinstance(inner.this, exp.TsOrDsToTimestamp):
        column, period = inner.this.this, _FORMATS.get(text_of(inner.args.get("format")) or "")
        if isinstance(column, exp.Column) and period and (period == "year" or not number):
            return column, period, number
    return None


def _start(period: str, value: exp.Expr, *, number: bool) -> date | None:
    if number:
        year = integer_of(value)
        return date(year, 1, 1) if year is not None and 1 <= year <= 9998 else None
    text = text_of(value) or ""
    return iso_date(text + {"day": "", "month": "-01", "year": "-01-01"}[period])
