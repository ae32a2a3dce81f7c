"""Names of tables, columns and indexes in a sentence that the database does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Tokenizer

from backend_mentor.mentor.clauses import is_general, is_request
from backend_mentor.mentor.mentions import entity_names, forms
from backend_mentor.mentor.vocabulary import DOINGS, GRAMMAR, IMPERATIVES, KNOWN, QUALITIES
from backend_mentor.reading.scanner import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_CODE = re.compile(r"`([^`\n]+)`")
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?\Z")
_QUALIFIED = re.compile(r"(?<![\w./])([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?![\w/(])(?!\.\w)")
_UNDERSCORED = re.compile(r"(?<![\w./-])([A-Za-z]\w*_\w+)(?![\w/(-])(?!\.\w)")
_CALLED = re.compile(
    r"\b(?:(?i:the|its|your|an?|existing|new) )?(?:(?:tables?|columns?|index(?:es)?|views?) (?:called |named )?"
    r"['\"]?(?P<after>[A-Za-z_]\w*)['\"]?|['\"]?(?P<before>[A-Za-z_]\w*)['\"]?('s)? (?:table|column|index|view))\b"
)
_OF = re.compile(r"\b([A-Za-z_]\w*) column (?:of|in|on) (?:the )?([A-Za-z_]\w*)")
# A sentence that begins in small letters begins with a name.
_SAID_OF = re.compile(r"([a-z]\w+) (?:is|has|holds|keeps|stores|contains|records|lists)\b")
_OWNED = re.compile(r"\b(?:(?P<owner>\w+)(?:'s|'|’s|’)|[Ii]ts) (?P<name>[a-z]+_\w+)\b(?! index)")
_LIST = re.compile(
    r"`?(?P<table>[A-Za-z_]\w*)`?\s*[:(]\s*(?P<columns>`?[a-z]\w*`?(?:\s*,\s*(?:and )?`?[a-z]\w*`?){1,})"
)
# What follows a verb rather than a name.
_GOES_ON = re.compile(r"['’]t\b|\s+(?:the|a|an|from|no|every|each|all|some|it|its|your|more|less|only|that|one|only)\b")
# Words that stand beside `table`, `column` and `index` in any talk of databases.
_ENGLISH = words(
    """
    out down off away aside written further
    a about above added additional after again all alone already also always an and another any are array as at
    back based be because been before begin begins being below beside bitmap both btree build built by can
    cannot change child clustered come comes common composite compound constraint contain contains correct cost
    costs could cover covering covers created creation current data dedicated derived did do does done driving
    each earlier either empty end ends entire entry even ever every exactly exist existing exists expression
    extra few first five for foreign four from full function get gets gin go goes got grows had has hash have
    held help helps here hide hides hold holds hypothetical if in inner instead into is it itself join joined
    junction just keep kept key keyed keys large last later leading leads left let lets like log look looks
    lookup made main make makes many matching may means might missing more most multi must need needed needs
    never new next no non not now nullable of off often on once one only or order ordering original other our
    outer own paid parent partial partitioned pays per plan prefix primary proposed queries query range read
    reads real reference referenced referencing right row rows same scan scans search second secondary seek
    separate serves shall should side single slower small smaller so some sometimes sort sorted source staging
    start starts stays still such supporting system take takes target temp temporary than that the their them
    then there these they third this those three to too took tree trial twice two type types under unique unused up
    usage use used useful uses using value values want wants was were what when where whether which while whole
    wide will with within without would write writes yet you your
    """
)
_EVERYDAY = GRAMMAR | QUALITIES | DOINGS | IMPERATIVES
_FUNCTIONS = frozenset(name.lower() for kind in exp.ALL_FUNCTIONS for name in kind.sql_names())
_KEYWORDS = frozenset(word.lower() for phrase in Tokenizer.KEYWORDS for word in phrase.split())


def tables_in(sentence: str, scope: Scope) -> frozenset[str]:
    """Return the tables of the database that a sentence names, in lower case."""
    said = {word.lower() for word in re.findall(r"\w+", sentence)}
    return frozenset(table.name.lower() for table in scope.schema.tables) & said


def doubtful_names(sentence: str, scope: Scope, *, is_code_cell: bool = False) -> Iterator[str]:
    """Yield the names that stand for a table, column or index and that neither database nor cell has."""
    yield from _wrong_pairs(sentence, scope)
    own = {name.lower() for name in entity_names(scope)}
    known = scope.words | own | {part for name in own for part in name.split("_")}
    for found in _CALLED.finditer(sentence):
        name = found["after"] or found["before"]
        if found["after"] and not _stands_for_a_name(found, sentence):
            continue
        if found["before"] and re.match(r"an? ", found[0]) and _is_loose(sentence, scope):
            continue
        if found["before"] and re.search(r"(?<![Tt]here )\b(?:is|are) an? $", sentence[: found.start("before")]):
            continue  # `is a tiny table` tells of what sort it is
        if name.lower() not in known and not any(form in _ENGLISH | _EVERYDAY for form in forms(name.lower())):
            yield name
    yield from _listed(sentence, scope)
    if is_code_cell:
        return
    said = _SAID_OF.match(sentence)
    if said and said[1] not in _ENGLISH | GRAMMAR | QUALITIES and said[1] not in known:
        yield said[1]
    for name in _loose_names(sentence):
        if name.lower() not in known and name.lower() not in _FUNCTIONS | _KEYWORDS:
            yield name


def _listed(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield what a list or a row of a table gives a table for a column, and is none: `customers: id, email, phone`."""
    for found in _LIST.finditer(sentence):
        table = scope.schema.table(found["table"])
        names = [each.strip(" `") for each in re.split(r",|\band\b", found["columns"])]
        columns = [name for name in names if table is not None and table.column(name)]
        if table is not None and len(columns) >= 2:
            yield from (name for name in names if name and name not in columns and re.fullmatch(r"[a-z]\w*", name))
    cells = [each.strip(" `*") for each in sentence.strip().strip("|").split("|")] if "|" in sentence else []
    table = scope.schema.table(cells[0]) if len(cells) > 2 else None
    if table is not None and re.fullmatch(r"[a-z]\w*", cells[1]) and cells[1] not in known_columns(scope) | KNOWN:
        yield cells[1]


def known_columns(scope: Scope) -> frozenset[str]:
    """Return the names of all columns."""
    return frozenset(column.name for table in scope.schema.tables for column in table.columns)


def _is_loose(sentence: str, scope: Scope) -> bool:
    """Return whether `a summary table` is one of many: in advice and teaching, but where one is said to be there."""
    if re.search(r"\b(?:there (?:is|are)|have|has|exists?|got)\b", sentence, re.IGNORECASE):
        return False
    return is_request(sentence) or is_general(sentence, scope)


def _stands_for_a_name(found: re.Match[str], sentence: str) -> bool:
    """Return whether the word behind `table`, `column` or `index` names one, and is no verb or adverb of English."""
    name, rest = found["after"], sentence[found.end("after") :]
    if "_" in name or re.search(r"(?:called|named)\s|['\"]\w", found[0]):
        return True
    many = re.match(r"(?:the |its |your |a |an |existing |new )?(?:tables|columns|indexes|views)\b", found[0])
    return not (many or name.endswith("ly") or _GOES_ON.match(rest))


def _loose_names(sentence: str) -> Iterator[str]:
    for found in _CODE.finditer(sentence):
        if _IDENTIFIER.match(found[1]) and "." not in found[1]:
            yield found[1]
    yield from _UNDERSCORED.findall(_CODE.sub("", sentence))


def _wrong_pairs(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield each column that is said to be of a table which has none of that name."""
    cell = scope.cell.lower()
    for owner, name in _QUALIFIED.findall(sentence.replace("`", "")):
        table = scope.schema.table(owner)
        whole = f"{owner}.{name}"
        if table is not None and table.column(name) is None:
            yield whole
        elif (
            table is None
            and f"{owner}.".lower() in cell
            and whole.lower() not in cell
            and not any(each.column(name) for each in scope.schema.tables)
        ):
            yield whole  # behind an alias of the cell's stands a column that no table has
    for name, owner in _OF.findall(sentence.replace("`", "")):
        table = scope.schema.table(owner)
        if table is not None and table.column(name) is None:
            yield f"{owner}.{name}"
    yield from _wrong_owners(sentence.replace("`", ""), scope)


def _wrong_owners(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield each column that is given to a table by `items' customer_id` or `its customer_id`, and is another's."""
    columns = {column.name.lower() for table in scope.schema.tables for column in table.columns}
    for found in _OWNED.finditer(sentence):
        named = [each for each in re.findall(r"\w+", sentence[: found.start("name")]) if scope.schema.table(each)]
        owner = found["owner"] or (named[-1] if named and len(set(named)) == 1 else "")
        table = scope.schema.table(owner)
        if table is not None and found["name"].lower() in columns and table.column(found["name"]) is None:
            yield found[0]
