"""What came of an exercise that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.domain.proof import Proof, Rows


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two statements that were compared for an exercise, and what was seen of them."""

    before: str
    after: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an attempt solves its exercise, in words and figures of what was tried."""

    is_solved: bool
    says: str
    """Sentences: what was found, with the figures."""
    comparison: Comparison | None = None
    """Of an attempt that answers another question: the rows that show it."""
    tables: tuple[Rows, ...] = ()
    """What else there is to see."""
