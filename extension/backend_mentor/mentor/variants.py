"""Which of the tried proposals a text speaks of: by name, by the columns of an index, by how a rewrite is spelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.proposal import ProposalKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Index
    from backend_mentor.mentor.evidence import Record, Scope

_I = re.IGNORECASE
_SPELLED = re.compile(
    r"(?<![\w'])(?:LEFT|RIGHT|FULL|CROSS|INNER|OUTER|NOT|EXISTS|IN(?=\s*\()|UNION|DISTINCT|LIKE|BETWEEN|HAVING|LIMIT|"
    r"COALESCE|strftime|substr)(?![\w'])|[<>!]=|<>|(?<![-=])[<>](?!=)"
)
_RANGE = re.compile(
    r"\b(?:range|half-open|two bounds|both bounds|(?:two|both) (?:\w+ )?(?:bounds|comparisons|limits)|"
    r"lower and upper|interval)\b",
    _I,
)
_OPEN_END = re.compile(r">=`? (?:version|rewrite|variant|idea|form|one|alone)\b", _I)
_ON_COLUMNS = re.compile(
    r"\bindex (?:just |only |alone )?(?:on|over|for|of) (?:the )?(?:columns? )?"
    r"(?P<list>[^;:.]*?)(?=\s(?:is|was|has|had|took|takes|would|will|can|could|made|makes|cut|cuts|"
    r"brought|brings|gave|gives|served?s?|helps?|helped|came|comes|went|needs?|turned|reduced?s?|saves?|saved|halved|"
    r"lets?|but|because|which|that|so|the|we|it|by|from|in|to|for|if|since|while|when|should|may|might|"
    r"does|did|do|must|costs?|weighs|already|alone|only|uses|gets|got)\b|[;:,.](?:\s|$)|$)",
    _I,
)
_BESIDE = re.compile(
    r"\b(?P<word>\w+)(?: and \w+)?(?:[- ](?:only|based|column))? index(?:es)?\b|\bindex(?:es)? (?P<name>\w+_\w+)", _I
)
_DAY = frozenset(["day", "days", "date", "expression", "function-based", "daily", "functional"])
_WIDE = frozenset(
    ["wide", "wider", "composite", "compound", "covering", "larger", "bigger", "three", "longer", "combined"]
)
_PLAIN_WORDS = frozenset(["plain", "small", "smaller", "narrow", "single", "simple", "narrower"])
_REWRITE = re.compile(
    r"\b(?:rewrit\w+|rewrote|re-?writing|(?:new |other |changed |second )?(?:versions?|variants?|spellings?|"
    r"forms?))\b",
    _I,
)
_ANY_INDEX = re.compile(r"\bindex(?:es)?\b", _I)
_CODE = re.compile(r"`([^`\n]+)`")
_CONDITION = re.compile(r"[\w.()]+\s*(?:[<>]=?|=|!=)\s*'?\S+")


def variants_in(text: str, scope: Scope) -> tuple[Record, ...] | None:
    """Return the results of the trials of what a text names; empty where that was not tried, None where it names none.

    `the index on status` is one, `>=` is the rewrite that has it, `the rewrite` is each of them.
    """
    tried = [record for record in scope.records if record.proposal is not None]
    indexes = [record for record in tried if record.proposal and record.proposal.index is not None]
    rewrites = [record for record in tried if record.proposal and record.proposal.kind is ProposalKind.REWRITE]
    found = [*_indexes(text, indexes, scope), *_rewrites(text, rewrites, scope)]
    if not found:
        return None
    return tuple(dict.fromkeys(record for each in found for record in each))


def is_tried_index(text: str, scope: Scope) -> bool:
    """Return whether the index that a text speaks of is one that was proposed or tried, rather than an existing one."""
    indexes = [record for record in scope.records if record.proposal and record.proposal.index is not None]
    return any(_indexes(text, indexes, scope))


def is_wide_index_meant(text: str, scope: Scope) -> bool:
    """Return whether a text speaks of `the covering index` where one of several columns was proposed."""
    indexes = [record.proposal.index for record in scope.records if record.proposal and record.proposal.index]
    return any(len(each.columns) > 1 for each in indexes) and bool(re.search(r"\bthe covering index\b", text, _I))


def _indexes(text: str, tried: list[Record], scope: Scope) -> Iterator[list[Record]]:
    by_name = [each for each in tried if re.search(rf"\b{re.escape(_index(each).name)}\b", text, _I)]
    if by_name:
        yield by_name
        return
    is_found = False
    for found in _ON_COLUMNS.finditer(text):
        said = _column_words(found["list"], scope)
        if said:
            is_found = True
            yield [each for each in tried if _column_set(_index(each)) == said]
    for found in _BESIDE.finditer(text):
        word = (found["word"] or found["name"] or "").lower()
        named = _column_words(word, scope)
        if word in _WIDE:
            is_found = True
            yield [each for each in tried if len(_index(each).columns) > 1]
        elif named:
            is_found = True
            yield [each for each in tried if _column_set(_index(each)) == named]
    if not is_found and _ANY_INDEX.search(text) and tried:
        yield tried


def _index(record: Record) -> Index:
    index = record.proposal.index if record.proposal else None
    if index is None:
        raise ValueError(record.name)
    return index


def _column_words(text: str, scope: Scope) -> frozenset[str]:
    """Return the columns that a list of words names; a day or date is the expression over a column."""
    words = re.findall(r"[\w-]+", text.lower().replace("`", ""))
    names = {column.name.lower() for table in scope.schema.tables for column in table.columns}
    said = {word for word in words if word in names}
    if _DAY & set(words):
        return frozenset(["date()"])
    return frozenset(said)


def _column_set(index: Index) -> frozenset[str]:
    names = [name.lower() for name in index.column_names]
    return frozenset("date()" if "(" in name else name for name in names)


def _rewrites(text: str, tried: list[Record], scope: Scope) -> Iterator[list[Record]]:
    if _RANGE.search(text):
        yield [each for each in tried if {">=", "<"} <= _marks(_after(each), scope)]
        if _OPEN_END.search(text):
            yield [each for each in tried if _marks(_after(each), scope) == {">="}]
        return
    said = _marks(text, scope)
    if said:
        full = [each for each in tried if said <= _marks(_after(each), scope)]
        least = min((len(_marks(_after(each), scope)) for each in full), default=0)
        yield [each for each in full if len(_marks(_after(each), scope)) == least]
        return
    own = [piece for code in _CODE.findall(text) for piece in [code, *_CONDITION.findall(code)][:1]]
    new = [piece for piece in own if re.search(r"[=<>]", piece) and _flat(piece) not in _flat(scope.cell)]
    if new:
        yield [each for each in tried if all(_flat(piece) in _flat(_after(each)) for piece in new)]
    elif _REWRITE.search(text) and tried and not _ANY_INDEX.search(text):
        yield tried


def _after(record: Record) -> str:
    return record.proposal.after if record.proposal else ""


def _marks(sql: str, scope: Scope) -> frozenset[str]:
    """Return the keywords and comparisons by which a statement, or talk of one, differs from the cell."""
    bare = re.sub(r"'[^']*'", " ", sql)
    there = {mark.upper() for mark in _SPELLED.findall(re.sub(r"'[^']*'", " ", scope.cell))}
    return frozenset(mark.upper() for mark in _SPELLED.findall(bare)) - there


def _flat(sql: str) -> str:
    return re.sub(r"\s+", "", sql).lower()


def names_one(text: str, scope: Scope) -> bool:
    """Return whether a text names single variants, and does not speak of `the index` or `the rewrites` at large."""
    named = variants_in(text, scope)
    if named is None:
        return False
    tried = [record for record in scope.records if record.proposal is not None]
    indexes = [record for record in tried if record.proposal and record.proposal.index is not None]
    rewrites = [record for record in tried if record.proposal and record.proposal.kind is ProposalKind.REWRITE]
    return set(named) not in (set(indexes), set(rewrites), set(tried))


def starts_with_variant(text: str, scope: Scope) -> bool:
    """Return whether the subject of a sentence is a keyword or comparison by which a tried rewrite differs."""
    start = " ".join(text.replace("`", "").split()[:3])
    return bool(_marks(start, scope)) and bool(variants_in(text, scope))
