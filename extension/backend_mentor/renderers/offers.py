"""Proposals arranged for reading: what changes, what was proved, what it costs, and why a tempting one is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.renderers.code_diff import added_code, compare_code
from backend_mentor.renderers.diff import DiffLine, added_text, compare_lines
from backend_mentor.renderers.figures import count, write_milliseconds, write_number
from backend_mentor.renderers.tables import (
    Grid,
    grid_of,
    shorten,
    tell_difference,
    tell_origin,
    tell_own_data,
    write_value,
)
from backend_mentor.renderers.wording import (
    credit,
    explain_proof,
    head_proposal,
    mark_proof,
    tell_proof,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.proof import Counterexample, Measurement, Proof, Rows
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.renderers.view import View

YOURS, OTHER = "yours", "that one"
_LONG_CODE = 120
_LONGEST_TEXT, _EXCERPT = 60, 24
"""Lines: above the first, a thing that is added is shown by its beginning."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One measured or estimated figure; `share` is its part of the larger of the two."""

    label: str
    figure: str
    share: float


@dataclass(frozen=True, slots=True)
class Gain:
    """Two bars, before and after, and what they measure."""

    before: Bar
    after: Bar
    better: bool

    @property
    def sentence(self) -> str:
        """The two in words, for whoever can not see bars."""
        return f"before {self.before.figure}, after {self.after.figure}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal, ready to be drawn."""

    number: int
    heading: str
    title: str
    name: str
    mark: str
    verdict: str
    diff: tuple[DiffLine, ...]
    """Empty for a thing that is added, such as an index."""
    after: str
    """What is to be written or run, whole."""
    gain: Gain | None
    lines: tuple[tuple[str, str], ...]
    """Labelled: proof, price, not if."""
    depth: tuple[tuple[str, str], ...]
    """Labelled: the reason, and what the verdict means. A junior sees it at once, a senior on demand or not at all."""
    language: str
    """What `after` is written in: `sql`, `python`."""
    whole: str
    """The heading of `after` where a diff is shown before it; empty for code, whose cell the user has before them."""
    excerpt: str
    """`after`, or its beginning and how much more there is, for a page where a long text would bury the rest."""
    is_part: bool
    """True where another offer makes it too and shows its lines: here its diff is shown on demand or not at all."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A counterexample: the tables, both answers and how they differ."""

    sentence: str
    tables: tuple[Grid, ...]
    before: Grid | None
    after: Grid | None
    origin: str | None
    compact: Grid | None = None
    """The same in one table, where a single table explains all: its rows, and whether each answer holds them."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A proposal that was tried and refuted, or tried and of no use."""

    title: str
    name: str
    verdict: str
    refuted: bool
    code: str
    """What it says instead, in one line."""
    reason: str
    exhibits: tuple[Exhibit, ...]
    clauses: tuple[str, ...]


def offer_of(proposal: Proposal, number: int, among: Iterable[Proposal] = ()) -> Offer:
    """Return the proposal arranged under its number, which is what the user takes it up by; `among` are all of them."""
    return Offer(
        number=number,
        heading=head_proposal(proposal),
        title=proposal.title,
        name=proposal.name,
        mark=mark_proof(proposal.proof),
        verdict=proposal.proof.verdict,
        diff=_changed_lines(proposal),
        after=proposal.after.strip(),
        gain=_gain(proposal.proof),
        lines=tuple((label, text) for label, text in _lines(proposal, number) if text),
        depth=tuple((label, text) for label, text in _depth(proposal) if text),
        language="python" if proposal.kind is ProposalKind.CODE else "sql",
        whole="" if proposal.kind is ProposalKind.CODE else "The whole statement",
        excerpt=_excerpt(proposal.after.strip(), number),
        is_part=any(proposal.name in other.holds for other in among),
    )


def _changed_lines(proposal: Proposal) -> tuple[DiffLine, ...]:
    if not proposal.before.strip():
        return ()
    compared = compare_code if proposal.kind is ProposalKind.CODE else compare_lines
    return compared(proposal.before, proposal.after)


def _excerpt(text: str, number: int) -> str:
    lines = text.splitlines()
    if len(lines) <= _LONGEST_TEXT:
        return text
    more = f"# … {len(lines) - _EXCERPT:,} more lines; %backend apply {number} puts all of them into a cell"
    return "\n".join([*lines[:_EXCERPT], more])


def rejection_of(proposal: Proposal, view: View) -> Rejection:
    """Return a proposal that is not offered, with what spoke against it."""
    return Rejection(
        title=proposal.title,
        name=proposal.name,
        verdict=proposal.proof.verdict,
        refuted=proposal.proof.refuted,
        code=shorten(" ".join(_added(proposal).split()), _LONG_CODE),
        reason=proposal.reason if view.explains else "",
        exhibits=exhibit(proposal.proof),
        clauses=tell_proof(proposal.proof),
    )


def _added(proposal: Proposal) -> str:
    added = added_code if proposal.kind is ProposalKind.CODE else added_text
    return added(proposal.before, proposal.after)


def exhibit(proof: Proof) -> tuple[Exhibit, ...]:
    """Return what refutes: the counterexample, the difference on the user's own rows, the failed tests."""
    return tuple(_exhibits(proof))


def _exhibits(proof: Proof) -> Iterator[Exhibit]:
    example = proof.trials.counterexample if proof.trials else None
    if example is not None:
        tables = tuple(grid_of(table) for table in example.tables)
        before, after = grid_of(example.before, YOURS), grid_of(example.after, OTHER)
        yield Exhibit(tell_difference(example), tables, before, after, tell_origin(example), _compact(example))
    if proof.own_data is not None and not proof.own_data.same:
        sample = proof.own_data.sample
        shown = () if sample is None else (grid_of(sample),)
        yield Exhibit(tell_own_data(proof.own_data), shown, None, None, None)
    if proof.tests is not None and proof.tests.failed:
        yield Exhibit(f"{count(proof.tests.failed, 'test')} failed.", (), None, None, None)
    if proof.code is not None and proof.code.refuted:
        yield Exhibit(f"Tried on this cell: {proof.code.verdict}.", (), None, None, None)


def _compact(example: Counterexample) -> Grid | None:
    """Return one table with a column for each answer, where the database is one row of one table."""
    if len(example.tables) != 1 or len(example.tables[0].rows) != 1 or example.difference != "rows":
        return None
    if example.before.error or example.after.error:
        return None
    (table,) = example.tables
    answers = tuple(_answer(rows) for rows in (example.before, example.after))
    row = (*(write_value(value) for value in table.rows[0]), *answers)
    return Grid(table.name, (*table.columns, YOURS, OTHER), (row,))


def _answer(rows: Rows) -> str:
    if not rows.rows:
        return "–"
    if len(rows.rows) == 1 and len(rows.columns) == 1:
        return write_value(rows.rows[0][0])
    return count(len(rows.rows), "row")


def _lines(proposal: Proposal, number: int) -> Iterator[tuple[str, str]]:
    yield "proof", " · ".join(tell_proof(proposal.proof))
    yield "price", proposal.tradeoffs.price
    yield "not if", proposal.tradeoffs.not_if or ""
    if proposal.proof.code is not None:
        yield "take it", f"`%backend apply {number}` puts the changed cell below yours"
    yield "source", credit(proposal.source) or ""


def _depth(proposal: Proposal) -> Iterator[tuple[str, str]]:
    yield "why", proposal.reason
    if not proposal.proof.is_new:
        yield "means", explain_proof(proposal.proof)


def _gain(proof: Proof) -> Gain | None:
    if proof.measurement is not None:
        return _measured_gain(proof.measurement)
    if proof.cost is None or proof.cost.before is None or proof.cost.after is None:
        return None
    before, after = proof.cost.before, proof.cost.after
    return _bars(before, after, f"cost {write_number(round(before))}", f"cost {write_number(round(after))}")


def _measured_gain(measurement: Measurement) -> Gain | None:
    before, after = measurement.before.median, measurement.after.median
    return _bars(before, after, write_milliseconds(before), write_milliseconds(after))


def _bars(before: float, after: float, before_figure: str, after_figure: str) -> Gain | None:
    longest = max(before, after)
    if longest <= 0:
        return None
    first = Bar("before", before_figure, before / longest)
    return Gain(first, Bar("after", after_figure, after / longest), better=after < before)
