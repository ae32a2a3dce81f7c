"""Many cells at once: the pieces of files and notebooks, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend_mentor.domain.finding import Finding
from backend_mentor.domain.narrative import Narrative


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that is reviewed by itself: a statement, a module, a notebook's cell."""

    path: str
    """As the user wrote it, with forward slashes."""
    line: int
    """Where `text` begins in the file, or in the notebook's cell, from 1."""
    text: str
    cell: int | None = None
    """The number of a notebook's cell, from 1, all kinds of cells counted."""

    @property
    def name(self) -> str:
        """What a message calls it: `queries.sql:12`, `orders.ipynb cell 3`."""
        return f"{self.path}:{self.line}" if self.cell is None else f"{self.path} cell {self.cell}"


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal of a review, in short."""

    name: str
    title: str
    verdict: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanShape:
    """What of a plan lasts from one run to the next: its steps, not its figures."""

    statement: str
    """The statement, its white space made one."""
    engine: str
    steps: tuple[str, ...]
    """One line for each node, indented by its depth: `search orders using orders_placed_at`."""
    scanned: tuple[str, ...]
    """The tables that are read whole."""
    sorts: int
    cost: float | None
    """The planner's estimate for the whole; None where the engine gives none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one piece. Places of findings are lines of the file, or of the notebook's cell."""

    piece: Piece
    findings: tuple[Finding, ...] = ()
    offers: tuple[Offered, ...] = ()
    conclusion: str = ""
    failures: tuple[str, ...] = ()
    """Why it, or a statement of it, could not be reviewed."""
    skipped: tuple[str, ...] = ()
    plans: tuple[PlanShape, ...] = ()
    milliseconds: float = 0.0
    narrative: Narrative | None = None
    """Claude's words on the piece, judged, where they were asked for."""

    def with_findings(self, *more: Finding) -> Outcome:
        """Return the outcome with findings added."""
        return replace(self, findings=(*self.findings, *more))


@dataclass(frozen=True, slots=True)
class Summary:
    """All that came of a batch, in the order of the files."""

    version: str
    """Of Backend Mentor."""
    database: str
    engine: str
    outcomes: tuple[Outcome, ...]
    passed_over: tuple[tuple[str, str], ...] = ()
    """Files that hold nothing to review, each with the reason."""
    resumed: int = 0
    """Outcomes that an earlier, interrupted run had left."""
    narration: str = ""
    """How the narratives came about and what they cost; empty where none were asked for."""

    @property
    def findings(self) -> int:
        """How many findings there are in all."""
        return sum(len(outcome.findings) for outcome in self.outcomes)

    @property
    def failures(self) -> int:
        """How many pieces could not be reviewed, or not wholly."""
        return sum(bool(outcome.failures) for outcome in self.outcomes)
