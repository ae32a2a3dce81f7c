"""What we notice. One rule is one module with its examples; the tuples here are all rules there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.rules.plan import PLAN_RULES
from backend_mentor.rules.schema import SCHEMA_RULES
from backend_mentor.rules.sql import SQL_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject
    from backend_mentor.rules.rule import Rule

RULES: tuple[Rule, ...] = (*PLAN_RULES, *SQL_RULES, *SCHEMA_RULES)

# Where both speak of the same table or place, the first says all that the second says, and on better grounds.
_SAYS_MORE = (
    ("scan-inside-join", "full-scan-discards-rows"),
    ("scan-inside-join", "nested-loop-blow-up"),
    ("document-searched-without-index", "full-scan-discards-rows"),
    ("function-on-column", "full-scan-discards-rows"),
    ("function-on-column", "order-index-under-limit"),
    ("function-on-column", "index-walked-for-its-order"),
    ("common-table-read-again", "needless-materialized"),
    ("implicit-cast-on-column", "full-scan-discards-rows"),
    ("leading-wildcard", "full-scan-discards-rows"),
    ("comparison-with-null", "full-scan-discards-rows"),
    ("random-order", "top-sort-of-many-rows"),
    ("random-order", "rows-sorted-in-temporary-tree"),
    ("top-sort-of-many-rows", "rows-sorted-in-temporary-tree"),
    ("offset-throws-rows-away", "deep-offset"),
    ("correlated-subquery-runs-often", "correlated-subquery-in-select"),
    ("automatic-index", "bloom-filter-stands-in"),
    ("write-without-where", "full-scan-discards-rows"),
    ("join-without-condition", "scan-inside-join"),
)
# The statement is another one when these are mended, and so is its plan.
_SETTLES_ALL = ("random-order", "comparison-with-null")
_SUPPRESSION = re.compile(r"--\s*backend-mentor:\s*ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)")


def find(subject: Subject) -> tuple[Finding, ...]:
    """Return what every admitted rule finds, gravest first, then in the order of the text and the plan.

    A rule named in a comment in or around the statement, `-- backend-mentor: ignore rule-name`, is left out. A rule
    that raises is not caught: the review has to say that it failed.
    """
    ignored = suppressed(f"{subject.statement.remarks}\n{subject.statement.text}")
    skipped = frozenset(rule.name for rule in PLAN_RULES) if subject.plan is None else frozenset()
    findings = [
        finding
        for rule in RULES
        if rule.name not in ignored and rule.name not in skipped and rule.gate.admits(subject.engine)
        for finding in rule.check(subject)
    ]
    return tuple(sorted(_without_repetition(findings, subject), key=_order))


def answered_first(findings: Sequence[Finding], best: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings, among equally grave ones first those whose rules the best proposal answers."""
    return tuple(sorted(findings, key=lambda each: (-each.severity.rank, each.rule not in best)))


def suppressed(text: str) -> frozenset[str]:
    """Return the names of the rules that comments in the text switch off."""
    return frozenset(name for found in _SUPPRESSION.findall(text) for name in re.split(r"\s*,\s*", found))


def _without_repetition(findings: Iterable[Finding], subject: Subject) -> list[Finding]:
    kept = list(dict.fromkeys(findings))
    weaker = {
        id(weak)
        for strong_name, weak_name in _SAYS_MORE
        for strong in kept
        for weak in kept
        if strong.rule == strong_name and weak.rule == weak_name and _speak_of_the_same(strong, weak, subject)
    }
    return [finding for finding in kept if id(finding) not in weaker]


def _speak_of_the_same(strong: Finding, weak: Finding, subject: Subject) -> bool:
    if weak.place.node is None or strong.rule in _SETTLES_ALL:
        return True
    if strong.place.node == weak.place.node or subject.plan is None:
        return True
    names = {
        name for node in subject.plan.nodes()[weak.place.node].walk() for name in (node.relation, node.alias) if name
    }
    return any(re.search(rf"\b{re.escape(name)}\b", f"{strong.what} {strong.why}") for name in names)


def _order(finding: Finding) -> tuple[int, int, int]:
    place = finding.place
    return (-finding.severity.rank, place.span.start if place.span else 0, place.node or 0)
