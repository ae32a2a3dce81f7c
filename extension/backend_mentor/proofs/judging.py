"""A cell of code judged: read, and gone through by every rule and linter, before and after a change alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.code_check import CodeCheck, Noticed
from backend_mentor.domain.errors import CellError, NotSupportedError, TimeLimitError
from backend_mentor.domain.review import Skipped
from backend_mentor.linters.ruff import lint
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.cell import Cell
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Judged:
    """A version of a cell, with what is found in it."""

    cell: Cell
    source: Source
    findings: tuple[Finding, ...]
    linters_skipped: Skipped | None = None
    """Why the linters could not be run."""


def judge(cell: Cell) -> Judged:
    """Return what is found in a cell of code; raises CellError where no statement of it can be read."""
    source = read_source(cell)
    linted: tuple[Finding, ...] = ()
    skipped = None
    try:
        linted = lint(source.text)
    except (NotSupportedError, TimeLimitError) as error:
        skipped = Skipped("linters", error.what, error.remedy)
    return Judged(cell, source, find_in_code(source, linted), skipped)


def judge_change(before: Judged, text: str) -> Judged | None:
    """Return the same of a changed text; None where something in it is no Python that was before."""
    try:
        after = judge(replace(before.cell, text=text))
    except CellError:
        return None
    return after if len(after.source.unread) <= len(before.source.unread) else None


def compare(before: Judged, after: Judged | None, targets: Iterable[Finding], *, keeps_contract: bool) -> CodeCheck:
    """Return what became of the findings that a change was to put right, and of all others.

    Lines shift and code changes, so findings are counted by rule: a rule that is noticed less often by as much as it
    was to be is silenced, and one that is noticed more often has found something new.
    """
    if after is None:
        return CodeCheck(parses=False, keeps_contract=keeps_contract)
    aimed = Counter(finding.rule for finding in targets)
    was, became = _by_rule(before.findings), _by_rule(after.findings)
    silenced: list[Noticed] = []
    remaining: list[Noticed] = []
    for rule, count in aimed.items():
        left = max(len(became.get(rule, ())) - (len(was.get(rule, ())) - count), 0)
        silenced += noticed(finding for finding in targets if finding.rule == rule)[: max(count - left, 0)]
        remaining += noticed(became.get(rule, ()))[: min(left, count)]
    added: list[Noticed] = []
    for rule, findings in became.items():
        more = len(findings) - len(was.get(rule, ()))
        if more > 0:
            added += _new_of(findings, was.get(rule, []), before.source, after.source)[:more]
    linted = before.linters_skipped is None and after.linters_skipped is None
    return CodeCheck(True, tuple(silenced), tuple(remaining), tuple(added), linted, keeps_contract)


def _by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    return found


def _new_of(after: list[Finding], before: list[Finding], old: Source, new: Source) -> tuple[Noticed, ...]:
    """Return what is found after the change, first what stands on code that it was not found on before."""
    known = {_code(finding, old) for finding in before}
    return noticed(sorted(after, key=lambda finding: _code(finding, new) in known))


def _code(finding: Finding, source: Source) -> str:
    span = finding.place.span
    return " ".join(source.text[span.start : span.end].split()) if span else ""


def noticed(findings: Iterable[Finding]) -> tuple[Noticed, ...]:
    """Return findings by their names and lines."""
    return tuple(Noticed(finding.rule, finding.place.span.line if finding.place.span else 0) for finding in findings)
