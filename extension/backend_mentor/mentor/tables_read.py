"""Which tables a plan is said to read, and how many steps it is said to have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.mentor.clauses import Claim
from backend_mentor.mentor.mentions import tables_of
from backend_mentor.mentor.seeks import is_seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_SKIPS = re.compile(
    r"\b(?:never|not|no need to) (?:needs? to |have to |has to )?(?:visit|read|touch|open|look at|go to|"
    r"access)s? (?:the )?"
    r"(?P<table>\w+)(?=[,.;:]| at all|$)",
    _I,
)
_UNREAD = re.compile(
    r"\bno (?:rows?|parts?|pages?|entry|entries) of (?:the )?`?(?P<table>\w+)`? (?:is|are|gets?|has to be|"
    r"needs? to be) (?:ever )?(?:read|visited|touched|needed)|"
    r"\b`?(?P<table2>\w+)`? is (?:not|never) (?:even )?(?:read|visited|touched)\b",
    _I,
)
_HOW_MANY = re.compile(
    r"\b(?P<many>two|three|four|five|six|[2-9]) (?:\w+ )?(?P<what>nested loops|full scans|"
    r"table scans|scans|searches|lookups|"
    r"seeks)\b",
    _I,
)


def judge_tables_read(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says of the tables that this query reads or leaves alone, and of the number of its steps."""
    yield from _taking_part(clause, scope)
    read = {(node.relation or "").lower() for node in scope.nodes()}
    for pattern in (_SKIPS, _UNREAD):
        found = pattern.search(clause)
        table = tables_of(next(filter(None, found.groups())), scope) if found else ()
        if found and table and read:
            yield Claim(found[0], table[0].name.lower() not in read)
    if found := _HOW_MANY.search(clause):
        yield Claim(found[0], _is_so_many(found, scope))


def _taking_part(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield that a table takes part in the plan or query, by whether a step reads it."""
    read = {(node.relation or "").lower() for node in scope.nodes()}
    for table in scope.schema.tables:
        found = re.search(
            rf"\b{re.escape(table.name)}`? (?:is|gets|was|plays) (?P<no>not |no )?(?:also |even |"
            rf"at all )?(?:a )?(?:part (?:of|in)|"
            r"involved in|touched by|read by|used (?:in|by)|joined in|in|visited by|needed (?:by|in)) (?:the|this|"
            r"your) "
            r"(?:plan|query|join|statement)\b",
            clause,
            _I,
        )
        if found:
            yield Claim(found[0], (table.name.lower() in read) != bool(found["no"]))
    reads = re.search(
        r"\b(?:sqlite|postgres\w*|the (?:plan|query|engine|database)|your query|this query) (?:then |also |first )?"
        r"(?P<verb>reads?|scans?|visits?|touches|walks|joins|combines|goes through)\b(?P<rest>.*)",
        clause,
        _I,
    )
    if reads and read:
        named = [each for each in scope.schema.tables if re.search(rf"\b{re.escape(each.name)}\b", reads["rest"])]
        if any(each.name.lower() not in read for each in named):
            yield Claim(f"{reads['verb']} {named[-1].name}", held=False)


def _is_so_many(found: re.Match[str], scope: Scope) -> bool:
    """Return whether some plan in sight has as many of the steps as a clause counts."""
    word = found["many"].lower()
    many = int(word) if word.isdigit() else ("two", "three", "four", "five", "six").index(word) + 2
    for plan in scope.plans():
        nodes = [node for node in plan.nodes() if node.relation]
        scans = sum(node.operation is Operation.SCAN for node in nodes)
        seeks = sum(is_seek(node) for node in nodes)
        what = found["what"].lower()
        if many == (len(nodes) - 1 if what == "nested loops" else scans if "scan" in what else seeks):
            return True
    return False
