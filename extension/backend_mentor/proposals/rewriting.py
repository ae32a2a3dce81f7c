"""How a rewrite works: one sound step at a time on a copy of the tree, then the author's text with the change in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.refusals import refusal
from backend_mentor.reading.latest import keep_latest
from backend_mentor.reading.merge import merge_edit, prints_faithfully

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from backend_mentor.domain.proof import Condition
    from backend_mentor.domain.subject import Fact, Gate, Subject
    from backend_mentor.proposals.idea import Becomes, Refuses

# A statement with more places than this gets the rest in the next review.
_MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One change that was made to a draft, and the preconditions that were established before it was made."""

    title: str
    conditions: tuple[Condition, ...]
    root: exp.Expr | None = None
    """The new tree, where the edit replaced the root itself."""


class Rewrite(ABC):
    """An idea that changes the statement. A subclass makes one change at a time; equivalence carries over a chain."""

    name: ClassVar[str]
    gate: ClassVar[Gate]
    answers: ClassVar[tuple[str, ...]]
    examples: ClassVar[tuple[Becomes | Refuses, ...]]
    reason: ClassVar[str]
    tradeoffs: ClassVar[Tradeoffs]

    @abstractmethod
    def take_step(self, draft: Draft) -> Step | None:
        """Edit the tree at the first place where the rewrite is sound; None, and no edit, where there is none."""

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield the facts that the idea would rest on; none unless a subclass says so."""
        yield from ()

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield one proposal with every place changed, where there is one."""
        if refusal(subject) is not None:
            return
        steps, draft = self._walk(subject)
        statement = subject.statement
        if not steps or not prints_faithfully(statement.tree, statement.dialect):
            return
        yield Proposal(
            ProposalKind.REWRITE,
            self.name,
            steps[0].title,
            before=statement.sql,
            after=merge_edit(statement.sql, statement.tree, draft.tree, statement.dialect),
            reason=self.reason,
            tradeoffs=self.tradeoffs,
            answers=self.answers,
            conditions=tuple(dict.fromkeys(condition for step in steps for condition in step.conditions)),
        )

    def _walk(self, subject: Subject) -> tuple[list[Step], Draft]:
        steps: list[Step] = []
        shared = _pristine(subject)
        draft = shared.pop() if shared else Draft.of(subject)
        first = draft
        while len(steps) < _MOST_STEPS and (step := self.take_step(draft)) is not None:
            steps.append(step)
            draft = Draft.of(subject, step.root or draft.tree)
        if draft is first:
            shared.append(draft)
        return steps, draft


@keep_latest
def _pristine(subject: Subject) -> list[Draft]:
    """Return where a draft that one idea found nothing to edit in waits for the next: most ideas find nothing."""
    del subject
    return []
