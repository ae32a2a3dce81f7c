"""What a rule is, and the examples that are its tests and its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from backend_mentor.domain.subject import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding, Responsibility, Severity
    from backend_mentor.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class Flags:
    """A statement or a plan that the rule must notice."""

    sql: str
    says: str
    """Words that the finding's `what` must hold."""
    schema: str = ""
    """CREATE statements, run on a real SQLite or Postgres for the example."""
    plan: str = ""
    """The engine's EXPLAIN output, where the rule reads plans; our own reading of it makes the tree."""
    engine: str = "sqlite"


@dataclass(frozen=True, slots=True)
class Passes:
    """A statement or a plan on which the rule must stay silent, and why."""

    sql: str
    because: str
    schema: str = ""
    plan: str = ""
    engine: str = "sqlite"


class Rule(Protocol):
    """One thing worth noticing. The class docstring is for its user: what is wrong, then why."""

    name: ClassVar[str]
    severity: ClassVar[Severity]
    responsibility: ClassVar[Responsibility]
    gate: ClassVar[Gate]
    examples: ClassVar[tuple[Flags | Passes, ...]]

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a finding for each place in which the rule applies; hold no state."""
