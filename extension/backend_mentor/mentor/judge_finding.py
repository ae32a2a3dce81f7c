"""A finding that the model reports: it is shown where every claim in it is held by a result that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Evidence, Finding, Place, Responsibility, Severity
from backend_mentor.mentor.claims import doubts, is_statement, one_space
from backend_mentor.mentor.sentences import split_sentences
from backend_mentor.mentor.verdicts import Judgement, doubts_in, refuse

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case
    from backend_mentor.mentor.evidence import Record

RULE = "claude"
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Support:
    """What a finding rests on: a result by its name with the fact read there, or a quotation of the cell."""

    source: str
    fact: str


def judge_finding(
    case: Case,
    texts: tuple[str, str, str],
    severity: str,
    responsibility: str,
    supports: tuple[Support, ...],
) -> Judgement:
    """Show the finding or refuse it; `texts` are what, why and instead."""
    if fault := _form(texts, supports, case):
        return refuse(fault)
    for support in supports:
        if fault := _unsupported(support, case):
            return refuse(fault)
    cited = tuple(support.source for support in supports if support.source != "cell")
    if doubted := doubts_in(texts, case, cited):
        return refuse(f"no result of this conversation holds: {'; '.join(doubted)}")
    held = tuple(Evidence(support.fact, "text" if support.source == "cell" else "plan") for support in supports)
    place = next((found for support in supports if (found := _place(support, case))), Place())
    finding = Finding(RULE, Severity(severity), Responsibility(responsibility), *texts, held, place)
    if any(finding.what == each.what for each in case.findings):
        return refuse("it was reported already")
    case.findings.append(finding)
    return Judgement(True, "shown to the user")


def _form(texts: tuple[str, ...], supports: tuple[Support, ...], case: Case) -> str | None:
    if not all(text.strip() for text in texts):
        return "what, why and instead must each say something"
    if any(len(text) > _LONGEST for text in texts):
        return f"each text has at most {_LONGEST} characters"
    if not supports:
        return "it names no evidence: cite a result (r1, r2, …) or quote the cell"
    pieces = [*texts, *(span for text in texts for span in re.findall(r"`([^`]+)`", text))]
    if any(
        is_statement(piece) and one_space(piece).lower() not in one_space(case.review.cell.text).lower()
        for piece in pieces
    ):
        return "a finding carries no SQL to run: use report_proposal, which tries it"
    return None


def _unsupported(support: Support, case: Case) -> str | None:
    if support.source == "cell":
        quoted = one_space(support.fact).strip("`'\" ")
        own = one_space(case.redactor.redact(case.review.cell.text))
        if len(quoted) < 3 or (quoted not in own and quoted not in one_space(case.review.cell.text)):
            return f"the cell does not hold the text {quoted:.60}"
        return None
    record = next((each for each in case.evidence.records if each.name == support.source), None)
    if record is None:
        return f"there is no result {support.source:.20} in this conversation"
    if record.statement is not None and record.statement not in case.evidence.statements:
        return f"{record.name} is about another statement than the cell's"
    return _not_in(record, support, case)


def _not_in(record: Record, support: Support, case: Case) -> str | None:
    """Return what of a fact the cited result alone does not hold."""
    if not support.fact.strip():
        return f"say which fact was read in {record.name}"
    whole = case.evidence.scope([record.name])
    only = [each for each in whole.records if each.name in (record.name, "catalogue")]
    scope = type(whole)(whole.schema, whole.cell, tuple(only), whole.words)
    found = [
        each
        for sentence in split_sentences(support.fact)
        for each in doubts(sentence, scope, is_code_cell=case.is_code)
    ]
    return f"{record.name} does not say: {'; '.join(found)}" if found else None


def _place(support: Support, case: Case) -> Place | None:
    if support.source != "cell":
        return None
    start = case.review.cell.text.find(support.fact)
    return Place(Span.of(case.review.cell.text, start, start + len(support.fact))) if start >= 0 else None
