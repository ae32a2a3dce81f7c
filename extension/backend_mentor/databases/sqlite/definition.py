"""The text of a CREATE statement, for what no PRAGMA tells: collations, CHECKs, expressions, table options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from backend_mentor.domain.schema import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|[\w$]+|\S", re.DOTALL
)
_TABLE_CONSTRAINTS = frozenset(["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"])


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """What the text of a CREATE TABLE says beyond the PRAGMAs."""

    collations: dict[str, str]
    """By column name in lower case; only those that are declared."""
    checks: tuple[Check, ...]
    without_rowid: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """What the text of a CREATE INDEX says beyond the PRAGMAs."""

    keys: tuple[str, ...]
    """Each key's own text, its COLLATE and its order left out."""
    where: str | None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    depth: int
    """How many parentheses are open around it; a parenthesis counts as being outside itself."""


def read_table(sql: str) -> TableDefinition:
    """Return what a CREATE TABLE statement says of collations, CHECKs and options."""
    parts, rest = _split(sql)
    collations: dict[str, str] = {}
    checks: list[Check] = []
    for tokens in parts:
        is_constraint = tokens[0].text.upper() in _TABLE_CONSTRAINTS
        if not is_constraint:
            collations.update({unquote(tokens[0].text).lower(): name for name in _collation(tokens)})
        checks.extend(_checks(sql, tokens))
    options = " ".join(token.text.upper() for token in rest)
    return TableDefinition(collations, tuple(checks), "WITHOUT ROWID" in options, "STRICT" in options)


def read_index(sql: str) -> IndexDefinition:
    """Return the keys and the condition of a CREATE INDEX statement."""
    parts, rest = _split(sql)
    where = next((token for token in rest if token.text.upper() == "WHERE"), None)
    keys = tuple(_without_order(sql, tokens) for tokens in parts)
    return IndexDefinition(keys, sql[where.end :].strip().rstrip(";").strip() if where else None)


def unquote(name: str) -> str:
    """Return an identifier without its quotes."""
    if len(name) > 1 and name[0] in "\"`'[":
        return name[1:-1].replace(name[0] * 2, name[0])
    return name


def _tokens(sql: str) -> Iterator[_Token]:
    depth = 0
    for found in _TOKEN.finditer(sql):
        text = found[0]
        if text.startswith(("--", "/*")):
            continue
        depth -= text == ")"
        yield _Token(text, found.start(), found.end(), depth)
        depth += text == "("


def _split(sql: str) -> tuple[list[list[_Token]], list[_Token]]:
    """Return the comma-separated parts of the first parenthesis, and the tokens after it."""
    tokens = list(_tokens(sql))
    opening = next((place for place, token in enumerate(tokens) if token.text == "("), len(tokens))
    closing = next(
        (place for place in range(opening, len(tokens)) if tokens[place].text == ")" and tokens[place].depth == 0),
        len(tokens),
    )
    parts: list[list[_Token]] = [[]]
    for token in tokens[opening + 1 : closing]:
        if token.text == "," and token.depth == 1:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part], tokens[closing + 1 :]


def _collation(tokens: list[_Token]) -> Iterator[str]:
    for token, following in pairwise(tokens):
        if token.depth == 1 and token.text.upper() == "COLLATE":
            yield spelled(unquote(following.text))


def spelled(collation: str) -> str:
    """Return a collation as SQLite itself spells it: its own three in capitals."""
    return collation.upper() if collation.upper() in {"NOCASE", "BINARY", "RTRIM"} else collation


def _checks(sql: str, tokens: list[_Token]) -> Iterator[Check]:
    for place, token in enumerate(tokens):
        if token.depth != 1 or token.text.upper() != "CHECK" or place + 1 == len(tokens):
            continue
        opening = tokens[place + 1]
        closing = next(each for each in tokens[place + 2 :] if each.text == ")" and each.depth == opening.depth)
        named = place >= 2 and tokens[place - 2].text.upper() == "CONSTRAINT"
        name = unquote(tokens[place - 1].text) if named else None
        yield Check(sql[opening.end : closing.start].strip(), name)


def _without_order(sql: str, tokens: list[_Token]) -> str:
    kept = list(tokens)
    if kept[-1].text.upper() in {"ASC", "DESC"}:
        kept.pop()
    if len(kept) > 2 and kept[-2].depth == 1 and kept[-2].text.upper() == "COLLATE":
        del kept[-2:]
    if kept[0].text == "(" and kept[-1].text == ")" and _closing(kept) == len(kept) - 1:
        kept = kept[1:-1]
    return sql[kept[0].start : kept[-1].end]


def _closing(tokens: list[_Token]) -> int:
    """Return the place of the parenthesis that closes the first one."""
    depth = tokens[0].depth
    return next(place for place, token in enumerate(tokens) if token.text == ")" and token.depth == depth)


def with_checks(sql: str, checks: list[str]) -> str:
    """Return a CREATE TABLE statement with these CHECKs more; a view's statement as it is."""
    if not checks or not re.match(r"\s*CREATE\s+TABLE\b", sql, re.IGNORECASE):
        return sql
    closing = next(token for token in reversed(list(_tokens(sql))) if token.text == ")" and token.depth == 0)
    # On a line of its own, in case the definition ends in a comment.
    added = "".join(f"\n, CHECK ({check})" for check in checks)
    return sql[: closing.start] + added + sql[closing.start :]
