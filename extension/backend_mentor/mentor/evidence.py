"""What one conversation knows: the catalogue, and each result that a tool gave, numbered so that it can be cited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation, Plan, PlanNode
from backend_mentor.domain.proof import Effect, Proof
from backend_mentor.domain.proposal import Proposal
from backend_mentor.domain.schema import Schema
from backend_mentor.mentor.figures import Figure, Number
from backend_mentor.mentor.known_figures import figures_of, figures_said, table_figures
from backend_mentor.mentor.seeks import is_seek

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.review import Review

_SCANS = frozenset([Operation.SCAN])
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Record:
    """One result of a tool, or one statement of the review."""

    name: str
    """By which a sentence cites it: `r3`."""
    statement: str | None
    """The statement that it is about, as one line; None for the catalogue, code and tests."""
    text: str
    """All its words."""
    figures: tuple[Figure, ...]
    plan: Plan | None = None
    proposal: Proposal | None = None
    """What was tried, where something was: with its proof."""
    accepted: bool = False
    """True for a proposal that is shown as advice."""
    index_sought: str | None = None
    """The proposed index that a plan was seen to search by."""

    @property
    def proof(self) -> Proof | None:
        """What came of the trial."""
        return self.proposal.proof if self.proposal else None


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the evidence that one sentence may rest on."""

    schema: Schema
    cell: str
    records: tuple[Record, ...]
    words: frozenset[str] = field(default_factory=frozenset)
    """Every word of the cell and of the records, in lower case."""
    cited: frozenset[str] = field(default_factory=frozenset)
    """The names of the records that the sentence cites."""

    def holds(self, number: Number, tables: frozenset[str]) -> bool:
        """Return whether a result says this number, of one of these tables where the figure is a table's."""
        known = (figure for record in self.records for figure in record.figures)
        return any(number.says(figure) and _fits(figure, tables) for figure in known)

    def plans(self) -> Iterator[Plan]:
        """Yield the plans in sight."""
        return (record.plan for record in self.records if record.plan is not None)

    def nodes(self) -> Iterator[PlanNode]:
        """Yield every step of the plans in sight."""
        return (node for plan in self.plans() for node in plan.nodes())

    def seeks(self, index: str) -> bool:
        """Return whether a plan looks rows up by this index: existing, or proposed and seen to be searched."""
        wanted = index.lower()
        if any((record.index_sought or "").lower() == wanted for record in self.records):
            return True
        return any(is_seek(node) and (node.index or "").lower() == wanted for node in self.nodes())

    def reads(self, index: str) -> bool:
        """Return whether a plan reads this index in any way."""
        return any((node.index or "").lower() == index.lower() for node in self.nodes()) or self.seeks(index)

    def scans(self, table: str) -> bool:
        """Return whether a plan reads this table from end to end."""
        return any(node.operation in _SCANS and (node.relation or "").lower() == table.lower() for node in self.nodes())

    def scanned_tables(self) -> frozenset[str]:
        """Return the tables that a plan reads from end to end, in lower case."""
        return frozenset((node.relation or "").lower() for node in self.nodes() if node.operation in _SCANS)

    def proofs(self, kind: str | None = None) -> Iterator[Proof]:
        """Yield what came of the trials, of one kind of proposal where one is named."""
        for record in self.records:
            if record.proposal is not None and kind in (None, record.proposal.kind.value):
                yield record.proposal.proof

    def effects(self, kind: str | None = None) -> frozenset[Effect]:
        """Return every effect that a trial showed."""
        return frozenset(proof.effect for proof in self.proofs(kind))


class Evidence:
    """The records of one conversation; the first is the offline review of each statement."""

    def __init__(self, schema: Schema, cell: str, review: Review | None = None) -> None:
        self.schema, self.cell = schema, cell
        self.judged: dict[tuple[str, bool], tuple[str, ...]] = {}
        """What a sentence of prose claims beyond this evidence, until more is known: a stream is judged many times."""
        self.records: list[Record] = []
        catalogue = (
            Figure(float(len(schema.tables)), counts="tables"),
            *(figure for table in schema.tables for figure in table_figures(table)),
        )
        names = " ".join(_names(schema))
        engine = f"{schema.engine.title} {'.'.join(map(str, schema.engine.version))}"
        self._catalogue = Record("catalogue", None, f"{names} {engine}", catalogue)
        self.statements: tuple[str, ...] = ()
        if review is not None:
            self._add_review(review)

    def add(
        self,
        text: str,
        values: Iterable[object] = (),
        *,
        statement: str | None = None,
        plan: Plan | None = None,
        proposal: Proposal | None = None,
        accepted: bool = False,
        index_sought: str | None = None,
    ) -> str:
        """Keep a result and return the name to cite it by."""
        self.judged.clear()
        tables = frozenset(table.name.lower() for table in self.schema.tables)
        found = [figure for value in (*values, plan, proposal) for figure in figures_of(value)]
        found += [figure for sentence in re.split(r"(?<=[.;])\s", text) for figure in figures_said(sentence, tables)]
        name = f"r{len(self.records) + 1}"
        line = one_line(statement) if statement is not None else None
        record = Record(name, line, text, tuple(found), plan, proposal, accepted, index_sought)
        self.records.append(record)
        return name

    def turn_to(self, cell: str, review: Review) -> None:
        """Take up another cell; what is known of earlier ones stays, and is evidence only where it is cited."""
        self.cell = cell
        self.judged.clear()
        self._add_review(review)

    def scope(self, cited: Iterable[str] = ()) -> Scope:
        """Return what a sentence may rest on: what is about the cell's statements or none, and what it cites."""
        named = frozenset(cited)
        near = [each for each in self.records if each.statement in (None, *self.statements) or each.name in named]
        records = (self._catalogue, *near)
        words = _WORD.findall(" ".join([self.cell, *(record.text for record in records)]).lower())
        return Scope(self.schema, self.cell, records, frozenset(words), named)

    def knows(self, name: str) -> bool:
        """Return whether there is a record of that name."""
        return any(record.name == name for record in self.records)

    def _add_review(self, review: Review) -> None:
        reviews = (review, *review.further)
        self.statements = tuple(one_line(each.statement) for each in reviews if each.statement)
        for each in reviews:
            words = [each.conclusion, each.explanation.summary if each.explanation else ""]
            words += [f"{found.what} {found.why} {found.instead}" for found in each.findings]
            words += [fact.fact for found in each.findings for fact in found.evidence]
            self.add(" \n".join(words), statement=each.statement, plan=each.plan)
            for proposal in (*each.proposals, *each.rejected):
                self.add(
                    f"{proposal.title}. {proposal.after} {proposal.reason} {proposal.tradeoffs.price}",
                    statement=each.statement,
                    proposal=proposal,
                    accepted=proposal in each.proposals,
                )


def one_line(sql: str) -> str:
    """Return a statement as one line without its closing semicolon, so that two copies of it are equal."""
    return " ".join(sql.split()).rstrip("; ")


def _fits(figure: Figure, tables: frozenset[str]) -> bool:
    return not tables or bool(tables & figure.about)


def _names(schema: Schema) -> Iterator[str]:
    for table in schema.tables:
        yield table.name
        yield from (column.name for column in table.columns)
        yield from (index.name for index in table.indexes)
