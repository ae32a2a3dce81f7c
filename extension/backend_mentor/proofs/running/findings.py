"""What a run shows to be wrong, and what it says of findings that were made by reading alone."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Evidence, Finding, Place, Responsibility, Severity
from backend_mentor.domain.trace import GrowthVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.trace import Exchange, Growth, SentStatement, Trace

SLOW_STATEMENT_MILLISECONDS = 100.0

_ON_GROWTH = frozenset(
    {"query-in-loop", "relation-loaded-in-loop", "answer-loads-relations", "serializer-loads-relations"}
)
"""Rules of reading that claim what growing data shows or refutes."""
_ON_BLOCKING = frozenset(
    {
        "blocking-call-in-async",
        "blocking-helper-in-async",
        "blocking-library-in-async",
        "sync-orm-in-async",
        "sync-session-in-async",
    }
)
_LONGEST_STATEMENT = 90


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings with what the run adds to them, and in plain words what it took back."""

    findings: tuple[Finding, ...]
    withdrawn: tuple[str, ...] = ()


def judge(source: Source, trace: Trace, findings: Iterable[Finding]) -> Judged:
    """Return the findings of reading and of the run together: confirmed with figures, taken back, or new.

    A finding is taken back only where the answer grew with the data while the statements did not."""
    kept, withdrawn = _without_refuted(source, trace, list(findings))
    for seen in _seen(source, trace):
        covering = [each for each in kept if each.rule in seen.confirms and _covers(source, each, seen)]
        if covering:
            kept = [_confirmed(each, seen.finding) if each in covering else each for each in kept]
        else:
            kept.append(seen.finding)
    return Judged(tuple(sorted(kept, key=_order)), tuple(withdrawn))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Something that the run showed, and which rules of reading it confirms."""

    finding: Finding
    line: int
    handler: str | None
    confirms: frozenset[str] = frozenset()


def _seen(source: Source, trace: Trace) -> Iterator[_Seen]:
    for growth in trace.growths:
        if growth.verdict is GrowthVerdict.GROWS and growth.repeated is not None:
            yield _n_plus_one(source, growth, growth.repeated)
    for exchange in trace.exchanges:
        yield from _blocking(source, exchange)
        yield from _connections(source, exchange)
        yield from _slow(source, exchange)
        if exchange.status is None or exchange.status >= 500:
            yield _error(source, exchange)


def _n_plus_one(source: Source, growth: Growth, repeated: SentStatement) -> _Seen:
    handler = growth.request.handler
    line = repeated.line or _line_of(source, handler)
    what = f"{growth.request.title} sends {growth.sentence}."
    if repeated.lazy is not None:
        cause = f"reading {repeated.lazy} sends `{_shortened(repeated.text)}` for each object"
        relation = repeated.lazy.rpartition(".")[2]
        instead = f"load {repeated.lazy} with the first statement: `.options(selectinload({repeated.lazy}))`"
        instead += f", or `joinedload` where each object has one {relation}"
    else:
        cause = f"`{_shortened(repeated.text)}` is sent once for each row"
        instead = "ask for all of them in one statement before the loop, and look each one up in a dictionary"
    why = f"{cause[0].upper()}{cause[1:]}: each is a round trip, so the answer takes longer with every row."
    evidence = (Evidence(f"{growth.request.title}: {growth.sentence}, on made-up data", "run"),)
    finding = _finding(source, "n-plus-one", Severity.WARNING, what, why, instead + ".", evidence, line)
    return _Seen(finding, line, handler, _ON_GROWTH)


def _blocking(source: Source, exchange: Exchange) -> Iterator[_Seen]:
    for stall in exchange.stalls:
        line = stall.line or _line_of(source, exchange.request.handler)
        fact = f"{exchange.request.title}: the event loop stood still for {stall.milliseconds:,.0f} ms on line {line}"
        finding = _finding(
            source,
            "blocking-in-event-loop",
            Severity.WARNING,
            f"`{stall.function}` held up the event loop for {stall.milliseconds:,.0f} ms on line {line}.",
            "Nobody else's request was served meanwhile: one slow caller slows all of them.",
            "Await an asynchronous counterpart, take `async` off the handler so that it runs in a thread, or wrap the "
            "call in `await asyncio.to_thread(…)`.",
            (Evidence(fact, "run"),),
            line,
            Responsibility.PERFORMANCE,
        )
        yield _Seen(finding, line, exchange.request.handler, _ON_BLOCKING)


def _connections(source: Source, exchange: Exchange) -> Iterator[_Seen]:
    title, handler = exchange.request.title, exchange.request.handler
    for lines, rule, what, why in (
        (
            exchange.leaked,
            "connection-leaked",
            f"{title} answered without giving its database connection back.",
            "Only Python's garbage collector returned it, at a moment of its own: under load the pool runs empty, and "
            "requests wait until they time out.",
        ),
        (
            exchange.left_open,
            "transaction-left-open",
            f"{title} answered and left its transaction open.",
            "The connection stays taken, and its transaction keeps locks and old row versions for as long as the "
            "process lives.",
        ),
    ):
        for line in dict.fromkeys(lines):
            place = line or _line_of(source, handler)
            evidence = (Evidence(f"taken on line {place}, still out when {title} was answered", "run"),)
            instead = "Open the session in a `with` block, or in a dependency that closes it after `yield`."
            finding = _finding(
                source, rule, Severity.WARNING, what, why, instead, evidence, place, Responsibility.DATABASE
            )
            yield _Seen(finding, place, handler, frozenset({"session-never-closed", "session-shared-by-requests"}))


def _slow(source: Source, exchange: Exchange) -> Iterator[_Seen]:
    for each in exchange.statements:
        took = (each.milliseconds or 0.0) / each.times
        if took < SLOW_STATEMENT_MILLISECONDS:
            continue
        line = each.line or _line_of(source, exchange.request.handler)
        finding = _finding(
            source,
            "slow-query",
            Severity.WARNING,
            f"`{_shortened(each.text)}` took {took:,.0f} ms of {exchange.request.title}'s "
            f"{exchange.milliseconds:,.0f} ms.",
            "The caller waits for it each time.",
            "Review the statement by itself with %%backend: its plan shows whether an index or a rewrite helps.",
            tuple(Evidence(fact, "plan") for fact in each.plan[:3]) or (Evidence(f"{took:,.0f} ms", "run"),),
            line,
        )
        yield _Seen(finding, line, exchange.request.handler)


def _error(source: Source, exchange: Exchange) -> _Seen:
    title = exchange.request.title
    line = exchange.error_line or _line_of(source, exchange.request.handler)
    told = f": {exchange.error}" if exchange.error else ""
    what = f"{title} got no answer{told}." if exchange.status is None else f"{title} answers {exchange.status}{told}."
    finding = _finding(
        source,
        "error-status",
        Severity.WARNING,
        what,
        "A caller who did nothing wrong can not tell it from an outage, and learns nothing to put right.",
        "Answer what went wrong: 404 for a row that is not there, 422 for a value that does not fit, and let no "
        "exception through.",
        (Evidence(f"{title}{told}", "run"),),
        line,
        Responsibility.ERRORS,
    )
    return _Seen(finding, line, exchange.request.handler)


def _finding(
    source: Source,
    rule: str,
    severity: Severity,
    what: str,
    why: str,
    instead: str,
    evidence: tuple[Evidence, ...],
    line: int,
    responsibility: Responsibility = Responsibility.PERFORMANCE,
) -> Finding:
    place = Place(_line_span(source, line))
    return Finding(rule, severity, responsibility, what, why, instead, evidence, place)


def _without_refuted(source: Source, trace: Trace, findings: list[Finding]) -> tuple[list[Finding], list[str]]:
    kept, withdrawn = [], []
    for each in findings:
        refuting = _refuting(source, trace, each) if each.rule in _ON_GROWTH else None
        if refuting is None or each.place.span is None:
            kept.append(each)
        else:
            withdrawn.append(
                f"{each.rule} on line {each.place.span.line} is withdrawn: {refuting.request.title} sends "
                f"{refuting.sentence}, while its answer grows."
            )
    return kept, withdrawn


def _refuting(source: Source, trace: Trace, finding: Finding) -> Growth | None:
    """Return the growth that shows a finding wrong: of its own handler, on code that no condition skips."""
    if finding.place.span is None:
        return None
    handler = next(
        (each for each in source.handlers if each.span.start <= finding.place.span.start < each.span.end), None
    )
    if handler is None or handler.node is None or _is_conditional(handler.node, finding.place.span.line):
        return None
    growths = [each for each in trace.growths if each.request.handler == handler.name]
    is_refuted = bool(growths) and all(each.verdict is GrowthVerdict.CONSTANT for each in growths)
    return growths[0] if is_refuted else None


def _is_conditional(function: ast.AST, line: int) -> bool:
    kinds = (ast.If, ast.Try, ast.IfExp, ast.Match, ast.While)
    return any(
        node.lineno <= line <= (node.end_lineno or node.lineno)
        for node in ast.walk(function)
        if isinstance(node, kinds)
    )


def _covers(source: Source, finding: Finding, seen: _Seen) -> bool:
    """Return whether a finding of reading speaks of what the run showed: on its line, or in its handler."""
    span = finding.place.span
    if span is None:
        return False
    last = span.line + source.text.count("\n", span.start, span.end)
    if span.line <= seen.line <= last:
        return True
    handler = next((each for each in source.handlers if each.name == seen.handler), None)
    in_handler = handler is not None and handler.span.start <= span.start < handler.span.end
    return in_handler and finding.rule in _ON_GROWTH and seen.finding.rule == "n-plus-one"


def _confirmed(finding: Finding, seen: Finding) -> Finding:
    severity = max(finding.severity, seen.severity, key=lambda each: each.rank)
    facts = " ".join(f"{each.fact}." for each in seen.evidence if each.source == "run")
    what = f"{finding.what.rstrip('.')}. Shown by the run: {facts}"
    return replace(finding, severity=severity, what=what, evidence=(*finding.evidence, *seen.evidence))


def _line_of(source: Source, handler: str | None) -> int:
    found = next((each for each in source.handlers if each.name == handler), None)
    return found.node.lineno if found is not None and found.node is not None else 1


def _line_span(source: Source, line: int) -> Span:
    start = source.line_offsets[line - 1]
    text = source.text[start:].split("\n", 1)[0]
    return Span.of(source.text, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def _shortened(sql: str) -> str:
    return sql if len(sql) <= _LONGEST_STATEMENT else sql[: _LONGEST_STATEMENT - 1] + "…"


def _order(finding: Finding) -> tuple[int, int]:
    return (-finding.severity.rank, finding.place.span.start if finding.place.span else 0)
