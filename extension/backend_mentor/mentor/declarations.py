"""Claims on what the schema declares: keys, references, types, and which table has no index or key at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Table
    from backend_mentor.mentor.evidence import Scope

_NAME = r"`?([A-Za-z_]\w*(?:\.\w+)?)`?"
_SUPPOSED = re.compile(r"\b(would|could|if|should|might|unless|whether|were)\b", re.IGNORECASE)
_FOREIGN_KEY = re.compile(
    rf"foreign key (?:from|on|of) {_NAME} (?:straight |directly |right )?(?:to|referencing|references|into) {_NAME}",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    rf"{_NAME} (?:references|points (?:to|at)|is declared (?:as )?(?:an? )?foreign key (?:to|on|(?:that|"
    rf"which) (?:references|points to))|refers to|"
    rf"is a foreign key to|has a foreign key to) (?:the )?(?:table )?{_NAME}",
    re.IGNORECASE,
)
_PRIMARY = (
    re.compile(r"primary key of (?:the )?`?(?P<table>\w+)`? is \(?`?(?P<column>\w+)", re.IGNORECASE),
    re.compile(r"(?P<table>\w+)`?'s primary key is \(?`?(?P<column>\w+)", re.IGNORECASE),
    re.compile(r"(?P<table>\w+) has `?(?P<column>\w+)`? (?:as|for) (?:its|the) primary key", re.IGNORECASE),
    re.compile(r"(?P<column>\w+)`? is (?:the|a) primary key of (?:the )?`?(?P<table>\w+)", re.IGNORECASE),
)
_APPOSED = re.compile(r"(?P<table>\w+)`? [\w ]{0,30}\bprimary key, (?:called |named )?`?(?P<column>\w+)", re.IGNORECASE)
_LACKS = re.compile(
    r"(?P<table>\w+)`? (?:has|have|with) no (?P<what>index(?:es)?|primary key|foreign keys?)\b"
    r"(?! on| for| that| which| led)|"
    r"\bno (?P<what2>index(?:es)?|primary key|foreign keys?) (?:at all )?(?:on|of|in|for) (?:the )?"
    r"`?(?P<table2>\w+)`?(?!\s?\(|\.\w|\w)",
    re.IGNORECASE,
)
_ON_DELETE = re.compile(r"\bON DELETE (?P<action>CASCADE|SET NULL|SET DEFAULT|RESTRICT)\b")
_PLANNED = re.compile(
    r"\b(?:no|not|never|without|add|declare|would|could|should|consider|want|need|suggest|unless|may|might|can|when|"
    r"is a|means|says)\b|n't\b",
    re.IGNORECASE,
)
_UNIQUE_INDEX = re.compile(r"(?P<index>\w+)`? is (?P<denied>not )?(?:a )?unique\b", re.IGNORECASE)
_TYPED = re.compile(
    rf"{_NAME} (?:is|are|holds|has|hold) (?:(?:stored|kept|held|declared|defined) as |of (?:the )?type |the type )?"
    r"(?:an? )?`?(?P<type>integers?|numbers?|texts?|strings?|real|floats?|decimals?|booleans?|dates?|timestamps?|"
    r"json|uuids?)\b",
    re.IGNORECASE,
)
# As they begin in the type that is declared, whatever the engine.
_TYPES = {
    "integer": ("int", "bigint", "smallint", "serial"),
    "number": ("int", "bigint", "smallint", "num", "dec", "real", "double", "float"),
    "text": ("text", "char", "varchar", "character"),
    "string": ("text", "char", "varchar", "character"),
    "real": ("real", "double", "float"),
    "float": ("real", "double", "float"),
    "decimal": ("num", "dec"),
}


def doubtful_declarations(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the claims on keys, references and types that the catalogue contradicts."""
    yield from _doubtful_cascades(sentence, scope)
    if sentence.rstrip().endswith("?") or _SUPPOSED.search(sentence):
        return
    for pattern in (_FOREIGN_KEY, _REFERENCES):
        for found in pattern.finditer(sentence):
            yield from _doubtful_reference(found[1], found[2], found[0], scope)
    for pattern in (*_PRIMARY, _APPOSED):
        for found in pattern.finditer(sentence):
            table = scope.schema.table(found["table"])
            is_column = pattern is not _APPOSED or any(each.column(found["column"]) for each in scope.schema.tables)
            if table is not None and is_column and found["column"] not in table.primary_key[:1]:
                yield found[0]
    for found in _LACKS.finditer(sentence):
        table = scope.schema.table(found["table"] or found["table2"])
        if table is not None and _has(table, (found["what"] or found["what2"]).lower()):
            yield found[0]
    indexes = {index.name: index for table in scope.schema.tables for index in table.indexes}
    for found in _UNIQUE_INDEX.finditer(sentence):
        index = indexes.get(found["index"])
        if index is not None and index.unique == bool(found["denied"]):
            yield found[0]
    yield from _doubtful_types(sentence, scope)


def _doubtful_cascades(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield that deletes are passed on, or stopped, by a clause that no foreign key of the schema has."""
    found = _ON_DELETE.search(sentence)
    if found is None or sentence.rstrip().endswith("?") or _PLANNED.search(sentence):
        return
    actions = {(key.on_delete or "").upper() for table in scope.schema.tables for key in table.foreign_keys}
    if found["action"].upper() not in actions:
        yield found[0]


def _has(table: Table, what: str) -> bool:
    if what.startswith("index"):
        return bool(table.indexes)
    return bool(table.primary_key if what.startswith("primary") else table.foreign_keys)


def _doubtful_types(sentence: str, scope: Scope) -> Iterator[str]:
    for found in _TYPED.finditer(sentence):
        owner, _, name = found[1].rpartition(".")
        table = scope.schema.table(owner) if owner else None
        tables = (table,) if table is not None else scope.schema.tables
        declared = [column.type.lower() for each in tables if (column := each.column(name))]
        said = found["type"].lower()
        said = said if said in _TYPES else said.removesuffix("s")
        if declared and not any(kind.startswith(_TYPES.get(said, (said,))) for kind in declared):
            yield found[0]


def _doubtful_reference(source: str, target: str, words: str, scope: Scope) -> Iterator[str]:
    owner, _, name = source.rpartition(".")
    named = scope.schema.table(owner or source)
    tables = [named] if named else [table for table in scope.schema.tables if table.column(name)]
    wanted = target.split(".")[0].lower()
    if scope.schema.table(wanted) is None and named is not None and "foreign key" in words.lower():
        yield words
    if not tables or scope.schema.table(wanted) is None:
        return
    keys = [key for table in tables for key in table.foreign_keys if not owner or name in key.columns]
    if not any(key.referenced_table.lower() == wanted for key in keys):
        yield words
