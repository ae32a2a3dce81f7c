"""What is said of all rows, or of none: a catalogue holds as much of it as it declares, and nothing here has looked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.mentor.clauses import Claim
from backend_mentor.mentor.mentions import columns_of, referring_columns, singular, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_ALL = (
    r"(?<!not )\b(?:every(?: single)?(?: one)?|each(?: and every)?(?: one)?|all(?: two| three| four| five)?|none|no|"
    r"not a single|not one)"
)
# What is done with rows by a query, an index or a plan is judged elsewhere.
_PROCESSED = (
    r"(?:read|scanned|visited|compared|checked|looked|examined|fetched|loaded|counted|sorted|joined|returned|kept|"
    r"matched|evaluated|computed|calculated|converted|touched|tested|needed|found|listed|shown|walked|inspected|"
    r"considered|allowed|required|declared|stored|written|paired|turned|run|passed|called|used|left|dropped)"
)
_FACT = re.compile(
    r"\b(?:(?:is|are|was|were|got|gets?|has been|have been|came|come|comes|carr(?:y|ies|ied)|ha(?:s|ve|d)|placed|told|"
    r"bought|ordered|paid|shipped|sent|joined|lives?|lived|contains?|costs?|belongs?|gave|gives?|stems?|stay(?:s|ed)?|"
    r"happened|arrived|asked|referred|signed|went))\b(?! to\b)"
    rf"(?! (?:\w+ )?{_PROCESSED})",
    _I,
)
_NOT_ROWS = (
    r"(?:into|of|on|in|to|from|for|with|index(?:es)?|inserts?|updates?|deletes?|writes?|lookups?|scans?|quer(?:y|ies)|"
    r"conditions?|columns?|tables?)\b"
)
_PARTICIPLES = frozenset(
    ["placed", "told", "bought", "ordered", "paid", "shipped", "sent", "joined", "asked", "referred", "signed"]
)
_BEING = frozenset(["is", "are", "was", "were", "be", "been", "gets", "got"])
_NOBODY = re.compile(
    r"(?<!whom )(?<!that )(?<!which )\b(?:nobody|no ?one|everybody|everyone)\b(?: in (?:your )?(?:\w+)| of (?:them|"
    r"your \w+)| else)? "
    r"(?:has|had|was|is|placed|bought|ordered|lives|told|referred|signed|paid)\b"
    r"(?! (?:timed|measured|tried|looked|checked|tested|asked|run|judged|verified))",
    _I,
)
_BECAUSE_OF = re.compile(r"\bbecause of (?!the (?:index|query|function|plan|join|null)|this|that|its|it\b|null)\w+", _I)
_BESTS = re.compile(
    r"\b(?:sells? (?:the )?best|most (?:sold|often|frequent\w*|bought|ordered|common\w*)|best-?sell\w+|most popular|"
    r"top[- ]sell\w+|bought most|sold most|dozens of (?:kinds|"
    r"sorts|different)|favourites?|loyal|ha(?:s|ve) the (?:most|fewest|least|highest|lowest|largest|smallest|biggest) "
    r"(?!rows|columns|indexes|work|steps)\w+)\b",
    _I,
)


_EMPTY_FOR = re.compile(
    r"\b\w+_\w+`? (?:is|are|stays?) (?:always |still )?(?:empty|null|missing|unset|blank) (?:for|in|on|"
    r"with) (?:all|every|each|any|no)\b",
    _I,
)
_THE_ONLY = re.compile(
    r"\bthe only (?!(?:\w+ )?(?:index|key|column|table|condition|step|scan|rewrite|change|way|"
    r"part|place|thing|one|variant|"
    r"proposal|difference|price|cost|constraint|reason|question)\b)(?:\w+ ){1,3}?(?:that|who|which|in|ever|with)\b",
    _I,
)


def judge_universals(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says of all rows or of none that no declaration of the schema bears out."""
    things = "|".join(sorted(map(re.escape, _things(scope)), key=len, reverse=True))
    some = rf"(?:of )?(?:the |your |those |these |its )?(?:(?!{_NOT_ROWS})[\w-]+ ){{0,2}}?(?:{things})\b"
    found = re.search(rf"{_ALL} {some}|{_ALL} of (?:them|these|those)\b", clause, _I)
    fact = _fact_behind(clause, found.end()) if found else None
    if found and fact and not _is_declared(clause[found.start() :], fact.start() - found.start(), scope):
        yield Claim(f"{found[0].strip()} … {fact[0]}", held=False)
    if row := re.search(
        rf"\b(?:{things}) \d+ (?:consists|was|is|has|had|bought|placed|contains|belongs|holds|lives)\b", clause, _I
    ):
        yield Claim(row[0], held=False)
    there = re.search(
        rf"\bthere (?:is|are) (?:an? |always |some )+\w+ (?:on|for|in|with|at) (?:every|each|all)\b.*\b(?:{things})\b",
        clause,
        _I,
    )
    if there and not _is_declared(clause, there.start(), scope):
        yield Claim(there[0], held=False)
    nobody = _NOBODY.search(clause)
    if nobody and re.search(rf"\b(?:{things}|shop|customers?)\b", clause, _I):
        yield Claim(nobody[0], held=False)
    rows = re.search(rf"\b(?:{things})\b", clause, _I)
    if rows and (cause := _BECAUSE_OF.search(clause, rows.end())):
        yield Claim(cause[0], held=False)
    if exclusive := re.search(
        rf"\b(?:{things}) (?:are|is|were|was) (?:only|just|nothing but|exclusively) (?!\w+ed\b)", clause, _I
    ):
        yield Claim(exclusive[0].strip(), held=False)
    if empty := _EMPTY_FOR.search(clause):
        yield Claim(empty[0], held=False)
    if rows and (only := _THE_ONLY.search(clause)):
        yield Claim(only[0], held=False)
    if rows and (mainly := re.search(r"\b(?:mainly|chiefly|predominantly|primarily)\b", clause, _I)):
        yield Claim(mainly[0], held=False)
    if best := _BESTS.search(clause):
        yield Claim(best[0], held=False)


def _fact_behind(clause: str, start: int) -> re.Match[str] | None:
    """Return the verb by which rows are said to be or to have something, at most seven words behind them."""
    for fact in _FACT.finditer(clause, start):
        between = clause[start : fact.start()].split()
        if len(between) > 7 or {"did", "does", "do"} & set(between):
            return None
        if between and between[0] in {"that", "which", "who", "whose", "where"}:
            # `every order that was placed in May has been paid`
            return re.compile(rf"\b(?:has|have|had) been (?!{_PROCESSED})\w+", _I).search(clause, fact.end())
        if fact[0].lower() not in _PARTICIPLES or not between or between[-1].lower() not in _BEING:
            return fact
    return None


def _things(scope: Scope) -> set[str]:
    names = {table.name.lower() for table in scope.schema.tables}
    return names | {singular(name) for name in names} | {"row", "rows", "records", "entries", "values", "people"}


def _is_declared(clause: str, start: int, scope: Scope) -> bool:
    """Return whether the columns that a clause speaks of from `start` are declared so that all rows must follow."""
    if re.match(r"(?:has|have|had) \w+(?:ed|en|id|nt|ld)\b", clause[start:], _I):
        return False
    values = {
        value
        for table in scope.schema.tables
        for check in table.checks
        for value in re.findall(r"'([^']*)'", check.expression)
    }
    if set(re.findall(r"\w+", clause[start:].lower())) & values:
        return False  # that all have this one of the values is declared nowhere
    named = [table for table in scope.schema.tables if re.search(rf"\b{re.escape(table.name)}\b", clause[:start])]
    columns = columns_of(clause[start:], scope) or tuple(
        each for each in referring_columns(clause, scope) if each[0] is tables_of(clause, scope)[0]
    )
    said = {column.name for _, column in columns}
    of_named = tuple((table, column) for table in named for column in table.columns if column.name in said)
    columns = of_named or columns
    checked = {
        (table.name, column.name)
        for table, column in columns
        for check in table.checks
        if column.name in check.expression
    }
    return bool(columns) and all(
        not column.nullable or (table.name, column.name) in checked or column.name in table.primary_key
        for table, column in columns
    )
