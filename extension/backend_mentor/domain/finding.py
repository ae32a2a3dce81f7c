"""What is worth acting on, and on what grounds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend_mentor.domain.cell import Span


class Severity(StrEnum):
    """How much it matters, from least to most."""

    INFO = "info"
    ADVICE = "advice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 3 for critical."""
        return list(Severity).index(self)


class Responsibility(StrEnum):
    """Which of a backend developer's duties it belongs to."""

    API = "api"
    DATABASE = "database"
    SECURITY = "security"
    LOGIC = "logic"
    PERFORMANCE = "performance"
    ERRORS = "errors"
    TESTING = "testing"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that the finding rests on, and where it was read."""

    fact: str
    """As in `orders has 200,000 rows`."""
    source: str
    """`plan`, `catalogue`, `statistics`, `text` or `run`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: in the text, in the plan, or both."""

    span: Span | None = None
    node: int | None = None
    """`PlanNode.number`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth acting on. `what` names the user's tables and numbers; `instead` is an imperative."""

    rule: str
    """The rule's kebab-case name, which is its file's name and its anchor in the catalogue."""
    severity: Severity
    responsibility: Responsibility
    what: str
    why: str
    instead: str
    evidence: tuple[Evidence, ...] = ()
    place: Place = Place()
