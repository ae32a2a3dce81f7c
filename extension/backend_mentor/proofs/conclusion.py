"""The one sentence that a review ends in: what to do, or why to leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.domain.request import Understanding

if TYPE_CHECKING:
    from backend_mentor.domain.plan import PlanNode
    from backend_mentor.domain.proof import Measurement
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.request import Request
    from backend_mentor.domain.review import Review

_OPENINGS = {"A", "All", "Each", "For", "In", "No", "On", "The", "This", "Without"}
_READS_EVERYTHING = {Operation.SCAN, Operation.INDEX_SCAN}


def conclude(review: Review) -> str:
    """Return what to do about the statement, from the best proposal's proof or from the lack of one."""
    urgent = [finding for finding in review.findings if finding.severity.rank >= 2]
    if review.cell.kind is CellKind.ENDPOINT and not review.plan:
        return _on_code(review, len(urgent))
    if review.proposals:
        return _take(review.proposals[0])
    if urgent:
        return f"Nothing to put in its place was found, so act on this first: {_clause(urgent[0].what)}."
    advice = [finding for finding in review.findings if finding.severity.rank == 1]
    if advice:
        return f"No better version was found here; what remains is advice: {_clause(advice[0].what)}."
    return f"Leave it, because {_why_leave(review)}."


def conclude_so_far(review: Review, ideas: int) -> str:
    """Return what is found while ideas for a better version are still to be tried."""
    trying = f"{ideas} idea{'s' if ideas > 1 else ''} for a better version {'are' if ideas > 1 else 'is'} being tried"
    if not review.findings:
        return f"Nothing was found in its text or its plan; {trying}."
    return f"{review.findings[0].what.rstrip().rstrip('.')}; {trying}."


def conclude_request(request: Request) -> str:
    """Return what to do about a request: take its recipe, or say more."""
    if request.understanding is Understanding.CLEAR:
        names = [match.recipe.name for match in request.asked]
        take = f"Take {names[0]}" if len(names) == 1 else f"Take {', '.join(names[:-1])} and {names[-1]}"
        return f"{take}: answer the questions below first, for each answer changes the code."
    if request.understanding is Understanding.AMBIGUOUS:
        return "Say which of these you mean before anything is built: your words fit more than one thing."
    return "There is no recipe for this: say in one sentence what a caller sends and what comes back."


def _on_code(review: Review, urgent: int) -> str:
    inside = next(((each.line, finding) for each in review.further for finding in each.findings), None)
    if not review.findings and inside is not None:
        line, finding = inside
        return f"Nothing in the code itself calls for a change; the SQL on line {line} does: {_clause(finding.what)}."
    if not review.findings:
        return "Nothing in this code was found that should change."
    first = _clause(review.findings[0].what)
    offered = _offered(review)
    if not urgent:
        return f"Nothing in this code is urgent; what remains is advice, first that {first}.{offered}"
    return (
        f"Put {urgent} thing{'s' if urgent > 1 else ''} right before this goes out, this one first: {first}.{offered}"
    )


def _offered(review: Review) -> str:
    checks = [each.proof.code for each in review.proposals if each.proof.code is not None]
    if not checks:
        return ""
    silenced = len(checks[0].silenced)
    ran = "answers the same requests the same" if checks[0].answers_the_same else "was judged again and not run"
    return f" Change 1 puts {silenced} of {len(review.findings)} findings right; it {ran}."


def _clause(sentence: str) -> str:
    """Return a sentence as the end of another: no full stop, and no capital where its first word is plain English."""
    bare = sentence.rstrip().rstrip(".")
    opening = bare.split(" ", 1)[0]
    return bare[0].lower() + bare[1:] if opening in _OPENINGS else bare


def _take(best: Proposal) -> str:
    what = "Build the index" if best.kind is ProposalKind.INDEX else "Take the rewrite"
    proof = best.proof
    if proof.effect is Effect.FASTER and proof.measurement is not None:
        return f"{what} {best.name}: {_gain(proof.measurement)}."
    if proof.effect is Effect.CHEAPER:
        return f"{what} {best.name} after a measured run: so far it is cheaper by the planner's estimate alone."
    if proof.rung is Rung.NOT_SUPPORTED:
        return f"{what} {best.name} only after a test of your own: it could not be tried here."
    return f"{what} {best.name} after a measured run: what it saves is not known yet."


def _gain(measurement: Measurement) -> str:
    time = f"{_figure(measurement.before.median)} ms become {_figure(measurement.after.median)} ms"
    if measurement.before.count is None or measurement.after.count is None:
        return time
    return f"{measurement.before.count:,} {measurement.unit} become {measurement.after.count:,}, {time}"


def _why_leave(review: Review) -> str:
    tried = len(review.rejected)
    if review.plan is None:
        return "no plan is known and nothing in the text calls for a change"
    attempts = ""
    if tried:
        attempts = f", and {tried} other way{'s' if tried > 1 else ''} tried here gained nothing"
    costly = review.plan.costly
    if costly is None:
        return f"nothing in its text or its plan calls for a change{attempts}"
    return f"{_work_of(costly)}{attempts}"


def _work_of(node: PlanNode) -> str:
    rows = node.total_visited_rows or node.total_actual_rows or node.estimated_rows
    amount = f" {rows:,.0f} row{'' if rows == 1 else 's'}" if rows else ""
    if node.relation is None:
        return f"its work is the {node.operation}{f' of{amount}' if amount else ''} that the question asks for"
    if node.operation in _READS_EVERYTHING:
        return f"the answer needs{' the' + amount if amount else ' every row'} of {node.relation} that it reads"
    return f"it already reaches {node.relation} by {node.index or 'its key'}" + (f", reading{amount}" if amount else "")


def _figure(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 10 else f"{milliseconds:.2g}"
