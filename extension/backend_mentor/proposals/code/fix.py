"""What a fix for code is: byte-exact edits of the author's own text, so that comments and layout stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.proof import Condition
    from backend_mentor.domain.proposal import Tradeoffs


@dataclass(frozen=True, slots=True)
class Fixes:
    """A cell and what the fix makes of it. The rule is noticed in `before`, and silent in `after`."""

    before: str
    after: str
    """The whole cell, compared to the letter."""


@dataclass(frozen=True, slots=True)
class Declines:
    """A cell in which the rule is noticed and the fix does nothing: the precondition that it lacks is `because`."""

    code: str
    because: str


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` of the cell's text give way to `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one fix does for one finding."""

    title: str
    """One imperative line in the user's names: `Bind name as a parameter`."""
    reason: str
    """Why it does the same, and why it is better."""
    edits: tuple[Edit, ...]
    """They do not overlap."""
    tradeoffs: Tradeoffs
    imports: tuple[str, ...] = ()
    """Names that the new text needs, as `secrets` or `sqlalchemy.orm.selectinload`; one already bound is not added."""
    conditions: tuple[Condition, ...] = ()
    """Preconditions, and how each was established in this cell."""
    keeps_contract: bool = True
    """False where callers who did nothing wrong see a different answer: such a change is offered on its own, and is
    never part of the one diff that puts everything right."""


class CodeFix(Protocol):
    """One way to put a finding right. The class docstring says the condition under which it is valid."""

    name: ClassVar[str]
    answers: ClassVar[tuple[str, ...]]
    """The rules whose findings it puts right, ours or a linter's."""
    examples: ClassVar[tuple[Fixes | Declines, ...]]

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Return what is to be edited for this finding, or None where a precondition does not hold."""
