"""The story: what happens to a cell, stage by stage, until there is a review."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import ConnectError, MentorError, NotSupportedError, TimeLimitError
from backend_mentor.domain.review import Review, Skipped
from backend_mentor.domain.schema import Schema
from backend_mentor.domain.statement import Statement, StatementKind
from backend_mentor.domain.subject import Fact, Subject
from backend_mentor.proofs.choose import rank
from backend_mentor.proofs.conclusion import conclude, conclude_request, conclude_so_far
from backend_mentor.proofs.prove import prove_all
from backend_mentor.proofs.tested_code import run_recipe_tests
from backend_mentor.proposals import facts_wanted, propose
from backend_mentor.proposals.already_done import already_done
from backend_mentor.proposals.recipes import propose_recipe
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.explanation import explain
from backend_mentor.reading.names import check_names
from backend_mentor.reading.plans import read_pasted_plan
from backend_mentor.reading.request import explain_request, read_request
from backend_mentor.reading.sql import read_statement
from backend_mentor.reading.statements import read_statements
from backend_mentor.rules import answered_first, find
from backend_mentor.rules.escalations import escalate
from backend_mentor.rules.questions import ask
from backend_mentor.rules.requests import ask_about, escalate_request
from backend_mentor.shelf import read_recipes
from backend_mentor.stages.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.plan import Plan
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.proofs.running.stage import Executed


def review(
    text: str,
    database: Database,
    *,
    name: str = "cell",
    analyze: bool | None = None,
    variables: Mapping[str, object] | None = None,
    executed: Executed | None = None,
    progress: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.perf_counter,
    show: Callable[[Review], None] | None = None,
) -> Review:
    """Return the review of a cell on a connected database.

    `analyze` lets the statement really run; None leaves it to the database (yes on the demo, no elsewhere).
    `variables` are the notebook's, for `{{name}}`; `executed` stands for a cell of code that the notebook has run.
    Each stage is told to `progress` as it begins; `show` is given a first look at a query, whose proposals are still
    to be tried.
    Raises MentorError where the cell can not be reviewed; of several statements those that can be are.
    """
    desk = Desk(database, database.analyze_by_default if analyze is None else analyze, progress, clock, show)
    with desk.stage("reading"):
        cell = read_cell(text, name, database.engine.name)
        if cell.kind is CellKind.PLAN:
            return _review_plan(cell, desk)
        if cell.kind is CellKind.ENDPOINT:
            # Each statement inside would run and have its indexes built: that is only done where it was asked for.
            desk.analyze = analyze is True
            # Whoever reviews SQL alone does not wait for what code needs: half of all modules.
            from backend_mentor.stages.code import review_code

            return review_code(cell, desk, executed, _review_statement)
        if cell.kind is CellKind.REQUEST:
            return _review_request(cell, desk, run_tests=analyze is True)
        schema = database.schema()
        statements = read_statements(cell, database.engine.name, schema, variables)
    if len(statements) > 1:
        desk.show = None  # one look after the other would each seem to be the whole
    reviews = [_review_or_failure(cell, statement, schema, desk, len(statements)) for statement in statements]
    return replace(reviews[0], further=tuple(reviews[1:]))


def _review_statement(cell: Cell, statement: Statement, schema: Schema, desk: Desk) -> Review:
    database = desk.database
    skipped: list[Skipped] = []
    check_names(statement, schema)
    if statement.kind in (StatementKind.QUERY, StatementKind.UTILITY):
        database.check(statement)
    with desk.stage("plan"):
        plan = _plan(statement, desk, skipped)
    subject = Subject(statement, schema, plan)
    with desk.stage("facts"):
        subject = replace(subject, facts=_confirmed(facts_wanted(subject), desk))
    with desk.stage("findings"):
        findings = find(subject)
    with desk.stage("proposals"):
        ideas = propose(subject, findings)
    if plan is not None:
        plan = replace(plan, notes=(*plan.notes, *already_done(subject)))
    known = Review(
        cell,
        desk.provenance(),
        statement=statement.text,
        explanation=explain(subject),
        plan=plan,
        findings=answered_first(findings, ()),
        questions=ask(subject),
        escalations=escalate(subject, findings),
        skipped=tuple(skipped),
    )
    if desk.show is not None and ideas:
        desk.show(replace(known, conclusion=conclude_so_far(known, len(ideas))))
    with desk.stage("proofs"):
        proved = prove_all(ideas, subject, database, analyze=desk.analyze, progress=desk.progress)
    offered, rejected = rank([_as_written(each, statement) for each in proved])
    draft = replace(
        known,
        provenance=desk.provenance(),
        findings=answered_first(findings, offered[0].answers if offered else ()),
        proposals=tuple(offered),
        rejected=tuple(rejected),
    )
    return replace(draft, conclusion=conclude(draft))


def _as_written(proposal: Proposal, statement: Statement) -> Proposal:
    before, after = statement.as_written(proposal.before), statement.as_written(proposal.after)
    return replace(proposal, before=before, after=after)


def _plan(statement: Statement, desk: Desk, skipped: list[Skipped]) -> Plan | None:
    if statement.kind is StatementKind.DEFINITION:
        skipped.append(Skipped("plan", "a definition has no plan: it is reviewed as design and never run"))
        return None
    runs = desk.analyze and statement.kind is StatementKind.QUERY
    try:
        return desk.database.explain(statement, analyze=runs)
    except TimeLimitError as error:
        if not runs:
            raise
        skipped.append(Skipped("actual rows", error.what, error.remedy))
        desk.analyze = False
    except NotSupportedError as error:
        skipped.append(Skipped("plan", error.what, error.remedy))
        return None
    return desk.database.explain(statement)


def _confirmed(wanted: Iterable[Fact], desk: Desk) -> frozenset[Fact]:
    return frozenset(fact for fact in dict.fromkeys(wanted) if desk.database.holds(fact))


def _review_or_failure(cell: Cell, statement: Statement, schema: Schema, desk: Desk, among: int) -> Review:
    try:
        return _review_statement(cell, statement, schema, desk)
    except ConnectError:
        raise
    except MentorError as error:
        if among == 1:
            raise
        return Review(cell, desk.provenance(), statement=statement.text, failure=str(error))


def _review_plan(cell: Cell, desk: Desk) -> Review:
    plan = read_pasted_plan(cell.text, desk.database.engine)
    # A pasted plan comes without its statement; the rules that read SQL find nothing in this one.
    subject = Subject(read_statement("SELECT 1", plan.engine.name), Schema(plan.engine), plan)
    findings = find(subject)
    draft = Review(cell, desk.provenance(), statement=cell.text, plan=plan, findings=findings)
    skipped = (Skipped("proposals", "a pasted plan has no statement to improve", "Give the statement itself."),)
    return replace(draft, skipped=skipped, conclusion=conclude(draft))


def _review_request(cell: Cell, desk: Desk, *, run_tests: bool) -> Review:
    with desk.stage("request"):
        request = read_request(cell.body, read_recipes())
    with desk.stage("tests"):
        tested = [(match.recipe, run_recipe_tests(match.recipe) if run_tests else None) for match in request.asked]
    draft = Review(
        cell,
        desk.provenance(),
        statement=cell.body,
        explanation=explain_request(request),
        proposals=tuple(each for recipe, tests in tested for each in propose_recipe(recipe, tests)),
        questions=ask_about(request),
        escalations=escalate_request(request),
    )
    return replace(draft, conclusion=conclude_request(request))
