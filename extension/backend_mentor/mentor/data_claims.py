"""Claims on what all rows hold, which a catalogue does not tell: every customer, no NULL, statistics of yesterday."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from backend_mentor.mentor.figures import Unit, read_numbers
from backend_mentor.mentor.mentions import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_UNIVERSAL = re.compile(
    r"(?<!of )(?<!not )\b(?:every|each|all|no|none of the)\s+(?:[\d,]+\s+)?(?P<table>\w+)\s+(?:ha(?:s|ve|d)|are|is|"
    r"were|was)\b"
    r"(?!\s+(?:joined|read|compared|looked|checked|sorted|counted|visited|scanned))",
    re.IGNORECASE,
)
_NO_NULL = re.compile(
    r"\bno (?:rows?|values?|\w+) (?:have|has|holds?|contains?) (?:a )?NULLs?(?: in)? `?(?P<column>\w+)`?", re.I
)
_AVERAGE = re.compile(
    r"\b(?:average|mean|typical|median|usual) (?P<table>\w+) (?:has|have|is|are|holds?|costs?)\b", re.I
)
_RANK = re.compile(
    r"`?(?P<table>\w+)`? is (?:by far )?(?:the|your) (?P<rank>biggest|largest|longest|smallest|shortest) (?:table|"
    r"of)",
    re.I,
)
_DATE_ALONE = re.compile(
    r"\b(?:stores?|holds?|contains?|keeps?|has) (?:only|just|nothing but) (?:the |a )?(?:date|day)s?\b|"
    r"\bwithout (?:any |a )?time(?: of day| part)?\b",
    re.I,
)
_NO_RESULT = re.compile(
    r"\b(?:your|this|the) query (?:\w+ )?(?:returns?|gives?|yields?|brings?) (?:an empty \w+|no rows?\b|"
    r"nothing\b|no results?)",
    re.I,
)
_EMPTY = re.compile(
    r"`?\b(?P<table>\w+)`?(?: table)? (?:is|stands|has been|was) (?:still |currently |always |now )?"
    r"(?:empty|without rows)\b|"
    r"`?\b(?P<table2>\w+)`?(?: table)? (?:holds|has|contains) (?:no rows|nothing|no row)\b",
    re.I,
)
_STALE = re.compile(
    r"\bstatistics (?:are|is|seem|look) (?:\w+ )?(?:stale|outdated|out of date|old|wrong|missing)\b", re.I
)


# That something is not needed any more would have to be tried on every query that there is.
_DROPPED = re.compile(
    r"\b(?:can|could|may|should) (?:now |safely )?(?:be (?:dropped|removed|deleted)|go)\b(?! back)|"
    r"\b(?:drop|remove|delete) (?:the|your|that|this) (?:\w+ )?(?:index|table|column|constraint)\b",
    re.I,
)
_TIMES_AS = re.compile(r"\b(?:twice|(?:\w+ times)) (?:as (?:big|large|many|much|long|wide)|the (?:rows|size))\b", re.I)
_COSTLIEST = re.compile(
    r"\b(?:most expensive|costliest|slowest|dominant|biggest|main) (?:step|part|cost|operation|node)\b|"
    r"\bdominates?\b|\bbottlenecks?\b|\b(?:most|the bulk|the rest|nearly all|almost all) of (?:the|its) "
    r"(?:work|time|cost|effort)\b|"
    r"\bcosts? (?:\w+ )?(?:more|most|nothing|next to nothing) than\b",
    re.I,
)


def _is_costliest(sentence: str, scope: Scope) -> bool:
    """Return whether a sentence names the step that has most of the work by a plan in sight."""
    costly = [plan.costly for plan in scope.plans() if plan.costly is not None]
    words = sentence.lower()
    return any(node.operation.value in words or (node.relation or "\n").lower() in words for node in costly)


def _doubtful_sizes(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield a claim that one table is so many times as big as another, where their rows say otherwise."""
    said = [scope.schema.table(word) for word in re.findall(r"\w+", sentence)]
    rows = [table.rows for table in said if table is not None and table.rows]
    for found in _TIMES_AS.finditer(sentence):
        factors = [number.value for number in read_numbers(found[0]) if number.unit is Unit.FACTOR]
        turned = [(small, big) for big, small in pairwise(rows)] if " as " not in sentence[found.end() :] else []
        pairs = [*pairwise(rows), *turned]
        if not any(factor * 0.9 <= big / small <= factor * 1.1 for factor in factors for big, small in pairs):
            yield found[0]


def _doubtful_formats(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield that a column holds dates without a time, which its values alone can tell."""
    found = _DATE_ALONE.search(sentence)
    columns = [column for _, column in columns_of(sentence, scope)] if found else []
    if found and columns and not any(column.type.lower() == "date" for column in columns):
        yield found[0]


def _doubtful_emptiness(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield that a table is empty where a count of its rows is not 0 or nobody has counted."""
    for found in _EMPTY.finditer(sentence):
        table = scope.schema.table(found["table"] or found["table2"])
        if table is not None and table.rows != 0:
            yield found[0]


def _doubtful_ranks(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield that a table is the biggest or smallest where its rows say otherwise."""
    rows = {table.name.lower(): table.rows for table in scope.schema.tables if table.rows is not None}
    for found in _RANK.finditer(sentence):
        name = found["table"].lower()
        most = found["rank"].lower() in ("biggest", "largest", "longest")
        if name in rows and rows[name] != (max if most else min)(rows.values()):
            yield found[0]


def doubtful_rows(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the claims on all rows of a table that nothing here has looked at."""
    if sentence.rstrip().endswith("?"):
        return
    for found in _UNIVERSAL.finditer(sentence):
        name = found["table"].lower()
        rest = columns_of(sentence[found.end() :], scope)
        if found[0].lower().endswith(("has", "have")) and rest and not any(column.nullable for _, column in rest):
            continue
        if any(table.name.lower() in (name, f"{name}s", f"{name}es") for table in scope.schema.tables):
            yield found[0]
    for found in _NO_NULL.finditer(sentence):
        held = [column for table in scope.schema.tables if (column := table.column(found["column"]))]
        if held and any(column.nullable for column in held):
            yield found[0]
    for pattern in (_AVERAGE, _DROPPED, _COSTLIEST):
        claimed = pattern.search(sentence)
        if claimed and not (pattern is _COSTLIEST and _is_costliest(sentence, scope)):
            yield claimed[0]
    if nothing := _NO_RESULT.search(sentence):
        yield nothing[0]
    yield from _doubtful_formats(sentence, scope)
    yield from _doubtful_emptiness(sentence, scope)
    yield from _doubtful_sizes(sentence, scope)
    yield from _doubtful_ranks(sentence, scope)
    if (stale := _STALE.search(sentence)) and not any(
        table.analyzed is False or table.modified_since_analyze for table in scope.schema.tables
    ):
        yield stale[0]
