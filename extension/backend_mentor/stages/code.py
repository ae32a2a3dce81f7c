"""The story of a cell of code: it is judged, changed and judged again, and the SQL in it is reviewed like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.endpoint import Building
from backend_mentor.domain.errors import ConnectError, MentorError
from backend_mentor.domain.review import Review, Skipped
from backend_mentor.proofs.code import propose_code
from backend_mentor.proofs.conclusion import conclude
from backend_mentor.proofs.judging import judge
from backend_mentor.proofs.running.proposals import run_proposals
from backend_mentor.proofs.running.stage import Stage, run_stage
from backend_mentor.reading.endpoints import explain_source
from backend_mentor.reading.statements import read_statements
from backend_mentor.rules.endpoint.questions import ask_about_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend_mentor.domain.endpoint import Query
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.proofs.running.stage import Executed
    from backend_mentor.stages.desk import Desk

    ReviewStatement = Callable[[Cell, Statement, Schema, Desk], Review]


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
        proposals = propose_code(judged)
    if ran.target is not None:
        with desk.stage("running proposals"):
            proposals = run_proposals(proposals, ran.target, desk.progress)
    literal = [query for query in source.queries if query.building is Building.LITERAL]
    further = [found for query in literal if (found := _review_query(cell, query, desk, skipped, review_statement))]
    draft = Review(
        cell,
        desk.provenance(),
        statement=cell.text,
        explanation=explain_source(source),
        trace=ran.trace,
        findings=ran.findings,
        proposals=tuple(each for each in proposals if not each.proof.refuted),
        rejected=tuple(each for each in proposals if each.proof.refuted),
        questions=ask_about_code(source),
        skipped=(*skipped, *ran.skipped),
        further=tuple(further),
    )
    return replace(draft, conclusion=conclude(draft))


def _review_query(
    cell: Cell, query: Query, desk: Desk, skipped: list[Skipped], review_statement: ReviewStatement
) -> Review | None:
    """Review SQL that stands in the code; that this database can not plan it is no fault of the code's."""
    database = desk.database
    try:
        schema = database.schema()
        sql = Cell(query.text, CellKind.SQL, cell.name, database.engine.name)
        (statement,) = read_statements(sql, database.engine.name, schema)
        return review_statement(cell, statement, schema, desk)
    except ConnectError:
        raise
    except (MentorError, ValueError) as error:
        what, remedy = (error.what, error.remedy) if isinstance(error, MentorError) else ("it is no one statement", "")
        skipped.append(Skipped(f"the SQL on line {query.span.line}", what.rstrip("."), remedy or None))
        return None
