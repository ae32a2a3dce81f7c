"""Which results a sentence turns to that are about another query than the cell's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.mentor.evidence import Evidence

_OTHER_QUERY = re.compile(
    r"\b(?:other|second) (?:query|statement)|"
    r"\b(?:query|statement|select|lookup) (?:on|of|over|against|for|that reads|from) (?:the )?`?\w+|"
    r"\b\w+`?(?= (?:query|statement)\b)",
    re.IGNORECASE,
)


def results_spoken_of(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the results about the other query that a sentence turns to: `your query on items`."""
    said = " ".join(found[0] for found in _OTHER_QUERY.finditer(sentence))
    named = {word.lower() for word in re.findall(r"\w+", said)}
    found: list[str] = []
    for record in evidence.records:
        if record.plan is None or record.statement in (None, *evidence.statements):
            continue
        read = {(node.relation or "").lower() for node in record.plan.nodes()}
        if named & (read | {"other", "second"}) or _is_only_there(sentence, read, record.statement or "", evidence):
            found.append(record.name)
    return tuple(found)


def _is_only_there(sentence: str, read: set[str], statement: str, evidence: Evidence) -> bool:
    """Return whether a sentence names a table that this statement alone reads, and a number that stands in it."""
    own = {
        (node.relation or "").lower()
        for record in evidence.records
        if record.plan is not None and record.statement in evidence.statements
        for node in record.plan.nodes()
    }
    said = {word.lower() for word in re.findall(r"\w+", sentence)}
    literals = set(re.findall(r"\d+", statement)) & set(re.findall(r"\d+", sentence))
    return bool(said & (read - own - {""})) and bool(literals)
