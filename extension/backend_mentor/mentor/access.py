"""How a plan comes to its rows, in the many ways in which English says so: walked through, jumped into, hashed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation
from backend_mentor.mentor.clauses import Claim
from backend_mentor.mentor.mentions import tables_of
from backend_mentor.mentor.seeks import is_seek
from backend_mentor.mentor.tables_read import judge_tables_read
from backend_mentor.mentor.variants import is_wide_index_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Table
    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_WALK = re.compile(
    r"\b(?:scans? (?:covers?|spans?|goes over|takes in)|top to bottom|end to end|start to (?:finish|end)|"
    r"front to back|first to last|beginning to end|row by row|"
    r"one by one|one row after (?:the other|another)|in (?:full|its entirety)|cover to cover|"
    r"(?:full|sequential|seq|table|complete|whole) (?:table )?scans?|scans? (?:of )?(?:the )?(?:whole|entire|full|all|"
    r"every)|"
    r"(?:go(?:es)?|going|runs?|walks?|reads?|reading|pass(?:es)?|works?|looks?|steps?|comb(?:s|ing)?|ploughs?|plows?|"
    r"wades?|trawls?|visits?|visiting|inspects?|examines?|touch(?:es)?|checks?|scans?|scanning|loads?|fetch(?:es)?|"
    r"tests?|iterates?|loops?) "
    r"(?:through |over |across |at )?(?:(?:every|each)(?: single| one)?|all|the (?:whole|entire)|its whole) "
    r"|(?:read|loaded|processed|scanned|walked|visited) (?:completely|entirely|fully|wholly|whole)"
    r"|(?:is|are|was|gets?) (?:not |never )?(?:fully |completely |entirely |wholly )?(?:scanned|walked|traversed)|"
    r"scans (?=\w+$)"
    r"|every (?:single )?(?:row|record|entry)(?: of \w+)? (?:is|gets|has to be|must be) (?:read|visited|examined|"
    r"fetched|"
    r"loaded|inspected|looked at))",
    _I,
)
_ADVERBIAL = re.compile(r"(?:top|end|start|front|first|beginning|cover|row|one|in)\b", _I)
_HANDED = re.compile(
    r"\b(?:pushed (?:down )?(?:in)?to the (?:index|scan)|(?:the|an|its) index (?:on \w+ )?(?:drives|delivers|feeds|"
    r"hands|supplies|powers)|(?:applied|evaluated|checked|tested) (?:inside|within|in|on|by) the index)\b",
    _I,
)
_SEEK = re.compile(
    r"\b(?:(?:is|are) (?:both )?searched\b|index (?:seeks?|search(?:es)?|look-?ups?)|SEARCH (?:on|of|in|over)|"
    r"seeks?|seeking|looked up|looks? up|"
    r"look-?ups?(?! tables?)|"
    r"(?:jumps?|goes|lands|dives|gets) (?:straight|"
    r"directly|right)?\s?(?:to|into|at)|(?:found|fetched|located|reached|retrieved|read|resolved|picked up|joined in|"
    r"comes?|answered|served|satisfied) "
    r"(?:\w+ )?(?:by|via|through|with|using|from|over) (?:its|the|their|an?|one) (?:\w+ )?(?:primary key|key|index)|"
    r"(?:finds?|fetch(?:es)?|locates?|reach(?:es)?|gets?) .{0,40}\b(?:directly|straight ?away|at once|immediately|"
    r"by (?:the|"
    r"its) (?:primary )?key|(?:by|via|through|with) (?:an|the|its) (?:\w+ )?index)|"
    r"(?:by|via|through|using|uses|on) (?:its|the|their) primary key|primary-key lookups?)\b",
    _I,
)
_FIRST = re.compile(
    r"\b(?:first (?:narrows|filters|goes through|takes|works through|looks at|restricts) (?:down )?|"
    r"first,? (?=\w+ (?:is|are|gets) )|(?:reads?|scans?|visits?) (?=\w+ first\b)|starts?|begins?|sets? out|"
    r"kicks off|opens) (?:from|with|at|in|on|by reading|by scanning|off (?:from|with)) "
    r"|\b(?:outer (?:side|table|loop)|driving table|drives the join|comes first|is read first|first reads?|"
    r"read before)\b",
    _I,
)
_STEPS: tuple[tuple[str, frozenset[Operation]], ...] = (
    (r"hash(?:es|ed|ing)?\b(?! sign)|probes?\b|hash table", frozenset([Operation.HASH_JOIN, Operation.HASH])),
    (r"merge joins?|merge-joins?|merges? (?:the two|both)", frozenset([Operation.MERGE_JOIN])),
    (r"bitmaps?\b", frozenset([Operation.BITMAP_SCAN, Operation.BITMAP_INDEX])),
    (r"nested loops?", frozenset([Operation.NESTED_LOOP])),
    (r"temp(?:orary)? (?:table|file)s?", frozenset([Operation.MATERIALIZE])),
    (r"materiali[sz]es?\b|spools?\b", frozenset([Operation.MATERIALIZE])),
    (r"parallel(?:ly)?\b|worker processes|workers\b", frozenset([Operation.GATHER])),
    (r"memoi[sz]e\w*|caches the (?:inner|lookup)", frozenset([Operation.MEMOIZE])),
    (
        r"sorts?\b(?! (?:of|order|column))|sorting\b|sorted\b|temp(?:orary)? b-?tree|filesort",
        frozenset([
            Operation.SORT, Operation.TOP_SORT, Operation.INCREMENTAL_SORT, Operation.DISTINCT, Operation.GROUP,
        ]),
    ),
    (r"remov\w+ (?:the )?duplicates|de-?duplicat\w+|duplicates (?:are|get) removed", frozenset([Operation.DISTINCT])),
    (r"skip[- ]scans?", frozenset()),
    (r"backwards?|in reverse|reverse order|from the end", frozenset()),
    (
        r"automatic (?:index|one)|auto-?index|index on the fly|transient index|bloom filter",
        frozenset([Operation.BLOOM_FILTER]),
    ),
)  # fmt: skip
_COVERING = re.compile(
    r"\b(?:covers every|covers all(?! (?:the )?(?:[\d,]+ )?rows)|covering|index-only|index only (?:scan|read)s?|"
    r"(?:table|heap) (?:itself )?(?:is|"
    r"need|does|has)(?:n't| not|"
    r" never)\b|without (?:ever )?(?:touching|visiting|reading|going (?:back )?to) the table|never touches the table|"
    r"from the index alone|by an index alone|(?:table|heap) (?:itself )?(?:is|was) never (?:touched|read|visited))",
    _I,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|neither|nor|nothing|nobody|none|without|instead of|rather than|avoids?|cannot)\b|n't\b", _I
)
_HIDES = re.compile(
    r"\b(?:hides?|hidden|wraps?|wrapped|wrapping|buries|buried|shields?|conceals?|obscures?|masks?|disables?|defeats?|"
    r"keeps? .{0,40}from (?:being used|using)|prevents?|"
    r"blocks?|rules? out|(?:can't|cannot|can not|won't|does(?:n't| not)|is(?:n't| not)|unable to|not able to|no) "
    r"(?:be )?(?:use[sd]?|using|help|serve|match|search\w*|seek|apply|applied|usable|of (?:any )?use)|useless|idle|"
    r"ignored|passed over|not (?:used|searched|usable)|stays? unused|(?:plays|has|takes) no (?:part|role)|"
    r"goes unused|to waste|unusable|"
    r"out of reach|no good)\b",
    _I,
)
_APPLIED = re.compile(
    r"\b(?:calls?|called|calling|computed?s?|computing|evaluated?s?|evaluating|applied|applies|pushed through|"
    r"run(?:s|ning)? (?:over|through|on)|passed through|converted|calculated?s?|worked out|turned into|"
    r"executed?|executing)\b",
    _I,
)
_STANDING = (
    r"(?:is|has|does|was|covers|holds|contains|indexes|leads|begins|starts|exists|stays|remains|sits|lists|sorts|keeps|"
    r"belongs|goes|stands|lies|takes|needs|costs|lacks|orders|sees|makes|ensures|guarantees|enforces|"
    r"forbids|prevents|rejects|allows|lets|stops|weighs|refuses)\b"
)
_TAKES = (
    r"(?:by|through|via|using|with|over) (?:way of|means of|the help of)?|by way of|by means of|uses|walks|reads|"
    r"scans|follows|searches|goes through|runs through|via|picks|hits|falls back (?:on|to)|relies on|"
    r"works through|seeks in"
)
_KEPT_SORTED = re.compile(
    r"\b(?:index|\w+_idx|book|list)`? (?:\w+ )?(?:is|are|stays?|keeps?) (?:\w+ )?sorted|"
    r"\bsorted (?:index|list|book)\b|\bsorts (?:the )?(?:raw|bare|stored|plain) |^which (?:is|are|"
    r"stays?) sorted\b|sorted by (?:the|its) (?:first|leading) column",
    _I,
)
_COMPARED = re.compile(
    r"`?(?P<name>\w+)`? is compared (?:with|to|against) (?:an? )?(?P<kind>number|integer|text|string|date|timestamp|"
    r"null)\b",
    _I,
)
_FUNCTION = re.compile(r"\b(\w+)\(")
# What a lookup is made for is not what it looks up.
_DRIVING = re.compile(
    r"\b(?:per|for (?:each|every)|of (?:each|every)) \w+|"
    r"\b(?:each|every) \w+ (?:that [\w ]+? )?(?=(?:leads? to|costs?|means|causes?|triggers?|needs?|takes?|requires?) )",
    _I,
)
# An index that is spoken of for what it costs was not read by this plan.
_PRICE = re.compile(r"\b(?:kept up to date|price|inserts?|updates?|writes?|maintain\w*)\b", _I)


def judge_access(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says of the steps by which this query comes to its rows."""
    denied = bool(_DENIED.search(clause))
    if found := _WALK.search(clause):
        yield Claim(found[0].strip(), _walks(found, clause, scope) != _is_denied(clause, found.end()))
    if found := re.search(r"\bnothing (?:has to be|needs to be|is|gets) (?:scanned|read whole|walked)\b", clause, _I):
        yield Claim(found[0], not scope.scanned_tables())
    if (found := _SEEK.search(clause)) and not _HIDES.search(clause):
        yield Claim(found[0], _looks_up(clause, scope) != denied)
    found = _FIRST.search(clause)
    if found and not (found[0].endswith("with ") and not tables_of(clause[found.end() :], scope)):
        yield Claim(found[0].strip(), _is_first(found, clause, scope) != denied)
    operations = {node.operation for node in scope.nodes()}
    for pattern, wanted in _STEPS:
        found = re.search(rf"\b(?:{pattern})", clause, _I)
        if found and not _KEPT_SORTED.search(clause):
            yield Claim(found[0], bool(operations & wanted) != _is_denied(clause, found.start()))
    if (found := _COVERING.search(clause)) and not _PRICE.search(clause):
        yield Claim(found[0], is_wide_index_meant(clause, scope) or any(node.covering for node in scope.nodes()))
    if found := _HANDED.search(clause):
        yield Claim(found[0], any(is_seek(node) for node in scope.nodes()) and not scope.scanned_tables())
    yield from judge_tables_read(clause, scope)
    yield from _compared(clause, scope)
    yield from _acting(clause, scope)
    yield from _unused(clause, scope)


def _is_denied(clause: str, start: int) -> bool:
    return bool(_DENIED.search(clause[max(0, start - 45) : start]))


def _walks(found: re.Match[str], clause: str, scope: Scope) -> bool:
    meant = _nearest(found, clause, scope)
    if re.search(r"\b(?:both|all|the two) tables\b", clause, _I):
        return {(node.relation or "").lower() for node in scope.nodes() if node.relation} <= scope.scanned_tables()
    scanned = scope.scanned_tables()
    return meant.name.lower() in scanned if meant else bool(scanned)


def _nearest(found: re.Match[str], clause: str, scope: Scope) -> Table | None:
    """Return the table that is walked: the first one named behind the verb, unless the sentence began with it."""
    before, after = tables_of(clause[: found.start()], scope), tables_of(clause[found.start() :], scope)
    passive = re.search(r"\b(?:is|are|was|gets|be)\b", clause[: found.end()]) or _ADVERBIAL.match(found[0])
    chosen = (*before, *after) if passive else (*after, *before)
    return chosen[0] if chosen else None


def _looks_up(clause: str, scope: Scope) -> bool:
    tables = tables_of(_DRIVING.sub("", clause), scope)
    sought = {(node.relation or "").lower() for node in scope.nodes() if is_seek(node)}
    indexes = [index.name for table in scope.schema.tables for index in table.indexes]
    named = [name for name in indexes if re.search(rf"\b{re.escape(name)}\b", clause)]
    if named:
        return any(map(scope.seeks, named))
    if re.search(r"\b(?:both|all|each|every|two) (?:steps?|tables?|sides?|halves)\b", clause, _I):
        return not scope.scanned_tables() and bool(sought)
    if not tables:
        return bool(sought)
    return tables[0].name.lower() in sought or (len(tables) > 1 and _target(clause, scope) in sought)


def _target(clause: str, scope: Scope) -> str:
    """Return the table that the verb of a lookup takes: `looks up the customer of each order`."""
    verb = re.search(
        r"\b(?:looks? up|(?:look-?ups?|search(?:es)?|seeks?) (?:of|in|into|on|over)|finds?|fetch(?:es)?|seeks?|into)\b",
        clause,
        _I,
    )
    tables = tables_of(clause[verb.end() :], scope) if verb else ()
    return tables[0].name.lower() if tables else ""


def _is_first(found: re.Match[str], clause: str, scope: Scope) -> bool:
    behind = tables_of(clause[found.end() :], scope)
    tables = behind or tables_of(clause, scope)
    read = [node for node in scope.nodes() if node.relation]
    if not tables or not read:
        return False
    return (read[0].relation or "").lower() == tables[0].name.lower()


def _compared(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield that the cell compares a column with a number, a text, a date or NULL."""
    for found in _COMPARED.finditer(clause):
        kind = found["kind"].lower()
        literal = r"NULL" if kind == "null" else r"'" if kind in {"text", "string", "date", "timestamp"} else r"\d"
        pattern = rf"\b{re.escape(found['name'])}\)?\s*(?:[<>=!]+|IS(?: NOT)?|IN\s*\(|LIKE|BETWEEN)\s*{literal}"
        yield Claim(found[0], bool(re.search(pattern, scope.cell, _I)))


def _acting(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield that an existing index does something for the query: `orders_placed_idx carries this`, `walks it`."""
    for name in (index.name for table in scope.schema.tables for index in table.indexes):
        does = re.search(rf"\b{re.escape(name)}`? (?!{_STANDING})[a-z]+s\b", clause)
        taken = re.search(rf"\b(?:{_TAKES}) (?:the )?`?{re.escape(name)}\b", clause, _I)
        found = does or taken
        if (
            found
            and not re.search(r"\b(?:an)?other (?:quer|statement|cond)", clause)
            and not _HIDES.search(clause)
            and not _is_denied(clause, found.start())
        ):
            yield Claim(found[0], scope.reads(name))


def _unused(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield that an index is not used, or that a function stands around a column, as far as plan and cell tell."""
    cell = scope.cell.lower()
    functions = [name.lower() for name in _FUNCTION.findall(clause)]
    if (found := _APPLIED.search(clause)) and functions:
        yield Claim(found[0], all(f"{name}(" in cell for name in functions))
    if found := _HIDES.search(clause):
        existing = [index.name for table in scope.schema.tables for index in table.indexes]
        named = [name for name in existing if re.search(rf"\b{re.escape(name)}\b", clause)]
        in_cell = all(f"{name}(" in cell for name in functions)
        scanned = any(node.operation is Operation.SCAN for node in scope.nodes())
        yield Claim(found[0], in_cell and scanned and not any(scope.seeks(name) for name in named))
