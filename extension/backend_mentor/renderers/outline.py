"""A review arranged for reading: what every renderer shows and in which words, before any layout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.renderers.figures import count, write_share
from backend_mentor.renderers.offers import Offer, Rejection, offer_of, rejection_of
from backend_mentor.renderers.plan_tree import PlanPicture, picture
from backend_mentor.renderers.plan_words import ask_about, title_of
from backend_mentor.renderers.prose import names_of
from backend_mentor.renderers.tables import shorten
from backend_mentor.renderers.trace import RunPicture, picture_run
from backend_mentor.renderers.wording import SEVERITY_MARKS, describe_origin, describe_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.narrative import Narrative
    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.view import View

NO_ESCALATION = "Nothing here needs more than this cell."
ANSWER_KEPT_BACK = "The answer is kept back: review it again without --hint to see it."


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding, ready to be drawn."""

    mark: str
    severity: str
    rule: str
    what: str
    lines: tuple[tuple[str, str], ...]
    """Labelled: why, instead, seen."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One statement's review, ready to be laid out; empty parts are left out by the renderers."""

    heading: str | None
    """Which of several it is: `Statement 2 of 3`, `SQL in the code, 1 of 2`; None where it stands alone."""
    statement: str
    failure: str | None
    conclusion: str
    narrative: Narrative | None
    summary: str | None
    steps: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]
    offers: tuple[Offer, ...]
    tempting: tuple[Rejection, ...]
    useless: tuple[Rejection, ...]
    plan: PlanPicture | None
    run: RunPicture | None
    questions: tuple[tuple[str, str], ...]
    escalations: tuple[tuple[str, str], ...]
    skipped: tuple[str, ...]
    hints: tuple[str, ...]
    names: frozenset[str]
    """Names that are set as code."""
    is_request: bool
    """True for a request in plain words, whose steps are the design and are always shown."""

    @property
    def opening(self) -> str:
        """The heading of the summary."""
        return "What I understood" if self.is_request else "What it does"


@dataclass(frozen=True, slots=True)
class Page:
    """A cell's review: one outline for each statement, between one header and one footer."""

    header: tuple[str, ...]
    notes: tuple[str, ...]
    outlines: tuple[Outline, ...]
    footer: tuple[str, ...]


def arrange(review: Review, view: View) -> Page:
    """Return the page of a review and of the cell's other statements.

    SQL inside code of which there is nothing to say is named by its line and not shown.
    """
    told = review
    if review.cell.kind is CellKind.ENDPOINT:
        told = replace(review, further=tuple(each for each in review.further if _says_something(each)))
    outlines = [
        _outline(each, view, heading) for each, heading in zip((told, *told.further), _headings(told), strict=True)
    ]
    quiet = [each for each in review.further if each not in told.further]
    if quiet and outlines[0].summary:
        outlines[0] = replace(outlines[0], summary=f"{outlines[0].summary} {_name_quiet(quiet)}")
    return Page(
        header=describe_source(review),
        notes=review.provenance.notes,
        outlines=tuple(outlines),
        footer=describe_origin(review.provenance),
    )


def _says_something(review: Review) -> bool:
    refuted = any(each.proof.refuted for each in review.rejected)
    return bool(review.findings or review.proposals or refuted or review.failure or review.escalations)


def _name_quiet(reviews: list[Review]) -> str:
    lines = [f"{each.line}" for each in reviews if each.line]
    which = lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])} and {lines[-1]}"
    verb = (
        "was planned on this database, and nothing in it calls"
        if len(lines) == 1
        else ("were planned on this database, and nothing in them calls")
    )
    what = "The SQL on line" if len(lines) == 1 else "The statements on lines"
    return f"{what} {which} {verb} for a change."


def _headings(review: Review) -> tuple[str | None, ...]:
    count = len(review.further)
    if review.cell.kind is CellKind.ENDPOINT:
        lines = [f" on line {each.line}" if each.line else "" for each in review.further]
        return (None, *(f"SQL in the code{line}, {number} of {count}" for number, line in enumerate(lines, 1)))
    return tuple(f"Statement {number} of {count + 1}" for number in range(1, count + 2)) if count else (None,)


def _outline(review: Review, view: View, heading: str | None) -> Outline:
    numbered = enumerate(review.proposals, start=1)
    rejections = [rejection_of(proposal, view) for proposal in review.rejected]
    explanation = review.explanation
    is_request = review.cell.kind is CellKind.REQUEST
    is_code = review.cell.kind is CellKind.ENDPOINT
    reasons = view.explains or is_request
    return Outline(
        heading=heading,
        statement=review.statement,
        failure=review.failure,
        conclusion=review.conclusion,
        narrative=review.narrative,
        summary=explanation.summary if explanation else None,
        steps=tuple((step.clause, step.text) for step in explanation.steps) if explanation else (),
        notices=tuple(_notice(finding, view, is_code=is_code) for finding in review.findings),
        offers=tuple(offer_of(proposal, number, review.proposals) for number, proposal in numbered),
        tempting=tuple(each for each in rejections if each.refuted),
        useless=tuple(each for each in rejections if not each.refuted),
        plan=picture(review.plan) if review.plan else None,
        run=picture_run(review.trace) if review.trace else None,
        questions=tuple((question.text, question.why if reasons else "") for question in review.questions),
        escalations=tuple((each.text, each.why if reasons else "") for each in review.escalations),
        skipped=tuple(
            f"{each.stage}: {each.reason.rstrip('.')}" + (f". {each.remedy}" if each.remedy else "")
            for each in review.skipped
        ),
        hints=tuple(_hints(review)) if view.hint else (),
        names=names_of(review),
        is_request=is_request,
    )


def _notice(finding: Finding, view: View, *, is_code: bool) -> Notice:
    span = finding.place.span
    lines = [("why", finding.why), ("instead", finding.instead)]
    if view.explains:
        lines.append(("seen", " · ".join(f"{each.fact} ({each.source})" for each in finding.evidence)))
    return Notice(
        mark=SEVERITY_MARKS[finding.severity],
        severity=finding.severity.value.capitalize(),
        rule=finding.rule,
        what=f"Line {span.line}: {finding.what}" if is_code and span else finding.what,
        lines=tuple((label, text) for label, text in lines if text),
    )


def _hints(review: Review) -> Iterator[str]:
    """Yield where to look and what to ask, never what to write."""
    if review.plan is not None and review.plan.costly is not None:
        costly = review.plan.costly
        share = review.plan.shares()[review.plan.nodes().index(costly)] or 0.0
        yield (
            f"Look at the step {shorten(title_of(costly))}: it has {write_share(share)} of the "
            f"{review.plan.share_unit}. {ask_about(costly)}"
        )
    for finding in review.findings:
        severity, what = finding.severity.value.capitalize(), finding.what.rstrip(".")
        yield f"{severity}: {what}. Why does that cost, and what would avoid it?"
    for kind in dict.fromkeys(proposal.kind for proposal in review.proposals):
        best = next(proposal for proposal in review.proposals if proposal.kind is kind)
        yield f"{_NOUNS[kind]} was found: {best.proof.verdict}. What would yours be?"
    is_code = review.cell.kind is CellKind.ENDPOINT
    refuted = sum(proposal.proof.refuted for proposal in review.rejected)
    if refuted:
        asked = "What does it break?" if is_code else "Which row would tell it from yours?"
        yield f"{count(refuted, 'tempting version')} turned out wrong. {asked}"
    if not review.findings and not review.proposals:
        yield "Nothing was found that should change. What makes it good as it is?"


_NOUNS = {
    ProposalKind.REWRITE: "Another version",
    ProposalKind.INDEX: "An index",
    ProposalKind.CODE: "A change of the code",
    ProposalKind.STATISTICS: "A change of the statistics",
    ProposalKind.SETTING: "A setting",
}
