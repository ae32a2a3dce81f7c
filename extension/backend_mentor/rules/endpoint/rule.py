"""What a rule for endpoint code is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding, Responsibility, Severity
    from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode


class CodeRule(Protocol):
    """One thing worth noticing in code. The class docstring is for its user: what is wrong, then why."""

    name: ClassVar[str]
    severity: ClassVar[Severity]
    responsibility: ClassVar[Responsibility]
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]]

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a finding for each place in which the rule applies; hold no state."""
