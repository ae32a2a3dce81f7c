"""What the front end gets of a review: its drawing, what to mark in the cell, and what can be put into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.renderers.page import Drawing, draw, drawing_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View

# Beyond this a browser would spend seconds on what nobody reads.
_MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding's place in the cell, in characters from its start."""

    start: int
    end: int
    severity: str
    rule: str
    what: str
    instead: str
    fix: int | None
    """The number of the change that puts it right, where one takes the place of the text."""


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal as text: `before`, where it stands in the cell, gives way to `after`; empty for a thing added."""

    number: int
    """Of the whole cell, from 1: what `%backend apply` takes it by."""
    title: str
    before: str
    after: str
    language: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A review, ready for the sidebar."""

    number: int
    """Of this kernel's reviews, from 1."""
    name: str
    conclusion: str
    drawing: Drawing
    marks: tuple[Mark, ...]
    changes: tuple[Change, ...]


def deliver(review: Review, view: View, number: int) -> dict[str, object]:
    """Return the delivery as JSON; a drawing too large for a browser gives way to its conclusion."""
    from msgspec import to_builtins
    from msgspec.json import encode

    reviews = (review, *review.further)
    offered = [proposal for one in reviews for proposal in one.proposals]
    marks = tuple(
        Mark(
            span.start,
            span.end,
            finding.severity.value,
            finding.rule,
            finding.what,
            finding.instead,
            _fix(finding, one, offered),
        )
        for one in reviews
        for finding in one.findings
        if (span := finding.place.span) is not None
    )
    changes = tuple(
        Change(place, each.title, each.before, each.after, "python" if each.kind.value == "code" else "sql")
        for place, each in enumerate(offered, start=1)
    )
    conclusion = review.conclusion or review.failure or ""
    delivery = Delivery(number, review.cell.name, conclusion, drawing_of(review, view), marks, changes)
    made: dict[str, object] = {**to_builtins(delivery), "drawing": draw(review, view)}
    if len(encode(made)) > _MOST_CHARACTERS:
        made["drawing"] = None
    return made


def _fix(finding: Finding, review: Review, offered: Sequence[Proposal]) -> int | None:
    """Return the number, of the whole cell, of the best proposal for the statement that answers the finding."""
    for proposal in review.proposals:
        if proposal.before and finding.rule in proposal.answers:
            return next(place for place, each in enumerate(offered, start=1) if each is proposal)
    return None
