"""What a text names of the database: tables, columns, indexes, and the things that a table's rows stand for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from backend_mentor.mentor.vocabulary import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.mentor.evidence import Scope

_CODE = re.compile(r"`([^`\n]+)`")
_QUOTED = re.compile(r"(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "'s", "n't", "er", "est")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_PLAIN_NAMES_AFTER = re.compile(r"(?<!of )\b(?:the|a|an|this|that|its|their|some|no|any)\s+$", re.IGNORECASE)
_COUNTED_THING = (
    r"\b(?:an|a|each|every single|every|no|any|per|one|single|paid|sent|open|void|new|old|of|the|two|that|this)\s+"
)
# Names of columns that are everyday words as well.
_ENGLISH_NAMES = frozenset(["price", "reason", "product", "quantity", "city", "status", "total", "order", "state"])


def in_words(text: str) -> str:
    """Return a text without its code and quotations."""
    return _QUOTED.sub(" ", _CODE.sub(" ", text)).strip()


def names_something(text: str, scope: Scope) -> bool:
    """Return whether a text names a table, column or index of the database, or one of the things in a table."""
    lower = re.sub(r"\be-mail", "email", in_words(text).replace("ORDER BY", "").lower())
    known = _entities(scope)
    if re.search(r"\d|'", _code_of(text)) or any(
        name.lower() in known or name.split(".")[-1].lower() in known for name in _NAME.findall(_code_of(text))
    ):
        return True
    for found in _NAME.finditer(lower):
        for part in found[0].split("."):
            if any(part == table.name.lower() for table in scope.schema.tables) and not _is_english_alone(part):
                return True
            if part in known and (not _is_english(part) or not _PLAIN_NAMES_AFTER.search(lower[: found.start()])):
                return True
            if not _is_english(part) and any(form in known for form in (f"{part}s", *forms(part))):
                return True
    things = [singular(table.name.lower()) for table in scope.schema.tables]
    single = "|".join(re.escape(thing) for thing in things if not _is_english(thing))
    double = "|".join(re.escape(thing) for thing in things if _is_english(thing))
    return bool(
        (single and re.search(rf"{_COUNTED_THING}(?:{single})\b", lower))
        or (
            double
            and re.search(
                rf"\b(?:an?|one|each|every|single|per|no|paid|sent|open|void|shipped|placed|third|second|"
                rf"other)\s+(?:{double})\b",
                lower,
            )
        )
    )


def tables_of(text: str, scope: Scope) -> tuple[Table, ...]:
    """Return the tables that a text speaks of by name or by one of their things, in the order of its words."""
    found: dict[str, int] = {}
    lower = text.lower().replace("order by", "").replace("in order to", "")
    for table in scope.schema.tables:
        name = table.name.lower()
        match = re.search(rf"(?<![\w])(?:{re.escape(name)}|{re.escape(singular(name))})(?:'s)?(?!\w)", lower)
        if match:
            found[table.name] = match.start()
    return tuple(sorted((each for each in scope.schema.tables if each.name in found), key=lambda t: found[t.name]))


def columns_of(text: str, scope: Scope) -> tuple[tuple[Table, Column], ...]:
    """Return the columns that a text speaks of: of the tables that it names, else of those of the cell, else of any."""
    lower = re.sub(r"\be-mail", "email", text.lower())
    lower = re.sub(r"\b(?:email )?address(?:es)?\b", "email", lower)
    lower = re.sub(r"\bat (?:least|most|all|once)\b", "", lower)
    pairs = [
        (table, column)
        for table in scope.schema.tables
        for column in table.columns
        if re.search(rf"(?<!\w){_spelled(column.name.lower())}(?!\w)", lower)
    ]
    whole = [each for each in pairs if f"{each[0].name}.{each[1].name}".lower() in lower]
    named = {table.name for table in tables_of(lower, scope)}
    read = {word.lower() for word in re.findall(r"\w+", scope.cell)}
    for chosen in (whole, [p for p in pairs if p[0].name in named], [p for p in pairs if p[0].name.lower() in read]):
        if chosen:
            return tuple(chosen)
    return tuple(pairs)


def referring_columns(clause: str, scope: Scope) -> Iterator[tuple[Table, Column]]:
    """Yield the column by which one thing that a clause names refers to another: an order without a customer."""
    tables = tables_of(clause, scope)
    for table in tables:
        for key in table.foreign_keys:
            wanted = key.referenced_table.lower()
            if any(each.name.lower() == wanted and each is not table for each in tables):
                yield from ((table, column) for name in key.columns if (column := table.column(name)))


def _spelled(name: str) -> str:
    """Return a pattern of a column's name as people write it: with blanks, and in the plural."""
    return re.escape(name).replace("_", "[_ -]") + "(?:s|es)?"


def singular(name: str) -> str:
    """Return the word for one thing of a table."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _code_of(text: str) -> str:
    return " ".join(_CODE.findall(text))


@lru_cache(maxsize=16)
def _named_in(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _entities(scope: Scope) -> frozenset[str]:
    return _named_in(tuple(entity_names(scope)))


def entity_names(scope: Scope) -> Iterator[str]:
    """Yield the names of all tables, columns and indexes, those that are proposed included."""
    for table in scope.schema.tables:
        yield table.name
        yield from (column.name for column in table.columns)
        yield from (index.name for index in table.indexes)
    for record in scope.records:
        if record.proposal and record.proposal.index:
            yield record.proposal.index.name


def _is_english(word: str) -> bool:
    return any(form in KNOWN for form in forms(word)) or word in _ENGLISH_NAMES


def _is_english_alone(name: str) -> bool:
    """Return whether a table's name is an everyday word as it stands: `order`, and not `orders`."""
    return name in KNOWN or name in _ENGLISH_NAMES


def forms(word: str) -> Iterator[str]:
    """Yield a word and what it is inflected from, as far as endings tell."""
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        stem = word.removesuffix(ending)
        yield stem
        yield f"{stem}e"
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"
        if stem[-2:-1] == stem[-1:]:
            yield stem[:-1]
