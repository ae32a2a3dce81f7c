"""What an idea for a better version is, and the examples that are its tests and its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from backend_mentor.domain.subject import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.subject import Fact, Subject


@dataclass(frozen=True, slots=True)
class Becomes:
    """A statement and what the idea makes of it; both are run on trial databases by the tests."""

    before: str
    after: str
    """A rewrite's whole text, or an index's CREATE statement; layout is not compared."""
    schema: str
    """CREATE statements, made by the real engine for the example."""
    engine: str = "sqlite"
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuses:
    """A statement that looks like the idea's case and is not: the precondition that it lacks is `because`."""

    sql: str
    because: str
    schema: str
    engine: str = "sqlite"
    facts: tuple[Fact, ...] = ()


class Idea(Protocol):
    """One way to a better version. The class docstring says the condition under which it is valid."""

    name: ClassVar[str]
    gate: ClassVar[Gate]
    answers: ClassVar[tuple[str, ...]]
    """The rules whose findings it puts right."""
    examples: ClassVar[tuple[Becomes | Refuses, ...]]

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield the facts that the idea would rest on for this statement; the database is asked for them."""

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield what is worth a trial, with each precondition established; `subject.facts` holds what was confirmed."""
