"""Which table or column is said to have an index or a key, and which existing index is said to be at work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.mentor.mentions import columns_of, tables_of
from backend_mentor.mentor.variants import is_tried_index, names_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Column, Index, Table
    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_HAS = r"(?:has|have|had|got|carries|carry|comes with|owns?|possess\w*|enjoys?|shares?)"
_KIND = r"(?P<kind>primary key|unique (?:index|key|constraint)|foreign key|check(?: constraint)?|index(?:es)?)"
_OWNS = re.compile(rf"\b{_HAS}(?: [\w,]+){{0,6}}? (?:\w+ )?{_KIND}\b", _I)
_THERE = re.compile(rf"\b(?:there (?:is|are)|exists?|already|you have|we have)\b(?: \w+){{0,4}}? {_KIND}\b", _I)
_ITS = re.compile(r"\b(?:thanks to|due to|because of) (?:its|their|the|an) (?P<kind>index(?:es)?)\b", _I)
_IS_KEY = re.compile(
    r"\b(?:is|are|forms?|makes) (?P<no>not )?(?:an? |the |part of (?:the|an?|its) |in (?:the|its) )?"
    r"(?P<kind>primary key|foreign key|unique key)\b",
    _I,
)
_SORT = re.compile(
    r"\b(?:an?|the|this|that|your|its) (?P<sort>partial|composite|compound|multi-?column|covering|functional|"
    r"expression|hash|gin|brin|"
    r"full-?text) index\b",
    _I,
)
_IN_PLACE = re.compile(
    r"\b(?:exists?|(?:is|are) (?:now |already |also )*(?:there|in place|live|part of (?:your|the)|in your|on your)|"
    r"already|"
    r"there is)\b",
    _I,
)
_BELONGS = re.compile(
    r"^[`\s]*(?:is |sits |lies |was (?:built|made|created) |belongs )?(?:on|over|of|to|for)"
    r" (?:the )?(?:table |column )?`?(?P<name>\w+)",
    _I,
)
_DENIED = re.compile(r"\b(?:not|no|never|yet|neither|nor|none)\b|n't\b", _I)
_AND_ONE = re.compile(r"\band (?:also )?(?:one|another|a second)\b", _I)
_INDEXED = re.compile(r"\b(?:is|are) (?P<no>not )?(?:\w+ )?(?P<kind>indexed)\b", _I)
_LACKS = re.compile(
    rf"\b(?:no|without(?: an?| any)?|lacks?(?: an?| any)?|miss(?:es|ing)(?: an?)?|not (?:have|got)(?: an?| any)?|"
    rf"neither)"
    rf" (?!(?:further|more|other|additional|extra|new|second|better) )"
    rf"(?:\w+ )?{_KIND}\b(?! (?:is|was|gets|will be) (?:used|searched|involved|of|needed|read|taken|chosen))",
    _I,
)
_SUPPOSED = re.compile(
    r"\b(?:would|could|should|if|unless|whether|may|might|suggest\w*|propos\w*|recommend\w*|new|tried|try|trial|add\w*|"
    r"creat\w*|build\w*|built|give|giving|gave|went|took|takes|timed|measured|estimate\w*)\b",
    _I,
)
_ONLY = re.compile(r"\b(?:besides?|apart from|except|other than|but (?:the|its))\b", _I)
_AT_WORK = re.compile(
    r"\b(?:sqlite|postgres\w*|mysql|engine|planner|optimi[sz]er|plan|query|join|lookups?|look-?ups?|search|filter|"
    r"condition|step|statement|day|rows?|orders|customers|items|by|via|through|from|using|with)\b",
    _I,
)
# What is said of an index beside its use, and what is judged elsewhere.
_BESIDE_USE = re.compile(
    r"\b(?:exists?|there|has|have|had|(?:is|are|sits?|lies?|stands?|built|defined) (?:an? |the )?(?:\w+ )?(?:on|"
    r"over|index)|"
    r"covers?|sorted|sorts|ordered|"
    r"begins?|starts?|leads?|unique\w*|duplicates?|twice|sees to|makes? sure|ensures?|enforces?|guarantees?|called|"
    r"named|"
    r"contains?|stores?|consists?|costs?|space|disk|drop\w*|remov\w*|keep\w*|delet\w*|unused|idle|useless|ignor\w*|"
    r"hid\w*|"
    r"prevent\w*|not|no|none|never|neither|nor|without|instead|unable|out of|could|would|can|should|might|may|must|"
    r"if|to|"
    r"indexes|another|other|beside|besides|yet|but|defeat\w*|rules? out|bypass\w*|skip\w*|pass(?:es|ed) over|blind|"
    r"lost|wasted?|"
    r"for (?:queries|lookups|conditions|other)|see|ready|waiting|available|same)\b|n't\b",
    _I,
)


def doubtful_ownership(clause: str, scope: Scope) -> Iterator[str]:
    """Yield what a clause says of indexes and keys that the catalogue does not hold, or that no plan uses."""
    if clause.rstrip().endswith("?"):
        return
    yield from _owned(clause, scope)
    yield from _in_place(clause, scope)
    yield from _at_work(clause, scope)


def _owned(clause: str, scope: Scope) -> Iterator[str]:
    if _SUPPOSED.search(clause) or is_tried_index_only(clause, scope):
        return
    denied = _LACKS.search(clause)
    found = denied or next(
        (hit for each in (_OWNS, _THERE, _ITS, _IS_KEY, _INDEXED) if (hit := each.search(clause))), None
    )
    if found is None or _ONLY.search(clause):
        return
    is_denied = bool(denied) or ("no" in found.re.groupindex and bool(found["no"]))
    tables = tables_of(clause, scope)
    first = re.split(r",|\b(?:and|but|or)\b", clause[found.end() :])[0]
    columns = (
        columns_of(f"{clause[: found.start()]} {first}", scope)
        if _AND_ONE.search(clause)
        else columns_of(clause, scope)
    )
    if not columns and len(tables) > 1 and re.search(r"\b(?:both|all|each|as well as|share)\b", clause, _I):
        if not is_denied and not all(_has(found["kind"].lower(), table, None) for table in tables):
            yield found[0]
        return
    kind = found["kind"].lower()
    listed = re.search(r"\((\w+(?:, ?\w+)+)\)", clause)
    if listed and kind == "index":
        names = tuple(re.split(r", ?", listed[1]))
        built = any(
            index.column_names[: len(names)] == names for table in scope.schema.tables for index in table.indexes
        )
        if built == is_denied:
            yield found[0]
        return
    if re.search(r"\w\(|`[^`]*\(", clause) or not (columns or tables):
        return
    if _is_there(kind, columns, tables) == is_denied:
        yield found[0]


def _in_place(clause: str, scope: Scope) -> Iterator[str]:
    """Yield an index said to be there that no table has: of such a sort, only tried, or of another table."""
    if _DENIED.search(clause) or re.search(r"\b(?:would|could|should|can|if|may|might|when|once|new)\b", clause, _I):
        return
    indexes = [index for table in scope.schema.tables for index in table.indexes]
    there = _IN_PLACE.search(clause)
    sort = _SORT.search(clause)
    if there and sort and not any(_is_of_sort(index, sort["sort"].lower()) for index in indexes):
        yield sort[0]
    elif there and names_one(clause, scope) and is_tried_index_only(clause, scope) and not _existing(clause, scope):
        yield there[0]
    said = re.search(r"\bindex\b.* is (?:an? )?(?P<sort>partial|composite|compound)(?: one| index)?\b", clause, _I)
    if said and not any(_is_of_sort(index, said["sort"].lower()) for index in indexes):
        yield said[0]
    for index in indexes:
        if index.unique and re.search(
            rf"\b{re.escape(index.name)}`? is .{{0,30}}\b(?:non-?unique|ordinary|plain|normal|regular)\b", clause, _I
        ):
            yield f"{index.name} is not unique"
        for name in re.finditer(rf"\b{re.escape(index.name)}\b", clause):
            found = _BELONGS.match(clause[name.end() :])
            table = scope.schema.table(found["name"]) if found else None
            if found and table is not None and table.name != index.table:
                yield f"{index.name}{found[0]}"


def _is_of_sort(index: Index, sort: str) -> bool:
    if sort == "partial":
        return index.where is not None
    if sort in ("functional", "expression"):
        return any(column.expression for column in index.columns)
    return len(index.columns) > 1 if sort.startswith(("comp", "multi")) else False


def _is_there(kind: str, columns: tuple[tuple[Table, Column], ...], tables: tuple[Table, ...]) -> bool:
    """Return whether one of these columns has an index or key of the kind, or one of the tables where none is named."""
    if columns:
        return any(_has(kind, table, column.name) for table, column in columns)
    return any(_has(kind, table, None) for table in tables)


def _has(kind: str, table: Table, column: str | None) -> bool:
    if kind == "primary key":
        return column in table.primary_key if column else bool(table.primary_key)
    if kind == "foreign key":
        return any(column is None or column in key.columns for key in table.foreign_keys)
    if kind.startswith("check"):
        return any(column is None or re.search(rf"\b{re.escape(column)}\b", each.expression) for each in table.checks)
    if kind.startswith("unique"):
        return any(column is None or (column,) == tuple(key) for key in table.unique_keys())
    led = [index.column_names[:1] for index in table.indexes] + [table.primary_key[:1] if column else ()]
    return (column,) in led if column else bool(table.indexes)


def is_tried_index_only(clause: str, scope: Scope) -> bool:
    """Return whether the one index that a clause speaks of is one that was tried and does not exist."""
    return is_tried_index(clause, scope) and bool(re.search(r"\bthe (?:\w+ )?index\b", clause, _I))


def _at_work(clause: str, scope: Scope) -> Iterator[str]:
    """Yield an existing index that a clause has at work, in whatever words, where no plan searches by it."""
    if re.match(r"\s*\|", clause):
        return  # a line of a table of what there is
    rest = re.sub(r"\bto (?=(?:look|find|search|read|reach|get|fetch)\b)", "", clause)
    for index in _existing(clause, scope):
        rest = re.sub(rf"\b{re.escape(index.name)}\b", " ", rest)
        is_said = _AT_WORK.search(rest) and len(rest.split()) > 2
        if is_said and not _BESIDE_USE.search(rest) and not scope.seeks(index.name):
            yield index.name


def _existing(clause: str, scope: Scope) -> list[Index]:
    """Return the existing indexes that a clause names, or points to by `the index on placed_at`, `the e-mail index`."""
    indexes = [index for table in scope.schema.tables for index in table.indexes]
    named = [index for index in indexes if re.search(rf"\b{re.escape(index.name)}\b", clause)]
    if named or is_tried_index(clause, scope):
        return named
    found = re.search(
        r"\b(?:the|its|their|your) (?:(\w+)'?s? index\b(?! on)|(?:\w+ )?index on [`(]?(?:\w+\.)?(\w+)(?!\w|\())",
        clause,
        _I,
    )
    word = (found[1] or found[2]).lower() if found else ""
    word = "email" if word in ("mail", "address") else word
    return [index for index in indexes if word and index.column_names[:1] == (word,)]
