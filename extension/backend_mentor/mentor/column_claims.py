"""Claims on columns: indexed, unique, nullable, in whatever order a sentence says them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.mentor.evidence import Scope

_SUPPOSED = re.compile(r"\b(would|could|if|should|might|unless|whether|were)\b", re.IGNORECASE)
_NAME = r"`?([A-Za-z_]\w*(?:\.\w+)?)`?"
_INDEX_ON_LIST = re.compile(
    r"\b(?:there is|there's|you (?:already )?have|already has|has|exists) (?:already )?(?:an?|one|"
    r"some) (?:\w+ )?index on "
    r"\(([\w, ]+)\)",
    re.IGNORECASE,
)
_HAS_COLUMN = re.compile(
    r"\b(?:the |your )?`?(?P<table>\w+)`?(?: table)? has an? (?:\w+ )?column (?:for|of|called|named|with|holding) "
    r"(?:the |its |each |an? )?`?(?P<name>\w+)",
    re.IGNORECASE,
)
_FILTERS = re.compile(
    r"\b(?:query|it|statement|cell)\b[^.;?]{0,60}?\b(?:filters|sorts|orders|groups|restricts) (?:also |it |"
    r"the rows )?(?:on|by) "
    r"(?:the )?(?:\w+(?:'s|\.) ?)?`?(?P<name>\w+)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?P<place>first|second|third) column is `?(?P<name>[a-z_]\w*)", re.IGNORECASE)
_NO_INDEX = re.compile(
    rf"\b(?:no index (?:on|for|starts with|begins with|leads with|over|covers)|lacks an index on|"
    rf"missing an index on|not indexed:?) (?:the )?(?:column )?{_NAME}(?:\s?\(\s?{_NAME}\s?\))?"
    rf"|\b{_NAME} (?:is not indexed|has no index|is unindexed|lacks an index)",
    re.IGNORECASE,
)
_INDEXED = re.compile(
    rf"\b(?:there is (?:already )?an index on|already has an index on|"
    rf"is an index on|have (?:already )?(?:an?|one) (?:\w+ )?index on) (?:the )?{_NAME}(?:\s?\(\s?{_NAME}\s?\))?"
    rf"|\b{_NAME} is (?:already )?indexed\b"
    rf"|\b{_NAME} has (?:already )?(?:its own|an|one|a (?:separate|dedicated|proper)) index(?: already)?\b",
    re.IGNORECASE,
)
_NULLABLE = re.compile(
    rf"{_NAME} (?:can be|may be|is|allows|may hold|can hold|holds|contains) (?:NULLs?\b|nullable\b)", re.IGNORECASE
)
_NEVER_NULL = re.compile(
    rf"{_NAME} (?:is|can|are|was|has) (?:never|not|NOT|no|declared NOT|cannot be|can not be|not be|"
    rf"never be)(?: be| hold)? ?(?:NULLs?|nullable)\b"
    rf"|{_NAME} (?:cannot|can not|can't) (?:be|hold) NULL",
    re.IGNORECASE,
)
_UNIQUE = re.compile(rf"{_NAME} (?:is|are) (?:a )?(?:unique|the (?:primary |unique )?key|a key)\b", re.IGNORECASE)
_NOT_UNIQUE = re.compile(rf"{_NAME} (?:is|are) not (?:a )?(?:unique|the primary key|a key)\b", re.IGNORECASE)
_UNIQUE_ON = re.compile(rf"unique (?:constraint|index|key) (?:on|over) (?:the )?{_NAME}", re.IGNORECASE)


def column_claims(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the claims on columns that the schema contradicts."""
    if _SUPPOSED.search(sentence):
        return
    # The stricter pattern goes first: `is never NULL` must not be read as `is NULL`.
    rest = sentence
    for pattern, holds in _ON_COLUMNS:
        for found in pattern.finditer(rest):
            columns = list(_columns(found, scope))
            if columns and not any(holds(table, column) for table, column in columns):
                yield found[0]
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    yield from _places(sentence, scope)
    yield from _conditions(sentence, scope)
    for found in _HAS_COLUMN.finditer(sentence):
        owner = scope.schema.table(found["table"])
        known = " ".join(column.name.lower() for column in owner.columns) if owner else ""
        if owner and found["name"].lower().rstrip("s") not in known:
            yield found[0]
    for found in _INDEX_ON_LIST.finditer(sentence):
        names = tuple(name.strip() for name in found[1].split(","))
        if not any(
            index.column_names[: len(names)] == names for table in scope.schema.tables for index in table.indexes
        ):
            yield found[0]


def _conditions(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield a column by which this query is said to filter, sort or group, and that the cell does not name."""
    for found in _FILTERS.finditer(sentence):
        name = found["name"].lower()
        known = any(table.column(name) for table in scope.schema.tables)
        if known and not re.search(rf"\b{re.escape(name)}\b", scope.cell, re.IGNORECASE):
            yield found[0]


def _places(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield `its second column is X` of an index that a sentence names, where another one stands there or none."""
    found = _PLACE.search(sentence)
    indexes = [index for table in scope.schema.tables for index in table.indexes if index.name in sentence]
    if found and indexes:
        place = ("first", "second", "third").index(found["place"].lower())
        if indexes[0].column_names[place : place + 1] != (found["name"],):
            yield found[0]


def _columns(found: re.Match[str], scope: Scope) -> Iterator[tuple[Table, Column]]:
    """Yield the columns that a claim is about: of the table that it names, else of every table that has one."""
    names = [name for name in found.groups() if name]
    owner, _, name = names[-1].rpartition(".")
    tables = [scope.schema.table(each) for each in (owner or None, names[0] if len(names) > 1 else None) if each]
    for table in [each for each in tables if each is not None] or scope.schema.tables:
        column = table.column(name)
        if column is not None:
            yield table, column


def _leads(table: Table, column: Column) -> bool:
    keys = [index.column_names[:1] for index in table.indexes if index.valid] + [table.primary_key[:1]]
    return (column.name,) in keys


def _is_unique(table: Table, column: Column) -> bool:
    return (column.name,) in table.unique_keys()


_ON_COLUMNS: tuple[tuple[re.Pattern[str], Callable[[Table, Column], bool]], ...] = (
    (_NEVER_NULL, lambda _, column: not column.nullable),
    (_NULLABLE, lambda _, column: column.nullable),
    (_NO_INDEX, lambda table, column: not _leads(table, column)),
    (_INDEXED, _leads),
    (_NOT_UNIQUE, lambda table, column: not _is_unique(table, column)),
    (_UNIQUE_ON, _is_unique),
    (_UNIQUE, _is_unique),
)
