"""Which column values bring an expression to a given value: the arithmetic around a column, undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.proofs.constants import add, constant
from backend_mentor.proofs.families import as_moment, is_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_MULTIPLES = 4


@dataclass(frozen=True, slots=True)
class Aim:
    """Values for a column, or numbers of rows where `column` is None."""

    column: exp.Column | None
    values: tuple[object, ...]
    hits: tuple[object, ...] = ()


# What an expression is given through unchanged, as far as its argument's values matter.
_SHELLS = (
    exp.Paren, exp.Cast, exp.TryCast, exp.Alias, exp.Subquery, exp.Min, exp.Max, exp.Avg, exp.Distinct, exp.Filter,
    exp.Window, exp.Round, exp.Floor, exp.Ceil, exp.Trim, exp.Collate, exp.Not, exp.AnyValue, exp.Order,
)  # fmt: skip
_DATES = (exp.Date, exp.TsOrDsToDate, exp.TsOrDsToTimestamp, exp.TimestampTrunc, exp.DateTrunc, exp.Extract)
_DATE_NAMES = {"date", "datetime", "date_part"}


def invert(
    node: exp.Expr, values: tuple[object, ...], operator: str, behind: Callable[[exp.Column], exp.Expr | None]
) -> Iterator[Aim]:
    """Yield values for the columns of `node` at which `node operator value` is met, and just not met.

    `operator` is sqlglot's key of the comparison (`eq`, `gt`, `like`…). `behind` tells what a derived column
    stands for.
    """
    yield from _Inverter(operator, behind).undo(node, values, 0)


class _Inverter:
    def __init__(self, operator: str, behind: Callable[[exp.Column], exp.Expr | None]) -> None:
        self.operator = operator
        self.behind = behind

    def undo(self, node: exp.Expr, values: tuple[object, ...], depth: int) -> Iterator[Aim]:
        """Yield the aims of an expression that is to take these values."""
        if depth > 12 or not values:
            return
        if isinstance(node, exp.Column):
            yield from self._column(node, values, depth)
        elif isinstance(node, exp.Count):
            yield Aim(None, values)
        elif isinstance(node, exp.Sum):
            halves = tuple(value // 2 if isinstance(value, int) else value / 2 for value in _numbers(values))
            yield from self.undo(node.this, values + halves, depth + 1)
        elif isinstance(node, exp.Coalesce):
            defaults = tuple(value for each in node.expressions if (value := constant(each)) is not None)
            yield from self.undo(node.this, values + defaults, depth + 1)
        elif isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Mod):
            yield from self._arithmetic(node, values, depth)
        elif isinstance(node, exp.Neg):
            yield from self.undo(node.this, tuple(-value for value in _numbers(values)), depth + 1)
        else:
            yield from self._function(node, values, depth)

    def _column(self, node: exp.Column, values: tuple[object, ...], depth: int) -> Iterator[Aim]:
        behind = self.behind(node)
        if behind is not None and behind is not node and not isinstance(behind, exp.Star):
            yield from self.undo(behind, values, depth + 1)
        else:
            around = tuple(dict.fromkeys(near for value in values for near in neighbours(value, self.operator)))
            hits = tuple(dict.fromkeys(hit for value in values for hit in satisfying(value, self.operator)))
            yield Aim(node, around, hits)

    def _arithmetic(self, node: exp.Binary, values: tuple[object, ...], depth: int) -> Iterator[Aim]:
        known = constant(node.right)
        if known is not None:
            yield from self.undo(node.left, tuple(_undone(node, values, known)), depth + 1)
            return
        known = constant(node.left)
        if known is not None and not isinstance(node, exp.Div | exp.Mod):
            if isinstance(node, exp.Sub):
                values = tuple(result for value in values if (result := add(known, value, -1)) is not None)
                yield from self.undo(node.right, values, depth + 1)
            else:
                yield from self.undo(node.right, tuple(_undone(node, values, known)), depth + 1)
            return
        # Of two columns the right one is to leave the left one as it is, so that both together hit the value.
        neutral = (0,) if isinstance(node, exp.Add | exp.Sub) else (1,)
        yield from self.undo(node.left, values, depth + 1)
        yield from _Inverter("eq", self.behind).undo(node.right, neutral, depth + 1)

    def _function(self, node: exp.Expr, values: tuple[object, ...], depth: int) -> Iterator[Aim]:
        name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
        if isinstance(node, _SHELLS):
            yield from self.undo(node.this, values, depth + 1)
        elif isinstance(node, exp.Query):
            yield from self.undo(node.selects[0], values, depth + 1) if node.selects else ()
        elif isinstance(node, exp.Lower | exp.Upper):
            cased = tuple(case for v in values for case in (str(v), str(v).upper(), str(v).lower(), str(v).title()))
            yield from self.undo(node.this, cased, depth + 1)
        elif isinstance(node, exp.Substring | exp.Left):
            prefixed = tuple(text for v in values for text in (str(v), f"{v}x", f"{v}00"))
            yield from self.undo(node.this, prefixed, depth + 1)
        elif isinstance(node, exp.Length):
            lengths = [value for value in values if isinstance(value, int) and 0 <= value < 50]
            yield from self.undo(node.this, tuple("x" * size for v in lengths for size in (v, v + 1)), depth + 1)
        elif isinstance(node, (*_DATES, exp.TimeToStr)) or name in _DATE_NAMES:
            inside = next(iter(node.find_all(exp.Column)), None)
            moments = tuple(moment for value in values for moment in period(value))
            yield from self._column(inside, moments, depth) if inside is not None else ()
        else:
            for column in node.find_all(exp.Column):
                yield from self._column(column, values, depth)


def _numbers(values: tuple[object, ...]) -> Iterator[int | Decimal]:
    return (value for value in values if isinstance(value, int | Decimal))


def _undone(node: exp.Binary, values: tuple[object, ...], known: object) -> Iterator[object]:
    """Yield the left sides that make `left operator known` come to one of the values."""
    for value in values:
        if isinstance(node, exp.Add | exp.Sub):
            result = add(value, known, -1 if isinstance(node, exp.Add) else 1)
            if result is not None:
                yield result
        elif isinstance(value, int | Decimal) and isinstance(known, int | Decimal) and known:
            yield from _undone_product(node, value, known)


def _undone_product(node: exp.Binary, value: int | Decimal, known: int | Decimal) -> Iterator[object]:
    if isinstance(node, exp.Mul):
        quotient = Decimal(value) / Decimal(known)
        yield int(quotient)
        yield quotient
    elif isinstance(node, exp.Div):
        yield value * known
        # Whole-number division drops the rest: everything up to the next multiple has the same quotient.
        if isinstance(known, int):
            yield value * known + known - 1
    else:
        yield from (value + known * times for times in range(_MOST_MULTIPLES))


def neighbours(value: object, operator: str = "eq") -> tuple[object, ...]:
    """Return the value with those just below and above it, in the steps that its kind makes."""
    if operator in ("like", "ilike", "glob"):
        return _pattern_texts(str(value))
    if isinstance(value, bool):
        return (True, False)
    if isinstance(value, int):
        return (value, value - 1, value + 1)
    if isinstance(value, Decimal):
        step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        return (value, value - step, value + step)
    if isinstance(value, date) or is_iso(value):
        return _moments(value)
    if isinstance(value, str):
        number = _whole(value)
        variants = (value, value + "x", value[:-1], value.upper(), value.lower(), value.swapcase())
        return variants if number is None else (*variants, number, number - 1, number + 1)
    return (value,)


def satisfying(value: object, operator: str) -> tuple[object, ...]:
    """Return those of the neighbours that meet `column operator value`."""
    if operator in ("like", "ilike", "glob"):
        return _pattern_texts(str(value))[:2]
    near = neighbours(value)
    if operator in ("gt", "lt") and len(near) >= 3 and not isinstance(value, str | bool):
        return (near[2],) if operator == "gt" else (near[1],)
    if operator == "gte" and len(near) >= 3 and not isinstance(value, str | bool):
        return (near[0], near[2])
    if operator == "lte" and len(near) >= 3 and not isinstance(value, str | bool):
        return (near[0], near[1])
    if operator in ("gt", "gte", "lt", "lte", "between") and (isinstance(value, date) or is_iso(value)):
        return near
    if operator in ("neq", "nullsafeneq"):
        return near[1:]
    return near[:1]


def _moments(value: object) -> tuple[object, ...]:
    """Return a day or a moment with its neighbours, a step being a day, a second for one with a time."""
    moment = as_moment(value)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    one_day, second = timedelta(days=1), timedelta(seconds=1)
    around = (moment, moment - one_day, moment + one_day, moment - second, moment + second)
    # The last half second lies behind `<= '… 23:59:59'` and still within the day.
    within = (day, day + timedelta(hours=12), day + one_day - second, day + one_day - second / 2)
    all_of_them = tuple(dict.fromkeys((*around, *within)))
    if not isinstance(value, str):
        return all_of_them
    if len(value) <= 10:
        days = tuple(str(each.date()) for each in (moment, moment - one_day, moment + one_day))
        return (*days, *(each.isoformat(sep=" ") for each in (*within, moment - second)))
    separator = value[10]
    return (value, *(each.isoformat(sep=separator) for each in all_of_them))


def period(value: object) -> tuple[object, ...]:
    """Return moments at the edges of the year, month or day that a value names: `2026`, `'2026-03'`, `'2026-03-02'`."""
    text = str(value)
    if isinstance(value, datetime):
        return (value,)
    if isinstance(value, int | Decimal) or (text.isdigit() and len(text) <= 4):
        number = int(value) if isinstance(value, int | Decimal) else int(text)
        if 1000 <= number <= 9998:
            return _edges(datetime(number, 1, 1), datetime(number + 1, 1, 1))
        return tuple(
            f"2026-{month:02d}-{day:02d}" for month in {_within(number, 12), 1, 2} for day in {_within(number, 28)}
        )
    if not is_iso(text):
        return ()
    start = as_moment(text)
    if len(text) == 7:
        return _edges(start, (start + timedelta(days=32)).replace(day=1))
    return (text,)


def _edges(start: datetime, end: datetime) -> tuple[object, ...]:
    second = timedelta(seconds=1)
    moments = (start, end - second, end, start - second, start + timedelta(days=1))
    return (*(moment.isoformat(sep=" ") for moment in moments), str(start.date()), str(end.date()))


def _within(number: int, most: int) -> int:
    return min(max(number, 1), most)


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _pattern_texts(pattern: str) -> tuple[str, ...]:
    """Return texts that match a LIKE or GLOB pattern, then texts that just do not."""
    plain = pattern.replace("%", "").replace("_", "x").replace("*", "").replace("?", "x")
    filled = pattern.replace("%", "yz").replace("_", "q").replace("*", "yz").replace("?", "q")
    other_case = (plain.upper(), plain.lower(), plain.swapcase())
    return tuple(dict.fromkeys((filled, plain, *other_case, plain[:-1], f"x{plain}", f"{plain}x", pattern)))
