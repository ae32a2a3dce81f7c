"""The form of an advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.domain.finding import Responsibility, Severity


@dataclass(frozen=True, slots=True)
class Advice:
    """What we say where a linter raises one of these codes."""

    codes: tuple[str, ...]
    name: str
    severity: Severity
    responsibility: Responsibility
    what: str
    """With `{code}` where the first line of the place stands."""
    why: str
    instead: str
