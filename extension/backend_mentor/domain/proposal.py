"""A better version, and what speaks for and against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend_mentor.domain.proof import Condition, Proof
from backend_mentor.domain.schema import Index


class ProposalKind(StrEnum):
    """What is to be changed."""

    REWRITE = "rewrite"
    INDEX = "index"
    CODE = "code"
    STATISTICS = "statistics"
    SETTING = "setting"


class Source(StrEnum):
    """Who proposes it."""

    ENGINE = "engine"
    CLAUDE = "claude"


@dataclass(frozen=True, slots=True)
class Tradeoffs:
    """What it costs and when it is the wrong thing."""

    price: str
    """As in `about 4 MB on disk, and each INSERT into orders writes one entry more`."""
    not_if: str | None = None
    """When not to do it, as in `placed_at ever holds times with a zone offset`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that is worth a trial. Its proof says what came of the trial."""

    kind: ProposalKind
    name: str
    """The idea's kebab-case name, which is its file's name: `not-in-to-not-exists`."""
    title: str
    """One line in the user's names: `Compare placed_at itself with a range of one day`."""
    before: str
    """The statement as it is, or empty for a thing that is added."""
    after: str
    """The whole statement as proposed, or the statement that makes the index."""
    reason: str
    """One or two sentences: why it means the same, and why it costs less."""
    tradeoffs: Tradeoffs
    answers: tuple[str, ...] = ()
    """Rules whose findings it puts right."""
    conditions: tuple[Condition, ...] = ()
    """Preconditions under which it is sound, each established on this schema. Empty where no rule backs it."""
    index: Index | None = None
    """For an index: what is to be built."""
    source: Source = Source.ENGINE
    holds: tuple[str, ...] = ()
    """The names of other proposals that it makes all at once."""
    proof: Proof = Proof()
