"""Claims on what all rows hold, which a catalogue does not tell: every customer, no NULL, statistics of yesterday."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_UNIVERSAL = re.compile(
    r"\b(?:every|each|all|no|none of the)\s+(?:[\d,]+\s+)?(?P<table>\w+)\s+(?:ha(?:s|ve|d)|are|is|were|was)\b"
    r"(?!\s+(?:joined|read|compared|looked|checked|sorted|counted|visited|scanned))",
    re.IGNORECASE,
)
_NO_NULL = re.compile(
    r"\bno (?:rows?|values?|\w+) (?:have|has|holds?|contains?) (?:a )?NULLs?(?: in)? `?(?P<column>\w+)`?", re.I
)
_STALE = re.compile(
    r"\bstatistics (?:are|is|seem|look) (?:\w+ )?(?:stale|outdated|out of date|old|wrong|missing)\b", re.I
)


def doubtful_rows(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the claims on all rows of a table that nothing here has looked at."""
    if sentence.rstrip().endswith("?"):
        return
    for found in _UNIVERSAL.finditer(sentence):
        name = found["table"].lower()
        if any(table.name.lower() in (name, f"{name}s", f"{name}es") for table in scope.schema.tables):
            yield found[0]
    for found in _NO_NULL.finditer(sentence):
        held = [column for table in scope.schema.tables if (column := table.column(found["column"]))]
        if held and any(column.nullable for column in held):
            yield found[0]
    if (stale := _STALE.search(sentence)) and not any(
        table.analyzed is False or table.modified_since_analyze for table in scope.schema.tables
    ):
        yield stale[0]
