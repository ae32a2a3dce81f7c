"""Claims on plans and schemas: which index is used and how, what is scanned, indexed, unique or never NULL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.mentor.clauses import is_request, points_here
from backend_mentor.mentor.column_claims import column_claims
from backend_mentor.mentor.mentions import names_something
from backend_mentor.mentor.names import tables_in
from backend_mentor.mentor.seeks import is_seek
from backend_mentor.mentor.variants import is_tried_index, is_wide_index_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope

_NEGATION = re.compile(
    r"\b(not|no|nothing|never|without|neither|nor|unused|cannot|can't|can not|does\s?n't|is\s?n't|instead of|"
    r"rather than)\b|n't\b"
)
_OPERATOR = re.compile(r"\bNOT (?=EXISTS|IN\b|LIKE|BETWEEN|NULL)|\b(?:IS|is) NOT (?=NULL)")
_CLAUSE = re.compile(r"[,;:()]| but | while | because | since | so ")
_SUPPOSED = re.compile(r"\b(would|could|if|should|might|unless|whether|were)\b", re.IGNORECASE)

_ABLE = re.compile(r"\bcan(?: not|not)? be \w+ $", re.IGNORECASE)

_HIDDEN = re.compile(r"\b(?:hid\w*|keeps?|prevents?|stops?|bars?|shields?|blocks?) [^,;]*$", re.IGNORECASE)

_NAME = r"`?([A-Za-z_]\w*(?:\.\w+)?)`?"
_USES = re.compile(
    rf"\b(?:uses?|used|using|takes?|through|by|via|seeks?(?: into| on| in)?|searche?s?(?: by| in| with)?|"
    rf"look(?:s|ed)? up by|falls? back (?:on|to)|fell back (?:on|to)|goes (?:by|through|via)|"
    rf"reads?|walks?|picks?|hits?)\s+(?:the |an |its )?(?:existing |new |proposed )?(?:index (?:called |"
    rf"named )?{_NAME}|{_NAME} index)",
    re.IGNORECASE,
)
_USES_SOME = re.compile(
    r"\b(?:uses?|using|through|by|via|with|from|searches|seeks) (?:an|its|the|some) (?:existing )?index\b"
    r"(?! on| called)",
    re.IGNORECASE,
)
_USES_KEY = re.compile(
    rf"\b(?:uses?|using|through|by|via) (?:its|the) primary key(?: of (?:the )?{_NAME})?",
    re.IGNORECASE,
)
_USES_ON_COLUMN = re.compile(
    rf"\b(?:walks?|uses?|using|reads?|searches|through|by|via|takes?) (?:the|an|"
    rf"its) index on (?:\w+\()?{_NAME}",
    re.IGNORECASE,
)
_THE_INDEX_ON = re.compile(r"\b[Tt]he (?:existing |old |current |present )?index on `?([a-z_]\w*(?:\.\w+)?)`?(?![\w(])")
_COLUMNS_INDEX = re.compile(
    r"\b(?:goes|go|done|works?|served|answered|found|read|comes?|looks?|looked up|uses?|using) "
    r"(?:(?:by|via|through|with|over|off) )?(?:the|an|its) (\w+) index\b",
    re.IGNORECASE,
)
_USE_WORD = re.compile(
    r"\b(?:unused|index seeks?|seeks?|searche[sd]|searching|uses|used|using|takes|hits|picks|relies on|"
    r"serves|served|works|applies|finds|found|answers|answered|goes|looks)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:another|other) (?:query|queries|statements?|conditions?)\b", re.IGNORECASE)
_COVERING = re.compile(r"\b(?:covering index|index[- ]only scan)\b", re.IGNORECASE)
_SEEK_WORD = re.compile(r"\b(seeks?|seeking|search(?:es|ed)?|look(?:s|ed)? up|lookups?)\b", re.IGNORECASE)
_SCANS = re.compile(
    rf"\b(?:(?:full|whole|sequential|seq|complete) (?:table )?scans? (?:of|on|over) (?:the )?{_NAME}|"
    rf"(?:scans|reads) (?:the )?(?:whole |entire |full |all (?:rows )?of (?:the )?){_NAME}|"
    rf"{_NAME} is (?:(?:fully|wholly|entirely|completely) )?(?:scanned|read (?:whole|end to end|completely|entirely|"
    rf"fully|wholly|in full|from (?:end|beginning|start) to end))|\bscans? of (?:the )?(?:table )?{_NAME})",
    re.IGNORECASE,
)
_OPERATIONS: tuple[tuple[str, frozenset[Operation]], ...] = (
    (r"hash join", frozenset([Operation.HASH_JOIN])),
    (r"merge join", frozenset([Operation.MERGE_JOIN])),
    (r"nested[- ]loop", frozenset([Operation.NESTED_LOOP])),
    (r"bitmap (?:heap |index )?scan", frozenset([Operation.BITMAP_SCAN, Operation.BITMAP_INDEX])),
    (
        r"(?:temp(?:orary)? b-?tree|sorts (?!the (?:raw|bare|stored|plain))(?:all|the|every|its|them|each)|"
        r"sort step|is sorted in memory)",
        frozenset(
            [Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT, Operation.DISTINCT, Operation.GROUP]
        ),
    ),
    (r"(?:full (?:table )?scan|seq(?:uential)? scan|table scan)", frozenset([Operation.SCAN])),
    (r"memoiz", frozenset([Operation.MEMOIZE])),
)
_ONLY_PART = re.compile(
    r"\b(?:without (?:reading|scanning|looking at|visiting)|(?:reads?|scans?|visits?|sees?|looks at|touche?s?) "
    r"(?:only|just|nothing but)|(?:only|just|none but) (?:the |those |its )(?:\w+ ){1,6}(?:is|are) (?:read|scanned|"
    r"visited|looked at|touched|needed|fetched|loaded|retrieved)|stops? early|(?:read|"
    r"scanned) (?:only )?(?:up to|until) the first|"
    r"only (?:has|have|needs?) to be (?:read|visited|scanned)|stops? (?:reading |"
    r"scanning )?(?:as soon as|once)|"
    r"(?:evaluat|comput|calculat|call)\w* .{0,20}\b(?:only |just )?once\b(?! (?:per|for each|for every|an?))|"
    r"straight to)\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(the plan|the query|your|this|here|it|the planner|the statement|postgres\w*|sqlite)\b", re.IGNORECASE
)
_SEARCH_BY = re.compile(
    r"\b(?:search\w*|look\w* (?:up|into)|filter\w*|find\w*(?: rows (?:of|in))?|quer\w+) `?(?P<table>\w+)`? by "
    r"`?(?P<column>\w+)",
    re.IGNORECASE,
)
_SPILLS = re.compile(r"\bspill\w*\b|\bon disk\b.{0,20}\bsort|external merge", re.IGNORECASE)


def doubtful_structure(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield the claims on plan and schema that the evidence contradicts or does not hold."""
    if sentence.rstrip().endswith("?"):
        return
    yield from _index_claims(sentence, scope)
    yield from _nameless_index_claims(sentence, scope)
    yield from _loose_index_claims(sentence, scope)
    yield from _partial_reads(sentence, scope)
    yield from _plan_claims(sentence, scope)
    yield from column_claims(sentence, scope)


def is_negated(sentence: str, start: int) -> bool:
    """Return whether what stands at `start` is denied in its own clause."""
    clause = _CLAUSE.split(_OPERATOR.sub("", sentence[:start]))[-1]
    return bool(_NEGATION.search(clause.lower()))


def _loose_index_claims(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield each existing index that a sentence sees used, in whatever order of words, and that no plan searches by."""
    if _SUPPOSED.search(sentence) or not (word := _USE_WORD.search(sentence)):
        return
    negated = bool(_NEGATION.search(sentence.lower()) or _OTHER.search(sentence))
    existing = {index.name for table in scope.schema.tables for index in table.indexes}
    for name in existing & set(re.findall(r"\w+", sentence)):
        if scope.seeks(name) == negated and not (negated and not scope.reads(name)):
            yield f"{word[0]} {name}"


def _index_claims(sentence: str, scope: Scope) -> Iterator[str]:
    for found in _USES.finditer(sentence):
        name = found[1] or found[2]
        if not _is_index(name, scope):
            continue
        negated = is_negated(sentence, found.start()) or is_negated(sentence, found.end())
        held = scope.seeks(name) or _is_offered(name, scope)
        if _SEEK_WORD.search(found[0]):
            held = scope.seeks(name)
        if held == negated and not (negated and not scope.reads(name)):
            yield found[0]
    for found in _SCANS.finditer(sentence):
        name = next(filter(None, found.groups()))
        if scope.schema.table(name) is None:
            continue
        negated = is_negated(sentence, found.start())
        if scope.scans(name) == negated and not _SUPPOSED.search(sentence):
            yield found[0]


def _nameless_index_claims(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield a claim that a table is read by some index, where no plan looks its rows up by one."""
    if _SUPPOSED.search(sentence):
        return
    for found in _USES_KEY.finditer(sentence):
        keyed = [node for node in scope.nodes() if is_seek(node) and (found[1] or node.relation or "") == node.relation]
        if not keyed and not is_negated(sentence, found.start()):
            yield found[0]
    for found in _USES_ON_COLUMN.finditer(sentence):
        if is_tried_index(sentence[found.start() :], scope):
            continue
        led = _led_by({found[1]}, scope)
        known = any(table.column(found[1].rpartition(".")[2]) for table in scope.schema.tables)
        if not led and known and not is_request(sentence) and not is_negated(sentence, found.start()):
            yield found[0]
        if led and not any(scope.reads(name) for name in led) and not is_negated(sentence, found.start()):
            yield found[0]
    yield from _indexes_of_columns(sentence, scope)
    for found in _USES_SOME.finditer(sentence):
        before = sentence[: found.start()]
        able = _ABLE.search(before) or re.search(r"\b(?:can|could|may|to|able to|lets? \w+) $", before)
        if is_negated(sentence, found.start()) or able or _HIDDEN.search(before):
            continue
        said = set(re.findall(r"\w+", sentence))
        tables = {table for table in scope.schema.tables if table.name.lower() in {word.lower() for word in said}}
        nodes = [node for node in scope.nodes() if node.relation in {table.name for table in tables}]
        columns = {column.name for table in scope.schema.tables for column in table.columns} & said
        held = any(is_seek(node) for node in nodes) if tables else any(map(scope.seeks, _led_by(columns, scope)))
        if (tables or columns) and not held:
            yield found[0]


def _indexes_of_columns(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield `the index on X` where there is none, and `by the X index` where no plan reads it."""
    for found in _THE_INDEX_ON.finditer(sentence):
        column = found[1].rpartition(".")[2]
        owners = [table for table in scope.schema.tables if table.column(column)]
        if owners and not _led_by({column}, scope) and not is_tried_index(found[0], scope):
            yield found[0]
    for found in _COLUMNS_INDEX.finditer(sentence):
        led = _led_by({found[1]}, scope)
        if led and not any(scope.reads(name) for name in led) and not is_negated(sentence, found.start()):
            yield found[0]


def _led_by(columns: set[str], scope: Scope) -> set[str]:
    indexes = [index for table in scope.schema.tables for index in table.indexes]
    return {index.name for index in indexes if columns & set(index.column_names[:1])}


def _partial_reads(sentence: str, scope: Scope) -> Iterator[str]:
    """Yield a claim that only a part is read, where a plan reads from end to end what the sentence is about."""
    found = _ONLY_PART.search(sentence)
    if found is None or _SUPPOSED.search(sentence) or is_negated(sentence, found.start()):
        return
    if is_request(sentence) or not (points_here(sentence) or names_something(sentence, scope)):
        return
    tables = tables_in(sentence, scope)
    if any(node.operation is Operation.SCAN for node in scope.nodes() if not tables or node.relation in tables):
        yield found[0]


def _plan_claims(sentence: str, scope: Scope) -> Iterator[str]:
    if not _THIS.search(sentence) or _SUPPOSED.search(sentence):
        return
    operations = {node.operation for node in scope.nodes()}
    for pattern, wanted in _OPERATIONS:
        found = re.search(rf"\b{pattern}", sentence, re.IGNORECASE)
        if found is None:
            continue
        negated = is_negated(sentence, found.start())
        read = {(node.relation or "").lower() for node in scope.nodes()}
        elsewhere = not negated and bool(tables_in(sentence, scope) - read) and not _needs_scan(sentence, scope)
        if _needs_scan(sentence, scope) and Operation.SCAN in wanted:
            continue
        if bool(operations & wanted) == negated or elsewhere:
            yield found[0]
    covering = None if is_wide_index_meant(sentence, scope) else _COVERING.search(sentence)
    if covering and not is_negated(sentence, covering.start()) and not any(node.covering for node in scope.nodes()):
        yield covering[0]
    if (found := _SPILLS.search(sentence)) and not is_negated(sentence, found.start()):
        spilled = any(node.buffers is not None and node.buffers.temp_written for node in scope.nodes())
        if not spilled:
            yield found[0]


def _needs_scan(sentence: str, scope: Scope) -> bool:
    """Return whether a sentence speaks of a search by a column that leads no index: it can only be a scan."""
    found = _SEARCH_BY.search(sentence)
    tables = [table for table in scope.schema.tables if found and table.name == found["table"]]
    if not found or not tables or tables[0].column(found["column"]) is None:
        return False
    return not _led_by({found["column"]}, scope) and found["column"] not in tables[0].primary_key


def _is_index(name: str, scope: Scope) -> bool:
    existing = {index.name.lower() for table in scope.schema.tables for index in table.indexes}
    proposed = {
        record.proposal.index.name.lower() for record in scope.records if record.proposal and record.proposal.index
    }
    return name.lower() in existing | proposed


def _is_offered(name: str, scope: Scope) -> bool:
    return any(
        record.accepted
        and record.proposal is not None
        and record.proposal.index is not None
        and record.proposal.index.name.lower() == name.lower()
        and record.proposal.source.value == "engine"
        for record in scope.records
    )
