"""What was seen while endpoint code ran: requests, the statements that each sent, and how their number grows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that is sent to the app in this process; its headers are never part of it."""

    method: str
    path: str
    """With its query string."""
    body: str | None = None
    given: bool = False
    """True where the user wrote it by `--call`."""
    template: str | None = None
    """The route that it was made from: `/orders/{order_id}`."""
    handler: str | None = None
    """The function of the cell that answers it."""

    @property
    def title(self) -> str:
        """As users write it: `GET /orders`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class SentStatement:
    """One statement of a request with all its repetitions; values are left out, since they can be personal."""

    text: str
    """With `?` for each value."""
    times: int
    line: int | None = None
    """The line of the cell that sent it first; None where code outside the cell did, as a serializer does."""
    milliseconds: float | None = None
    """All repetitions together; None where the driver does not tell."""
    rows: int | None = None
    """Fetched, of all repetitions together."""
    lazy: str | None = None
    """The attribute whose access sent it: `Order.items`."""
    writes: bool = False
    plan: tuple[str, ...] = ()
    """EXPLAIN's lines, where it was slow."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A stretch in which the event loop could serve nobody else."""

    function: str
    line: int | None
    code: str
    """The line of the cell that it hung in."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what its answer took."""

    request: SentRequest
    status: int | None
    """None where no answer came in time."""
    milliseconds: float
    statements: tuple[SentStatement, ...] = ()
    stalls: tuple[Stall, ...] = ()
    left_open: tuple[int | None, ...] = ()
    """The lines that took a connection which something still holds, its transaction open."""
    leaked: tuple[int | None, ...] = ()
    """The lines that took a connection which only the garbage collector gave back."""
    error: str | None = None
    """What the app raised, as in `KeyError: 'total'`."""
    error_line: int | None = None
    answer_bytes: int = 0

    @property
    def queries(self) -> int:
        """How many statements it sent."""
        return sum(each.times for each in self.statements)

    @property
    def database_milliseconds(self) -> float | None:
        """The time that its statements took; None where no driver told."""
        known = [each.milliseconds for each in self.statements if each.milliseconds is not None]
        return sum(known) if known or not self.statements else None

    @property
    def rows(self) -> int | None:
        """The rows that it fetched; None where no driver told."""
        known = [each.rows for each in self.statements if each.rows is not None]
        return sum(known) if known or not self.statements else None

    @property
    def repeated(self) -> tuple[SentStatement, ...]:
        """The statements that it sent more than once."""
        return tuple(each for each in self.statements if each.times > 1)


# From 1 to 10 rows nothing that works by batches sends three statements more.
_STATEMENTS_MORE = 3


class GrowthVerdict(StrEnum):
    """Whether the number of statements depends on the number of rows."""

    CONSTANT = "constant"
    GROWS = "grows with the rows"
    IN_BATCHES = "grows by batches"
    """One statement more for many rows more."""
    NOT_TELLING = "not telling"
    """The same number of statements, but the answer did not grow with the data either, or there was none."""


@dataclass(frozen=True, slots=True)
class GrownCount:
    """What one request took on data of one size."""

    rows: int
    """Of each table that nothing refers from; tables below hold some more."""
    queries: int
    status: int | None
    answer_bytes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """One request on made-up data of several sizes, smallest first."""

    request: SentRequest
    counts: tuple[GrownCount, ...]
    repeated: SentStatement | None = None
    """The statement that grew most, as sent on the largest data."""

    @property
    def verdict(self) -> GrowthVerdict:
        """Computed from the counts: only what every size answered well can tell."""
        if len(self.counts) < 2 or any(each.status is None or each.status >= 400 for each in self.counts):
            return GrowthVerdict.NOT_TELLING
        first, second, last = self.counts[0], self.counts[1], self.counts[-1]
        if second.queries - first.queries >= _STATEMENTS_MORE:
            return GrowthVerdict.GROWS
        if last.queries > first.queries:
            return GrowthVerdict.IN_BATCHES
        if last.queries == first.queries and last.answer_bytes > first.answer_bytes:
            return GrowthVerdict.CONSTANT
        return GrowthVerdict.NOT_TELLING

    @property
    def slope(self) -> float:
        """Statements for each row more, between the two smallest sizes."""
        if len(self.counts) < 2:
            return 0.0
        first, second = self.counts[:2]
        return (second.queries - first.queries) / max(second.rows - first.rows, 1)

    @property
    def sentence(self) -> str:
        """As in `2, 11 and 101 statements at 1, 10 and 100 rows`."""
        queries, rows = (_listed([f"{n:,}" for n in numbers]) for numbers in self._columns())
        return f"{queries} statements at {rows} rows"

    def _columns(self) -> tuple[list[int], list[int]]:
        return [each.queries for each in self.counts], [each.rows for each in self.counts]


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """A request that the proposed code answered otherwise."""

    request: SentRequest
    rows: int
    what: str
    """As in `200 became 500` or `$.items[0].total: 3 became null`."""


@dataclass(frozen=True, slots=True)
class CodeRuns:
    """The cell and its proposed version, run side by side on the same made-up data."""

    answers: int
    """How many answers were compared: each request at each size."""
    differences: tuple[AnswerDifference, ...] = ()
    before: tuple[Growth, ...] = ()
    after: tuple[Growth, ...] = ()
    left_out: tuple[str, ...] = ()
    """Classes whose change was not run, since they are mapped to tables and can not be mapped twice."""

    @property
    def same(self) -> int:
        """How many answers were the same in status and JSON."""
        return self.answers - len(self.differences)

    @property
    def verdict(self) -> str:
        """As in `answers 6 of 6 requests the same; 101 become 2 statements at 100 rows`."""
        said = f"answers {self.same} of {self.answers} requests the same"
        changed = [
            (old.counts[-1], new.counts[-1])
            for old, new in zip(self.before, self.after, strict=False)
            if old.counts and new.counts and old.counts[-1].queries != new.counts[-1].queries
        ]
        if self.left_out:
            said += f"; the change of {_listed(list(self.left_out))} was not run"
        if not changed or self.differences:
            return said
        old, new = max(changed, key=lambda pair: abs(pair[0].queries - pair[1].queries))
        noun = "statement" if new.queries == 1 else "statements"
        return f"{said}; {old.queries:,} become {new.queries:,} {noun} at {old.rows:,} rows"


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run of the cell's app showed."""

    exchanges: tuple[Exchange, ...] = ()
    growths: tuple[Growth, ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know: what was rolled back, what was written, what could not be seen."""

    def growth_of(self, request: SentRequest) -> Growth | None:
        """Return what growing data did to the request's route."""
        key = request.template or request.path
        return next((each for each in self.growths if (each.request.template or each.request.path) == key), None)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
