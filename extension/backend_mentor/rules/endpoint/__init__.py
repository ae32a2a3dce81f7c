"""What we notice in endpoint code. One rule is one module with its examples; the tuple here is all rules there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Responsibility
from backend_mentor.rules.endpoint.api import API_RULES
from backend_mentor.rules.endpoint.code import lines_of_tests, unreachable_lines
from backend_mentor.rules.endpoint.database import DATABASE_RULES
from backend_mentor.rules.endpoint.documentation import DOCUMENTATION_RULES
from backend_mentor.rules.endpoint.errors import ERRORS_RULES
from backend_mentor.rules.endpoint.logic import LOGIC_RULES
from backend_mentor.rules.endpoint.performance import PERFORMANCE_RULES
from backend_mentor.rules.endpoint.security import SECURITY_RULES
from backend_mentor.rules.endpoint.testing import TESTING_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.rule import CodeRule

ENDPOINT_RULES: tuple[CodeRule, ...] = (
    *SECURITY_RULES,
    *DATABASE_RULES,
    *API_RULES,
    *ERRORS_RULES,
    *LOGIC_RULES,
    *PERFORMANCE_RULES,
    *TESTING_RULES,
    *DOCUMENTATION_RULES,
)

# Where both speak of the same line, the first says all that the second says, and in terms of the endpoint.
_SAYS_MORE = (
    ("fast-password-hash", "weak-hash"),
    ("exception-eats-answer", "broad-except"),
    ("error-as-success", "broad-except"),
    ("default-made-at-import", "naive-datetime"),
    ("debug-in-production", "debug-on"),
    ("query-in-loop", "commit-in-loop"),
    ("created-one-by-one", "query-in-loop"),
    ("code-from-caller", "executes-text"),
    ("code-from-caller", "unsafe-deserialisation"),
    ("command-from-caller", "command-through-shell"),
    ("html-from-caller", "text-declared-safe"),
    ("upload-under-its-own-name", "path-from-caller"),
    ("traceback-to-caller", "exception-text-to-caller"),
    ("answer-shows-secrets", "answer-without-model"),
    ("retry-without-end", "exception-swallowed"),
    ("retry-without-end", "broad-except"),
    ("archive-name-as-path", "path-from-caller"),
)
_SUPPRESSION = re.compile(r"#\s*backend-mentor:\s*ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)")


def find_in_code(source: Source, linted: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """Return what every rule and the linters find in a cell of code, gravest first, then in the order of the text.

    `# backend-mentor: ignore rule-name` leaves a rule out: on a line of code for that line, on a line of its own for
    the cell. What no run comes to is left alone, and so is what costs time in a test. A rule that raises is not
    caught: the review has to say that it failed.
    """
    findings = [*(finding for rule in ENDPOINT_RULES for finding in rule.check(source)), *linted]
    everywhere, by_line = _suppressed(source.text)
    unreachable, tests = unreachable_lines(source.tree), lines_of_tests(source.tree)
    kept = [
        finding
        for finding in _without_repetition(findings)
        if finding.rule not in everywhere
        and finding.rule not in by_line.get(_line(finding), frozenset())
        and _line(finding) not in unreachable
        and not (_line(finding) in tests and _is_for_production(finding))
    ]
    return tuple(sorted(kept, key=_order))


def _is_for_production(finding: Finding) -> bool:
    """Return whether a finding is about load or moments, of which a test has its own."""
    return finding.responsibility is Responsibility.PERFORMANCE or finding.rule == "naive-datetime"


def _suppressed(text: str) -> tuple[frozenset[str], dict[int, frozenset[str]]]:
    """Return the rules that are switched off for the whole cell, and those of each line."""
    everywhere: frozenset[str] = frozenset()
    by_line: dict[int, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = _SUPPRESSION.search(line)
        if found is None:
            continue
        names = frozenset(re.split(r"\s*,\s*", found[1]))
        if line.lstrip().startswith("#"):
            everywhere |= names
        else:
            by_line[number] = names
    return everywhere, by_line


def _without_repetition(findings: Iterable[Finding]) -> list[Finding]:
    """Return each rule's first finding of a place, without those that a better one on their line makes superfluous."""
    first: dict[tuple[str, int, int], Finding] = {}
    lines: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        line, column = _line(finding), finding.place.span.column if finding.place.span else 0
        # A rule of ours and one of a linter share their name where they mean the same thing.
        if (finding.rule, line) in lines and lines[finding.rule, line].evidence[:1] != finding.evidence[:1]:
            continue
        lines.setdefault((finding.rule, line), finding)
        first.setdefault((finding.rule, line, column), finding)
    return [
        finding
        for (rule, line, _), finding in first.items()
        if not any(weak == rule and (strong, line) in lines for strong, weak in _SAYS_MORE)
    ]


def _line(finding: Finding) -> int:
    return finding.place.span.line if finding.place.span else 0


def _order(finding: Finding) -> tuple[int, int]:
    return (-finding.severity.rank, finding.place.span.start if finding.place.span else 0)
