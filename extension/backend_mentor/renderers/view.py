"""How much of a review is shown, and how wide."""

from __future__ import annotations

from dataclasses import dataclass

from backend_mentor.domain.review import Level


@dataclass(frozen=True, slots=True)
class View:
    """What the reader asked for."""

    level: Level = Level.SENIOR
    """Junior adds the reasons, the steps and the vocabulary of plans and proofs; senior is terse."""
    hint: bool = False
    """True shows where to look and a question that leads there, and keeps the answer back."""
    width: int = 100
    """Characters in a line of text; HTML and Markdown wrap by themselves."""

    @property
    def explains(self) -> bool:
        """True where the reader wants the reasons too."""
        return self.level is Level.JUNIOR
