"""What is bigger than the cell: matters to take to the team."""

from __future__ import annotations

from collections.abc import Sequence

from backend_mentor.domain.finding import Finding
from backend_mentor.domain.review import Escalation
from backend_mentor.domain.subject import Subject


def escalate(subject: Subject, findings: Sequence[Finding]) -> tuple[Escalation, ...]:
    """Return the matters that one cell can not settle."""
    return ()
