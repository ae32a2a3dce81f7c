"""The SQL inside code: each statement reviewed on the connected database, its findings placed in the code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import ConnectError, MentorError
from backend_mentor.domain.finding import Place
from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.domain.review import Skipped
from backend_mentor.domain.work import Building
from backend_mentor.proposals.code.editing import parses
from backend_mentor.reading.endpoints.literals import literal_of, places_of, span_within
from backend_mentor.reading.endpoints.orm_statements import translate
from backend_mentor.reading.statements import read_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.cell import Span
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.proof import Proof
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Review
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.work import Query
    from backend_mentor.stages.desk import Desk

    ReviewStatement = Callable[[Cell, Statement, Schema, Desk], Review]

_WORTH_A_DIFF = (Effect.FASTER, Effect.CHEAPER)


@dataclass(frozen=True, slots=True)
class Inside:
    """What came of the SQL inside a cell."""

    reviews: tuple[Review, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    """The cell with a statement in its text replaced by the one that was proved for it."""
    skipped: tuple[Skipped, ...] = ()


def review_sql_inside(cell: Cell, source: Source, desk: Desk, review_statement: ReviewStatement) -> Inside:
    """Return the reviews of literal SQL and of SQLAlchemy's statements whose tables are in the connected database.

    That this database can not plan one of them is no fault of the code's: it is said, and the rest goes on.
    """
    reviews: list[Review] = []
    proposals: list[Proposal] = []
    unplanned: dict[tuple[str, str | None], list[int]] = {}
    seen: set[str] = set()
    for query, sql in _statements(source, desk):
        # The same statement sent from several places is one statement to the database.
        if sql in seen:
            continue
        try:
            review = _review(cell, source, query, sql, desk, review_statement)
        except ConnectError:
            raise
        except (MentorError, ValueError) as error:
            told = (error.what, error.remedy) if isinstance(error, MentorError) else ("it is no one statement", None)
            unplanned.setdefault(told, []).append(query.span.line)
            continue
        seen.add(sql)
        reviews.append(review)
        proposals += _as_code(cell, source, query, review)
    skipped = tuple(
        Skipped(f"the SQL on line{'' if len(lines) == 1 else 's'} {_listed(lines)}", what.rstrip("."), remedy or None)
        for (what, remedy), lines in unplanned.items()
    )
    return Inside(tuple(reviews), tuple(proposals), skipped)


def _statements(source: Source, desk: Desk) -> Iterator[tuple[Query, str]]:
    known = {table.name.lower() for table in desk.database.schema().tables} if source.queries else set()
    for query in source.queries:
        if query.building is Building.LITERAL:
            yield query, query.text
            continue
        found = translate(source, query, desk.database.engine.name) if query.building is Building.ORM else None
        # A mapped class of another database is no finding, and its statement nothing to plan here.
        if found is not None and all(table.lower() in known for table in found.tables):
            yield query, found.sql


def _review(
    cell: Cell, source: Source, query: Query, sql: str, desk: Desk, review_statement: ReviewStatement
) -> Review:
    schema = desk.database.schema()
    dialect = desk.database.engine.name
    (statement,) = read_statements(Cell(sql, CellKind.SQL, cell.name, dialect), dialect, schema)
    review = review_statement(cell, statement, schema, desk)
    literal = literal_of(source, query)
    places = places_of(source, literal) if literal is not None else None

    def placed(span: Span | None) -> Place:
        if places is None or span is None:
            return Place(query.span)
        return Place(span_within(source, places, span.start, span.end))

    findings = tuple(
        replace(each, place=replace(placed(each.place.span), node=each.place.node)) for each in review.findings
    )
    return replace(review, findings=findings, line=query.span.line)


def _as_code(cell: Cell, source: Source, query: Query, review: Review) -> Iterator[Proposal]:
    """Yield the best rewrite of a literal statement as a change of the cell, with the statement's own proof."""
    literal = literal_of(source, query)
    best = next((each for each in review.proposals if each.kind is ProposalKind.REWRITE), None)
    if literal is None or best is None or not _is_worth_a_diff(best.proof):
        return
    written = _written(source, literal, query.text, best)
    if written is None:
        return
    span = query.span
    after = cell.text[: span.start] + written + cell.text[span.end :]
    if parses(source.text[: span.start] + written + source.text[span.end :]) or source.unread:
        title = f"{best.title}, on line {span.line}"
        yield replace(best, kind=ProposalKind.CODE, title=title, before=cell.text, after=after)


def _is_worth_a_diff(proof: Proof) -> bool:
    # SQLite's planner gives no figures: there a rewrite that a rule holds to be the same is worth trying.
    return proof.effect in _WORTH_A_DIFF or (proof.effect is Effect.UNKNOWN and proof.rung is Rung.BY_RULE)


def _written(source: Source, literal: ast.expr, text: str, best: Proposal) -> str | None:
    """Return the source of the proposed statement as a text, laid out as the one that it replaces."""
    if text.strip().rstrip(";").strip() != best.before.strip():
        return None
    value = text.replace(best.before, best.after, 1)
    code = source.code_of(literal)
    if "\\" in value or '"""' in value:
        return None
    written = f'"{value}"' if "\n" not in value and '"' not in value else f'"""{value}"""'
    if code.startswith("'''") or value.endswith('"'):
        return None
    # What is written has to be read as what was meant.
    return written if ast.literal_eval(written) == value else None


def _listed(numbers: list[int]) -> str:
    words = [str(number) for number in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
