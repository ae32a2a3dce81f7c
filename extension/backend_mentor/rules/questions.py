"""What only the author can answer: questions where the statement leaves its intent open."""

from __future__ import annotations

from backend_mentor.domain.review import Question
from backend_mentor.domain.subject import Subject


def ask(subject: Subject) -> tuple[Question, ...]:
    """Return at most three questions, the most important first."""
    return ()
