"""The one immutable result of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from backend_mentor.domain.cell import Cell, Span
from backend_mentor.domain.finding import Finding, Responsibility
from backend_mentor.domain.level import Level as Level
from backend_mentor.domain.narrative import Narrative
from backend_mentor.domain.plan import Plan
from backend_mentor.domain.proposal import Proposal
from backend_mentor.domain.schema import Engine
from backend_mentor.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the statement does, in the order in which the database does it."""

    clause: str
    """The SQL word that it comes from: `FROM`, `WHERE`, `GROUP BY`."""
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the statement does: one paragraph, and the same step by step."""

    summary: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only the author can answer."""

    text: str
    why: str
    responsibility: Responsibility = Responsibility.LOGIC


@dataclass(frozen=True, slots=True)
class Escalation:
    """A matter that is bigger than the cell: take it to the team."""

    text: str
    why: str
    responsibility: Responsibility = Responsibility.DATABASE


@dataclass(frozen=True, slots=True)
class Skipped:
    """A stage that could not run, and why."""

    stage: str
    reason: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the review comes from."""

    version: str
    """Of Backend Mentor."""
    database: str | None = None
    """The database's name as shown to the user; never a password."""
    engine: Engine | None = None
    analyzed: bool = False
    """True where the statement was really run."""
    milliseconds: float = 0.0
    timings: tuple[tuple[str, float], ...] = ()
    """Milliseconds by stage."""
    notes: tuple[str, ...] = ()
    """What the user should know of the connection: a superuser, a snapshot and its age."""
    tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """All that is known of one statement, handler, plan or request."""

    cell: Cell
    provenance: Provenance
    statement: str = ""
    """The part of the cell that this review is about."""
    explanation: Explanation | None = None
    plan: Plan | None = None
    trace: Trace | None = None
    """What running the code showed, where it was run."""
    findings: tuple[Finding, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    """Best first."""
    rejected: tuple[Proposal, ...] = ()
    """Tried and refuted, or tried and of no use; each with its proof."""
    questions: tuple[Question, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    narrative: Narrative | None = None
    """Claude's words, where Claude speaks."""
    conclusion: str = ""
    """One sentence: what to do, or why to leave it."""
    failure: str | None = None
    """Why this statement could not be reviewed at all, where the cell's others could."""
    line: int | None = None
    """Of a statement inside code: the line of the cell that sends it."""
    further: tuple[Review, ...] = ()
    """The reviews of the cell's other statements."""
