"""What came of many cells: text for a terminal, Markdown for a pull request, JSON for programs."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Severity
from backend_mentor.renderers.figures import count, write_milliseconds
from backend_mentor.renderers.json import to_json_value
from backend_mentor.renderers.markdown import escape
from backend_mentor.renderers.narration import notices_of, paragraphs_of, said_in
from backend_mentor.renderers.prose import make_visible
from backend_mentor.renderers.sarif import render as render_sarif
from backend_mentor.renderers.wording import SEVERITY_MARKS
from backend_mentor.renderers.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.batch import Outcome, Summary
    from backend_mentor.domain.finding import Finding

_WIDTH = 100


def render_text(summary: Summary) -> str:
    """Return the findings by file and line, gravest first within a line, and one line of totals."""
    lines: list[str] = []
    for path, outcomes in groupby(summary.outcomes, key=lambda outcome: outcome.piece.path):
        told = [line for outcome in outcomes for line in _outcome_lines(outcome)]
        lines += [path, *told, ""] if told else []
    for path, reason in summary.passed_over:
        lines.append(f"{path}: passed over, {reason}")
    lines += wrap(total(summary), _WIDTH)
    lines += wrap(summary.narration, _WIDTH) if summary.narration else []
    return "\n".join(lines) + "\n"


def render_markdown(summary: Summary) -> str:
    """Return a table of the findings, with the totals before it."""
    rows = [
        f"| {escape(where)} | {finding.severity.value} | `{finding.rule}` | {escape(finding.what)} |"
        for outcome in summary.outcomes
        for where, finding in _placed(outcome)
    ]
    failed = [
        f"- {escape(outcome.piece.name)}: {escape(' '.join(failure.split()))}"
        for outcome in summary.outcomes
        for failure in outcome.failures
    ]
    told = [
        f"> {escape(' '.join(said.split()))}\n"
        for outcome in summary.outcomes
        for said in (f"{outcome.piece.name}: the mentor", *_said(outcome))
        if outcome.narrative
    ]
    if summary.narration:
        told += [escape(summary.narration)]
    table = ["", "| where | severity | rule | what |", "|---|---|---|---|", *rows] if rows else []
    return (
        "\n".join(
            [
                escape(total(summary)),
                *table,
                *(["", "Not reviewed:", "", *failed] if failed else []),
                *(["", *told] if told else []),
            ]
        )
        + "\n"
    )


def render_json(summary: Summary) -> str:
    """Return all of it as indented JSON."""
    from msgspec.json import encode, format

    return format(encode(to_json_value(summary)), indent=2).decode() + "\n"


SUMMARIES: dict[str, Callable[[Summary], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "json": render_json,
    "sarif": render_sarif,
}
"""By the name that `--format` takes."""


def total(summary: Summary) -> str:
    """Return one sentence: how much was reviewed where, and what was found."""
    files = len({outcome.piece.path for outcome in summary.outcomes})
    counts = Counter(finding.severity for outcome in summary.outcomes for finding in outcome.findings)
    found = ", ".join(f"{counts[each]} {each.value}" for each in reversed(Severity) if counts[each]) or "no findings"
    offers = sum(len(outcome.offers) for outcome in summary.outcomes)
    resumed = f", {summary.resumed} of them by an earlier run" if summary.resumed else ""
    failed = f"; {summary.failures} could not be reviewed wholly" if summary.failures else ""
    spent = write_milliseconds(sum(outcome.milliseconds for outcome in summary.outcomes))
    return (
        f"{count(len(summary.outcomes), 'piece')} of {count(files, 'file')}{resumed}, reviewed on {summary.database} "
        f"({summary.engine}, read-only) in {spent} of work: {found}; {count(offers, 'better version')} offered{failed}."
    )


def _outcome_lines(outcome: Outcome) -> Iterator[str]:
    for where, finding in _placed(outcome):
        place = where.removeprefix(outcome.piece.path).lstrip(": ")
        yield from wrap(
            f"{SEVERITY_MARKS[finding.severity]} {place}  {finding.rule} · {finding.what}", _WIDTH, "  ", "      "
        )
    for offer in outcome.offers[:1]:
        yield from wrap(f"better: {offer.title} ({offer.verdict})", _WIDTH, "      ")
    if outcome.narrative:
        yield from wrap(f"{outcome.piece.name}: {outcome.narrative.speaker}", _WIDTH, "      ")
    for said in _said(outcome):
        yield from wrap(" ".join(said.split()), _WIDTH, "        ")
    for failure in outcome.failures:
        yield from wrap(f"! {outcome.piece.line}  not reviewed: {' '.join(failure.split())}", _WIDTH, "  ", "      ")


def _said(outcome: Outcome) -> tuple[str, ...]:
    """Return Claude's words on a piece in paragraphs, marks in place, and what is to be known of them."""
    if outcome.narrative is None:
        return ()
    return (*(make_visible(said_in(each)) for each in paragraphs_of(outcome.narrative)), *notices_of(outcome.narrative))


def _placed(outcome: Outcome) -> Iterator[tuple[str, Finding]]:
    for finding in outcome.findings:
        line = finding.place.span.line if finding.place.span else outcome.piece.line
        piece = outcome.piece
        yield (
            (f"{piece.path}:{line}" if piece.cell is None else f"{piece.path} cell {piece.cell}, line {line}"),
            finding,
        )
