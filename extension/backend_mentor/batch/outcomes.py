"""From a review to what a batch keeps of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.batch import Offered, Outcome, PlanShape
from backend_mentor.domain.plan import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.batch import Piece
    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.plan import Plan, PlanNode
    from backend_mentor.domain.review import Review

_WHOLE = (Operation.SCAN, Operation.INDEX_SCAN)
_SORTS = (Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT)


def outcome_of(piece: Piece, review: Review) -> Outcome:
    """Return what a batch keeps of a review: findings on the file's lines, offers, plans' shapes and failures."""
    reviews = (review, *review.further)
    return Outcome(
        piece,
        findings=tuple(_on_line_of_file(finding, piece) for each in reviews for finding in each.findings),
        offers=tuple(
            Offered(offer.name, offer.title, offer.proof.verdict, offer.after)
            for each in reviews
            for offer in each.proposals
        ),
        conclusion=review.conclusion,
        failures=tuple(each.failure for each in reviews if each.failure),
        skipped=tuple(f"{each.stage}: {each.reason}" for one in reviews for each in one.skipped),
        plans=tuple(shape_of(each.statement, each.plan) for each in reviews if each.plan),
        milliseconds=review.provenance.milliseconds,
    )


def _on_line_of_file(finding: Finding, piece: Piece) -> Finding:
    span = finding.place.span
    if span is None:
        return finding
    moved = replace(span, line=span.line + piece.line - 1)
    return replace(finding, place=replace(finding.place, span=moved))


def shape_of(statement: str, plan: Plan) -> PlanShape:
    """Return the steps of a plan without its figures; the order of the nodes is the plan's own."""
    nodes = plan.nodes()
    return PlanShape(
        statement=re.sub(r"\s+", " ", statement).strip().rstrip(";"),
        engine=plan.engine.name,
        steps=tuple(_steps(plan.root, 0)),
        scanned=tuple(sorted(node.relation for node in nodes if node.relation and node.operation in _WHOLE)),
        sorts=sum(node.operation in _SORTS for node in nodes),
        cost=plan.root.cost,
    )


def _steps(node: PlanNode, depth: int) -> Iterator[str]:
    relation = f" {node.relation}" if node.relation else ""
    index = f" using {node.index}" if node.index else ""
    yield f"{'  ' * depth}{node.operation.value}{relation}{index}"
    for child in node.children:
        yield from _steps(child, depth + 1)
