"""The story of a cell of code: it is judged, changed and judged again, and the SQL in it is reviewed like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.review import Review, Skipped
from backend_mentor.proofs.code import propose_code
from backend_mentor.proofs.conclusion import conclude
from backend_mentor.proofs.judging import judge
from backend_mentor.proofs.running.proposals import run_proposals
from backend_mentor.proofs.running.stage import Stage, run_stage
from backend_mentor.reading.endpoints import explain_source
from backend_mentor.rules.endpoint.escalations import escalate_code
from backend_mentor.rules.endpoint.questions import ask_about_code
from backend_mentor.stages.code_sql import review_sql_inside

if TYPE_CHECKING:
    from backend_mentor.domain.cell import Cell
    from backend_mentor.proofs.running.stage import Executed
    from backend_mentor.stages.code_sql import ReviewStatement
    from backend_mentor.stages.desk import Desk


def review_code(cell: Cell, desk: Desk, executed: Executed | None, review_statement: ReviewStatement) -> Review:
    """Return the review of a cell of code; `review_statement` reviews SQL that stands in it.

    Raises CellError where no statement of the cell is Python.
    """
    with desk.stage("findings"):
        judged = judge(cell)
    source = judged.source
    skipped = [Skipped("reading", f"line {each.span.line} is not Python: {each.reason}") for each in source.unread]
    skipped += [judged.linters_skipped] if judged.linters_skipped else []
    ran = Stage(judged.findings)
    if executed is not None:
        with desk.stage("running"):
            ran = run_stage(source, judged.findings, executed, desk.database.stop, desk.progress)
    with desk.stage("proposals"):
        proposals = tuple(each for each in propose_code(judged) if ran.wants(each))
    if ran.target is not None:
        with desk.stage("running proposals"):
            proposals = run_proposals(proposals, ran.target, desk.progress)
    with desk.stage("SQL inside"):
        inside = review_sql_inside(cell, source, desk, review_statement)
    draft = Review(
        cell,
        desk.provenance(),
        statement=cell.text,
        explanation=explain_source(source),
        trace=ran.trace,
        findings=ran.findings,
        proposals=(*(each for each in proposals if not each.proof.refuted), *inside.proposals),
        rejected=tuple(each for each in proposals if each.proof.refuted),
        questions=ask_about_code(source),
        escalations=escalate_code(source, ran.findings),
        skipped=(*skipped, *ran.skipped, *inside.skipped),
        further=inside.reviews,
    )
    return replace(draft, conclusion=conclude(draft))
