"""A run of endpoint code arranged for reading: each request with what it sent, and the counts as the data grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.trace import GrowthVerdict
from backend_mentor.renderers.figures import count, write_milliseconds
from backend_mentor.renderers.tables import Grid, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.trace import Exchange, Growth, SentStatement, Trace

HEADING = "As it ran"
_SHOWN_STATEMENTS = 6
_LONGEST_STATEMENT = 110


@dataclass(frozen=True, slots=True)
class RunLine:
    """One request: its figures in one line, and what stands out in it."""

    mark: str
    head: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunPicture:
    """A run, ready to be drawn."""

    lines: tuple[RunLine, ...]
    growth: Grid | None
    """Statements of each request by the size of made-up data."""
    notes: tuple[str, ...]


def picture_run(trace: Trace) -> RunPicture:
    """Return the picture of a run."""
    return RunPicture(tuple(map(_line, trace.exchanges)), _growth(trace.growths), trace.notes)


def _line(exchange: Exchange) -> RunLine:
    status = "no answer" if exchange.status is None else str(exchange.status)
    figures = [exchange.request.title, status, count(exchange.queries, "statement"), _time(exchange)]
    if exchange.rows is not None and exchange.queries:
        figures.append(count(exchange.rows, "row"))
    failed = exchange.status is None or exchange.status >= 500
    return RunLine("✗" if failed else "·", " · ".join(figures), tuple(_details(exchange)))


def _time(exchange: Exchange) -> str:
    total = write_milliseconds(exchange.milliseconds)
    if not exchange.queries or exchange.database_milliseconds is None:
        return total
    return f"{total}, {write_milliseconds(exchange.database_milliseconds)} of it in the database"


def _details(exchange: Exchange) -> Iterator[str]:
    if exchange.error is not None:
        yield f"{exchange.error}{_at(exchange.error_line)}"
    for stall in exchange.stalls:
        took = write_milliseconds(stall.milliseconds)
        yield f"the event loop stood still for {took}{_at(stall.line)}: `{shorten(stall.code, _LONGEST_STATEMENT)}`"
    for line in exchange.leaked:
        yield f"a connection was not given back{_at(line)}"
    for line in exchange.left_open:
        yield f"a transaction was left open{_at(line)}"
    shown = exchange.statements[:_SHOWN_STATEMENTS]
    for statement in shown:
        yield from _statement(statement)
    if len(exchange.statements) > len(shown):
        yield f"and {count(len(exchange.statements) - len(shown), 'other statement')}"


def _statement(statement: SentStatement) -> Iterator[str]:
    lazy = f", by reading {statement.lazy}" if statement.lazy else ""
    yield f"{statement.times:,} × `{shorten(statement.text, _LONGEST_STATEMENT)}`{_at(statement.line)}{lazy}"
    yield from (f"plan: {step}" for step in statement.plan)


def _at(line: int | None) -> str:
    return f", line {line}" if line is not None else ""


def _growth(growths: tuple[Growth, ...]) -> Grid | None:
    shown = [growth for growth in growths if growth.counts]
    if not shown:
        return None
    heads = ["", *(count(each.rows, "row") for each in shown[0].counts), ""]
    rows = tuple(
        (growth.request.title, *(f"{each.queries:,}" for each in growth.counts), _verdict(growth)) for growth in shown
    )
    return Grid("statements", tuple(heads), rows)


def _verdict(growth: Growth) -> str:
    if growth.verdict is not GrowthVerdict.NOT_TELLING:
        return growth.verdict.value
    failed = next((each.status for each in growth.counts if each.status is None or each.status >= 400), 0)
    if failed == 0:
        return "the answer does not grow"
    return "no answer" if failed is None else f"answers {failed}"
