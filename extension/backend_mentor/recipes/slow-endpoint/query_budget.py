"""Where a slow endpoint's time goes: its statements, counted, timed and placed, and whether they grow with the data."""

import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, event

_STANDARD_LIBRARY = sysconfig.get_path("stdlib")


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    sizes: tuple[int, ...] = (1, 10, 100)
    """How many rows there are when the endpoint is asked."""
    characters_shown: int = 100


@dataclass(frozen=True)
class Sent:
    """One statement: its text without values, how long the database took, and the line of code that sent it."""

    text: str
    milliseconds: float
    place: str


@dataclass
class Trace:
    """All statements of a stretch of work, and how long it took as a whole."""

    sent: list[Sent] = field(default_factory=list)
    milliseconds: float = 0.0

    @property
    def database_milliseconds(self) -> float:
        """The time spent waiting for the database."""
        return sum(each.milliseconds for each in self.sent)

    def repeated(self) -> list[tuple[Sent, int]]:
        """Return the statements that were sent more than once from one place, the most frequent first."""
        counts = Counter((each.text, each.place) for each in self.sent)
        first = {(each.text, each.place): each for each in reversed(self.sent)}
        return [(first[key], count) for key, count in counts.most_common() if count > 1]


@contextmanager
def watch(engine: Engine, clock: Callable[[], float] = time.perf_counter) -> Iterator[Trace]:
    """Record every statement that any thread sends through this engine until the block ends."""
    trace, began = Trace(), clock()
    # By execution, not by thread: one connection has one statement under way.
    under_way: dict[int, tuple[float, str]] = {}

    def before(connection: Connection, cursor: object, *_: object) -> None:
        under_way[id(cursor)] = (clock(), _place())

    def after(connection: Connection, cursor: object, text: str, *_: object) -> None:
        started, place = under_way.pop(id(cursor))
        trace.sent.append(Sent(text, (clock() - started) * 1000, place))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield trace
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
        trace.milliseconds = (clock() - began) * 1000


def _place() -> str:
    """Return the nearest line that is neither a library's nor this module's."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        file = frame.f_code.co_filename
        is_library = "site-packages" in file or file.startswith(_STANDARD_LIBRARY)
        if not is_library and frame.f_code.co_name not in ("before", "after"):
            return f"{Path(file).name}:{frame.f_lineno}"
        frame = frame.f_back
    return "unknown"


def measure_growth(
    engine: Engine,
    fill: Callable[[int], None],
    ask: Callable[[], None],
    settings: Settings | None = None,
) -> dict[int, Trace]:
    """Return what the endpoint sends at each size: `fill(rows)` brings the data to it, `ask()` sends one request.

    The first request of a process also opens connections and compiles statements, so one is sent before any is counted.
    """
    traces: dict[int, Trace] = {}
    for rows in (settings or Settings()).sizes:
        fill(rows)
        ask()
        with watch(engine) as traces[rows]:
            ask()
    return traces


def grows(traces: Mapping[int, Trace]) -> bool:
    """Return whether more rows mean more statements: the mark of a query in a loop (N+1)."""
    return len({len(trace.sent) for trace in traces.values()}) > 1


def tell(traces: Mapping[int, Trace], settings: Settings | None = None) -> str:
    """Return the growth as a table, and below it the statements that are repeated at the largest size."""
    width = (settings or Settings()).characters_shown
    lines = ["    rows  statements  in the database  in all"]
    for rows, trace in traces.items():
        lines.append(
            f"{rows:>8,}  {len(trace.sent):>10,}  {trace.database_milliseconds:>12.1f} ms  {trace.milliseconds:.1f} ms"
        )
    largest = traces[max(traces)]
    for statement, count in largest.repeated():
        lines.append(f"{count:>8,} times from {statement.place}: {_short(statement.text, width)}")
    return "\n".join(lines)


def assert_constant(traces: Mapping[int, Trace], statements_at_most: int) -> None:
    """Raise AssertionError, with the table, where the statements grow with the data or are more than allowed.

    Keep the call in a test of the endpoint: it stays fast only as long as something fails when it does not.
    """
    most = max(len(trace.sent) for trace in traces.values())
    if grows(traces) or most > statements_at_most:
        raise AssertionError(f"at most {statements_at_most} statements at any size\n{tell(traces)}")


def _short(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def find_slowest(trace: Trace, count: int = 3) -> Sequence[Sent]:
    """Return the statements that took longest: put these into a cell under %%backend, with their plan."""
    return sorted(trace.sent, key=lambda each: -each.milliseconds)[:count]
