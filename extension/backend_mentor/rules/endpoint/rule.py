"""What a rule for endpoint code is, and what a question about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding, Responsibility, Severity
    from backend_mentor.domain.review import Question
    from backend_mentor.rules.endpoint.example import AsksCode, FlagsCode, PassesCode


class CodeRule(Protocol):
    """One thing worth noticing in code. The class docstring is for its user: what is wrong, then why."""

    name: ClassVar[str]
    severity: ClassVar[Severity]
    responsibility: ClassVar[Responsibility]
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]]

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each place in which the rule applies; hold no state."""


class CodeQuestion(Protocol):
    """One thing in code that only its author can answer. The class docstring says what hangs on the answer."""

    name: ClassVar[str]
    responsibility: ClassVar[Responsibility]
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]]

    def ask(self, source: Source) -> Iterator[Question]:
        """Yield the question where the cell leaves it open; hold no state."""
