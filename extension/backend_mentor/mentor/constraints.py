"""What a schema requires and allows, in the many ways in which English says so: required, shared, limited, kept as."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.mentor.clauses import Claim
from backend_mentor.mentor.mentions import columns_of, entity_names, referring_columns, singular, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.mentor.evidence import Scope

_I = re.IGNORECASE
_REQUIRED = re.compile(
    r"\b(?:mandatory|(?:is|are|be) (?:always )?required|compulsory|obligatory|NOT NULL|not nullable|"
    r"(?:not|isn't|aren't) (?:optional|nullable)|"
    r"non-?null(?:able)?|(?:is|are) (?:always )?(?:filled(?: in)?|set|populated|present|given|recorded) "
    r"(?:for|in|on|with|once) (?:each|every|all|any)\b|"
    r"always (?:there|present|set|filled|given|known|has|have|carr\w+|holds?|contains?)|"
    r"(?:never|not|n't|cannot|can not) (?:be |ever be |hold |contain )?(?:a )?(?:null|empty|missing|blank|absent|unset|"
    r"left (?:out|empty|blank)|omitted|unknown)|"
    r"(?:must|has to|have to|needs to) (?:always )?(?:be (?:given|present|filled|set|supplied|provided|known|there)|"
    r"have (?:an?|its|one)|hold an?|name an?|belong to|point to)|"
    r"(?:rejects?|forbids?|refuses?|disallows?) (?:a )?(?:null|missing|empty)\w*|"
    r"(?:no|never) \w+ (?:is |goes |comes |exists? )?(?:without|lacks|misses)|never (?:lacks?|misses|goes without)|"
    r"(?:can't|cannot|can not|may not|must not) (?:exist|be stored|be saved|live|stand|be inserted) without)\b",
    _I,
)
_OPTIONAL = re.compile(
    r"\b(?:optional|nullable|not (?:mandatory|required|compulsory|obligatory)|(?:isn't|aren't) (?:mandatory|required)|"
    r"no NOT NULL|(?:allows?|accepts?|admits?|tolerates?|permits?|holds?|takes?) (?:a )?(?:nulls?|missing|blanks?)|"
    r"(?:can|may|might|could|is allowed to|are allowed to) (?:also |well |sometimes |legally )?"
    r"(?:be (?:left )?(?:null|empty|missing|blank|absent|unset|out|omitted|unknown)|"
    r"hold (?:a )?nulls?|go missing|lack|stay (?:empty|null|blank)|remain (?:empty|null|blank)|contain (?:a )?nulls?)|"
    r"(?:nothing|nobody) (?:guarantees|ensures|requires|enforces|demands)|without an? \w+ (?:is|are) (?:allowed|"
    r"possible|fine|accepted|valid)|needs? no \w+|(?:can|may|might|"
    r"could)? ?belongs? to (?:no|nothing|nobody|none)|need(?:n't| not) (?:be (?:given|filled|set|present|there)|"
    r"have|hold|belong)|"
    r"do(?:es)?(?:n't| not) (?:have|need) to (?:be (?:given|filled|set|present|there)|have|belong)|"
    r"(?:is|are) (?:often|sometimes|occasionally|at times) (?:null|empty|missing|blank|absent|unset)|"
    r"(?:can|may|might|could) (?:well )?(?:exist|be stored|be saved|live|be inserted|be placed) without)\b",
    _I,
)
_NO_TWO = re.compile(
    r"\b(?:is|are|be|remain|stay) (?:\w+ )?unique\b|\b(?:can ?not|may not|must not|never) (?:have|share|use|register|"
    r"carry) (?:the same|one)\b|\b(?:no two|(?:only|at most|exactly) one \w+ per|"
    r"(?:can't|cannot|can not|never|must not|may not|not) (?:be )?(?:shared?|repeat(?:ed)?|occur twice|appear twice|"
    r"be used twice|be registered twice|exist twice|be duplicated|have duplicates)|"
    r"(?:occurs?|appears?|exists?|used) (?:only|at most|exactly) once|"
    r"(?:forbids?|prevents?|rules? out|rejects?|refuses?) (?:\w+ )?duplicates?|one of a kind|duplicates? (?:is|are) "
    r"(?:impossible|ruled out|rejected|refused))\b",
    _I,
)
_MORE = re.compile(
    r"\b(?:not (?:\w+ )?unique|isn't unique|aren't unique|non-?unique|(?:nothing|no constraint|no index) "
    r"(?:enforces|guarantees|ensures) "
    r"(?:the )?uniqueness|(?:can|may|might|could) (?!not\b)(?:\w+ )?(?:share|have|use|register|"
    r"carry) (?:one and )?the same|(?:can|may|might|could) (?:be )?\w+ (?:\w+ )?(?:with|under|by) the same|"
    r"(?:can|may|might|could) (?:\w+ )?(?:share (?:an?|one)|repeat|be shared|be duplicated|(?:occur|appear|exist|"
    r"be used) "
    r"(?:twice|several times|more than once|many times))|(?:can|may|might|could) register twice|(?:allows?|permits?|"
    r"accepts?) duplicates|"
    r"(?:two|several|many|some) \w+ (?:share|use|have) (?:the same|an|one)|shares? the same)\b",
    _I,
)
_ANYTHING = re.compile(
    r"\b(?:any (?:value|text|string|word|number|thing|integer|content)s?|anything(?: goes| you like| at all)?|free[- ]"
    r"(?:text|form)|arbitrary|whatever|unrestricted|unconstrained|unlimited|(?:not|n't) (?:limited|restricted|"
    r"constrained|checked|validated)|(?:no|without an?y?) (?:check|constraint|restriction|limit)\w*|"
    r"(?:nothing|nobody|no rule) (?:stops|prevents|keeps|limits|restricts|checks|constrains|validates|forbids|"
    r"enforces|guards))\b",
    _I,
)
_LIMITED = re.compile(
    r"\b(?:only|just|exactly|one of|limited to|restricted to|confined to|no other|allowed|permitted|valid|legal|"
    r"possible|accepted) "
    r"(?:\w+ ){0,3}(?:values?|states?|statuses|words)\b|\b(?:limited|restricted|confined|constrained) to\b|"
    r"\b(?:must|can only|may only|can) be (?:one of|either)\b|\bcan only be\b|\b(?:check (?:constraint|on)|enum\w*)\b|"
    r"\bis (?:always )?(?:one of|either)\b|\bvalues (?:are )?allowed\b|\bonly (?:accepts?|allows?|takes?|holds?)\b|"
    r"(?<!result )(?<!query )\b(?:accepts?|allows?|takes?|knows?) only\b",
    _I,
)
_ABOVE_ZERO = re.compile(
    r"\b(?:positive|(?:above|greater than|more than|over|larger than|bigger than) (?:zero|0)|at least (?:one|1))\b", _I
)
_ZERO = re.compile(
    r"\b(?:accepts?|allows?|takes?|permits?|admits?) (?:an? )?(?:\w+ )?(?:of )?(?:zero|negative|0)\b|\b(?:be|is|"
    r"are|hold|holds) (?:\w+ )?(?:zero|negative|0|below zero|less than one)\b",
    _I,
)
_KEPT = re.compile(
    r"\b(?:stored|kept|saved|held|recorded|declared|typed|defined|written|modelled|comes?|lives?|is|are|holds?) "
    r"(?:as|in|using|of type|with type|the type)? ?(?:an? |the |plain |a plain |form of )*"
    r"(?P<kind>unix|epoch|int(?:eger)?s?|bigints?|numbers?|numeric|decimals?|reals?|floats?|floating|doubles?|texts?|"
    r"strings?|varchars?|char|booleans?|blobs?|bytes|json\w*|uuids?|timestamps?|timestamptz|datetimes?|"
    r"native date|date type|real date|serial)\b",
    _I,
)
_KINDS = {
    "int": ("int", "bigint", "smallint", "serial"),
    "bigint": ("bigint", "int8"),
    "number": ("int", "bigint", "smallint", "num", "dec", "real", "double", "float"),
    "text": ("text", "char", "varchar"),
    "real": ("real", "double", "float"),
    "decimal": ("num", "dec"),
    "bool": ("bool",),
    "blob": ("blob", "bytea"),
    "json": ("json",),
    "uuid": ("uuid",),
    "time": ("timestamp", "datetime", "date"),
}
_KIND_OF = {
    "unix": "int", "epoch": "int", "integer": "int", "int": "int", "serial": "int", "bigint": "bigint",
    "number": "number", "numeric": "decimal", "decimal": "decimal", "real": "real", "float": "real",
    "floating": "real", "double": "real", "text": "text", "string": "text", "varchar": "text", "char": "text",
    "boolean": "bool", "blob": "blob", "byte": "blob", "json": "json", "jsonb": "json", "uuid": "uuid",
    "timestamp": "time", "timestamptz": "time", "datetime": "time", "native date": "time", "date type": "time",
    "real date": "time",
}  # fmt: skip
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LISTING = frozenset(["and", "or", "are", "is", "be", "either", "of", "one", "only", "in", "status", "the", "namely"])
_DEFAULT = re.compile(r"\bdefaults?\b", _I)
_CASCADES = re.compile(
    r"\bcascad\w+|\b(?:delet|remov)\w+ .*\b(?:also|too|as well|along with|automatically|takes?)\b", _I
)
_KEY = re.compile(
    r"\b(?:is|are|as|serves as|acts as|forms?|has|makes?) (?:\w+ )?(?:primary key|identifier)\b|\bprimary key is\b", _I
)
_COMPOSITE = re.compile(r"\b(?:composite|compound|two-column|multi-?column)\b", _I)
_THING = re.compile(
    r"\b(?P<kind>views?|triggers?|procedures?|sequences?|partition(?:s|ed)?|materiali[sz]ed|replicas?|enum\w*|"
    r"generated columns?|stored functions?|cron|jobs?|defaults? to|default value|soft[- ]delete\w*|sharded)\b",
    _I,
)
_EXISTS = re.compile(
    r"\b(?:exists?|there(?:'s| is| are)|you(?:'ve got| have|r)|already|both|comes with|in place|is defined|has an? "
    r"(?:\w+ )?index)\b",
    _I,
)
_DENIED = re.compile(r"\b(?:no|not|never|neither|nor|without|lacks?|n't|nothing|missing)\b|n't\b", _I)
# `With the index in place, ...` supposes what was tried.
_WITH_IT = re.compile(r"\s*(?:with|once|when) \S+ (?:is )?in place\b", _I)
_ENFORCES = re.compile(
    r"\b(?:schema|database|table|constraint|CHECK)s? (?:\w+ )?(?:enforces?|ensures?|guarantees?|makes sure|"
    r"sees to it|prevents?)\b",
    _I,
)
_IS_ON = re.compile(
    r"\b(?:covers?|indexes|leads with|begins with|starts with|is (?:built |defined |an index )?(?:on|over)|holds|"
    r"contains|includes)\b",
    _I,
)
_WITHOUT = re.compile(r"\b(?:without|lacks?|miss(?:es)?|has|have|belongs? to|names?|points? to|needs?)\b", _I)


def judge_constraints(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says of requirements, uniqueness, allowed values, types, keys and what exists."""
    columns = columns_of(clause, scope) or tuple(referring_columns(clause, scope))
    if columns:
        yield from _emptiness(clause, columns, scope)
        yield from _uniqueness(clause, columns)
        yield from _values(clause, columns)
        yield from _kept(clause, columns)
        yield from _coverage(clause, columns, scope)
        if found := _DEFAULT.search(clause):
            has_one = any(column.default is not None for _, column in columns)
            yield Claim(found[0], has_one != bool(_DENIED.search(clause)))
        if found := _KEY.search(clause):
            named = {name for table, column in columns for name in (table.name, column.name)}
            held = any(column.name in table.primary_key for table, column in columns)
            if named:
                yield Claim(found[0], held != bool(_DENIED.search(clause)))
    if found := _CASCADES.search(clause):
        keys = [key for table in scope.schema.tables for key in table.foreign_keys]
        cascades = any((key.on_delete or "").upper() == "CASCADE" for key in keys)
        if "cascad" in clause.lower() or tables_of(clause, scope):
            yield Claim(found[0], cascades != bool(_DENIED.search(clause)))
    yield from _enforced(clause, scope)
    yield from _things(clause, scope)


def _enforced(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield that the schema sees to something between columns, by whether one of its declarations has them all."""
    found = _ENFORCES.search(clause)
    columns = columns_of(clause, scope) if found else ()
    names = {column.name for _, column in columns}
    if found and len(names) > 1 and len({table.name for table, _ in columns}) == 1:
        table = columns[0][0]
        held = any(names <= set(key) for key in table.unique_keys()) or any(
            all(name in check.expression for name in names) for check in table.checks
        )
        yield Claim(found[0], held != bool(_DENIED.search(clause)))


def _coverage(clause: str, columns: tuple[tuple[Table, Column], ...], scope: Scope) -> Iterator[Claim]:
    """Yield that an index which a clause names is one on the columns that it names."""
    if none := re.search(r"\bno (?:\w+ )?index\b", clause, _I):
        functions = [name.lower() for name in re.findall(r"(\w+)\(", clause)]
        built = [
            name.lower() for table in scope.schema.tables for index in table.indexes for name in index.column_names
        ]
        if functions:
            yield Claim(none[0], not any(f"{name}(" in each for name in functions for each in built))
            return
        leads = [index.column_names[:1] for table, _ in columns for index in table.indexes]
        yield Claim(none[0], not any((column.name,) in leads for _, column in columns))
        return
    found = _IS_ON.search(clause)
    for table in dict.fromkeys(table for table, _ in columns) if found else ():
        for index in table.indexes:
            if found and re.search(rf"\b{re.escape(index.name)}\b", clause):
                said = [column.name for owner, column in columns if owner is table]
                has = [name in index.column_names for name in said]
                held = all(has) if re.search(r"\bboth\b|\w+`?,? and `?\w+", clause[found.end() :]) else any(has)
                yield Claim(found[0], held != bool(_DENIED.search(clause)))


def _emptiness(clause: str, columns: tuple[tuple[Table, Column], ...], scope: Scope) -> Iterator[Claim]:
    referring = tuple(referring_columns(clause, scope)) if _WITHOUT.search(clause) else ()
    meant = referring or columns
    rest = clause
    if found := _REQUIRED.search(rest):
        yield Claim(found[0], any(not column.nullable for _, column in meant))
        rest = _REQUIRED.sub(" ", rest)
    if found := _OPTIONAL.search(rest):
        yield Claim(found[0], any(column.nullable for _, column in meant))


def _uniqueness(clause: str, columns: tuple[tuple[Table, Column], ...]) -> Iterator[Claim]:
    unique = any((column.name,) in table.unique_keys() for table, column in columns)
    if (found := _NO_TWO.search(clause)) and not re.search(r"\bnot (?:\w+ )?unique", clause, _I):
        yield Claim(found[0], unique)
    elif found := _MORE.search(clause):
        yield Claim(found[0], not unique)


def _values(clause: str, columns: tuple[tuple[Table, Column], ...]) -> Iterator[Claim]:
    checks = [
        check.expression.lower() for table, column in columns for check in table.checks
        if re.search(rf"\b{re.escape(column.name.lower())}\b", check.expression.lower())
    ]  # fmt: skip
    if found := _ANYTHING.search(clause):
        if not re.search(r"\bnull\b", clause, _I):
            yield Claim(found[0], not checks)
    elif found := _LIMITED.search(clause):
        yield Claim(found[0], any(_allows(check, clause[found.end() :], found[0], clause) for check in checks))
    if (found := _ABOVE_ZERO.search(clause)) and re.search(r"\b(?:must|has to|have to|always|is|are|be)\b", clause):
        yield Claim(found[0], any(re.search(r"> 0|>= 1", check) for check in checks))
    elif found := _ZERO.search(clause):
        bounded = any(re.search(r"> 0|>= 1", check) for check in checks)
        yield Claim(found[0], bounded == bool(_DENIED.search(clause)))


def _allows(check: str, behind: str, words: str, clause: str) -> bool:
    """Return whether a check allows as many values as a clause says, and those that it lists."""
    values = re.findall(r"'([^']*)'", check)
    number = next((_NUMBERS.index(word) for word in clause.lower().split() if word in _NUMBERS), None)
    if number is not None and re.search("value|stat|word", words, _I) and number != len(values):
        return False
    pieces = re.split(r",|:|\band\b|\bor\b", re.sub(r"^.*\b(?:are|is|be|to|of)\b(?= )", "", behind))
    said = [word for piece in pieces if len(piece.split()) == 1 and (word := piece.strip(" .'`\"").lower())]
    said = said if len(said) > 1 else []
    return all(word in values for word in said if word not in _LISTING)


def _kept(clause: str, columns: tuple[tuple[Table, Column], ...]) -> Iterator[Claim]:
    for found in _KEPT.finditer(clause):
        said = found["kind"].lower()
        kind = _KIND_OF.get(said) or _KIND_OF.get(said.removesuffix("s"), "")
        if not kind or re.search(r"\bnumber of\b", clause[found.start() :], _I):
            continue
        held = any(column.type.lower().startswith(_KINDS[kind]) for _, column in columns)
        yield Claim(found[0], held != bool(_DENIED.search(clause[: found.end()])))


def _things(clause: str, scope: Scope) -> Iterator[Claim]:
    """Yield what a clause says there is: an index by name, and what no catalogue here holds, as a trigger."""
    denied = bool(_DENIED.search(clause))
    existing = {index.name.lower() for table in scope.schema.tables for index in table.indexes}
    if (found := _EXISTS.search(clause)) and not _WITH_IT.match(clause):
        for name in entity_names(scope):
            if name.lower() not in existing and "idx" in name and re.search(rf"\b{re.escape(name)}\b", clause):
                yield Claim(f"{found[0]} {name}", denied)
        proposed = {word for word in re.findall(r"\b\w+_idx\b|\bidx_\w+\b", clause.lower()) if word not in existing}
        yield from (Claim(f"{found[0]} {name}", denied) for name in sorted(proposed))
    if (found := _THING.search(clause)) and not denied:
        definitions = " ".join(f"{table.kind} {table.definition or ''}" for table in scope.schema.tables).lower()
        yield Claim(found[0], singular(found["kind"].lower()) in definitions)
    if (found := _COMPOSITE.search(clause)) and re.search(r"\b(?:index|key) on\b|\bkey \(", clause):
        wide = any(len(index.columns) > 1 for table in scope.schema.tables for index in table.indexes)
        yield Claim(found[0], wide != denied)
