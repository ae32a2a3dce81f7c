"""What a sentence claims, and which of it the evidence does not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.mentor.assertions import unproven
from backend_mentor.mentor.clauses import is_general, is_ignorance, unfold
from backend_mentor.mentor.data_claims import doubtful_rows
from backend_mentor.mentor.declarations import doubtful_declarations
from backend_mentor.mentor.effects import doubtful_effects
from backend_mentor.mentor.ellipses import spelled_out
from backend_mentor.mentor.figures import Figure, Unit, read_numbers, table_near
from backend_mentor.mentor.mentions import singular
from backend_mentor.mentor.names import doubtful_names, tables_in
from backend_mentor.mentor.roles import doubtful_roles, inherited, is_of_runs
from backend_mentor.mentor.structure import doubtful_structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.mentor.evidence import Scope
    from backend_mentor.mentor.figures import Number

_CITATION = re.compile(r"\s?\[(r\d+(?:,\s*r\d+)*)\]")
_CODE = re.compile(r"`([^`\n]+)`")
# No name and no word is longer; what a model makes up may be, and each pattern would go over it again and again.
_LONGEST_WORD = 200
_ENDLESS = re.compile(r"\w{200,}")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+|^#+\s+")
# Numbers that name a thing and measure nothing.
_NAMED = re.compile(
    r"\b(?:RFC|ISO|HTTP/?|TLS|OAuth|UTF-?|SHA-?|Top|Python|versions?|section|steps?|options?|proposals?|lines?|port|"
    r"point|points|findings?|questions?|API|CWE-|CVE-|OWASP|level|bcrypt|argon2|status(?: code)?|code)\s*$",
    re.IGNORECASE,
)
# What is supposed of a larger case is no count of this one.
_SCALED = re.compile(
    r"\b\w+ times (?:the|as many|as much|more) (?:rows|data|users|load|traffic|orders|customers)\b", re.IGNORECASE
)
# `a table of millions of rows` is none of these.
_IMAGINED = re.compile(
    r"\b(?:an?|some|other|larger|bigger|any) (?:\w+ )?tables? (?:of|with|that has|holding) (?:\w+ )?$", re.I
)
_OF_DATABASE = re.compile(
    r"\b(?:database|schema|catalogue) (?:\w+ )?(?:has|holds|contains|consists of|comprises)\b", re.I
)
_STATUS = re.compile(
    r"\b(status|HTTP|respon\w+|answer\w*|return\w*|raise\w*|error|client|caller|code)\b", re.IGNORECASE
)
_ADVICE = re.compile(
    r"\b(should|could|set|limit\w*|keep|allow\w*|use|choose|expir\w*|at most|at least|cap|bound|require|rotate|lock|"
    r"retry|retries|timeout|per (?:second|minute|hour|day)|page of|pages of|up to)\b",
    re.IGNORECASE,
)
_SCAN = re.compile(r"\bscan(?:s|ned|ning)?\b", re.IGNORECASE)
_FROM_TO = re.compile(
    r"\bfrom [\w.,~ ]{1,30}? to [\w.,~ ]{0,12}?\d[\d.,]*\s?\w*|\d[\d.,]*\s?\w* ?(?:→|->) ?\d[\d.,]*\s?\w*"
)
_WORK = re.compile(r"\b(?:steps|pages|instructions|work)\b", re.IGNORECASE)
_SIDE = re.compile(
    r"\s*(?:with(?:out)?(?: (?:it|the index|an index))?|before|after)\b[^.]{0,12}$|\s*(?:with(?:out)?(?: (?:it|"
    r"the index|an index))?|before|after(?:wards)?)\s?:",
    re.IGNORECASE,
)
_CONNECTIVES = frozenset(["to", "and", "with", "without", "now", "before", "after", "instead", "once", "when", "by"])
_EFFECT_WORD = re.compile(r"\b(fast\w*|slow\w*|quick\w*|cheap\w*|speed\w*|time|took|takes|measured)\b", re.IGNORECASE)


def citations(sentence: str) -> tuple[str, ...]:
    """Return the results that a sentence cites, as in `[r3]`."""
    return tuple(name.strip() for found in _CITATION.finditer(sentence) for name in found[1].split(","))


def without_citations(sentence: str) -> str:
    """Return the sentence as it is shown."""
    return _CITATION.sub("", sentence)


def doubts(sentence: str, scope: Scope, *, is_code_cell: bool = False, is_opinion: bool = False) -> tuple[str, ...]:
    """Return what a sentence claims and no evidence in sight holds, in its own words.

    `is_code_cell` is for talk of endpoint code, where a status code or a recommended limit is no measurement.
    `is_opinion` is for what is put to people to decide, which may be said in any words.
    """
    whole = unfold(_BULLET.sub("", without_citations(_ENDLESS.sub(lambda found: found[0][:_LONGEST_WORD], sentence))))
    found = _doubts(whole, scope, is_code_cell=is_code_cell, is_opinion=is_opinion)
    for repeated in spelled_out(whole, scope):
        found += _doubts(repeated, scope, is_code_cell=is_code_cell, is_opinion=is_opinion)
    return tuple(dict.fromkeys(found))


def _doubts(text: str, scope: Scope, *, is_code_cell: bool, is_opinion: bool) -> list[str]:
    if is_ignorance(text):
        text = _SCALED.sub("more rows", text)
    teaches = is_general(text, scope)
    plain = _CODE.sub(lambda found: "`" + " " * len(found[1]) + "`", text)
    found = [
        *_doubtful_numbers(plain, text, scope, is_code_cell),
        *_doubtful_code(text, scope),
        *doubtful_names(text, scope, is_code_cell=is_code_cell),
        *(() if teaches else doubtful_structure(text, scope)),
        *doubtful_declarations(text, scope),
        *doubtful_effects(text, scope, teaches=teaches),
        *doubtful_rows(text, scope),
        *(() if is_code_cell else doubtful_roles(plain, scope)),
    ]
    if not (found or is_opinion):
        found = list(unproven(text, scope, is_code_cell=is_code_cell))
    return found


def _doubtful_numbers(plain: str, text: str, scope: Scope, is_code_cell: bool) -> Iterator[str]:
    tables = tables_in(text, scope)
    earlier: list[Number] = []
    for number in sorted(read_numbers(plain), key=lambda each: each.start):
        if _measures_nothing(number, plain, scope, is_code_cell):
            continue
        if _miscounts(number, plain, scope):
            yield number.text
            continue
        counts_rows = number.unit is Unit.PLAIN and number.noun in ("rows", "row", "records", "entries")
        about = table_near(plain, number.start, tables) if counts_rows else _counted_things(number, scope)
        if counts_rows and not about and _SCAN.search(plain):
            about = scope.scanned_tables()
        # A bare number beside one of steps counts steps, whatever else here has that size.
        is_work = _is_work(number, plain)
        meant = replace(number, unit=Unit.WORK) if is_work else inherited(number, earlier)
        earlier.append(meant)
        is_bare = number.unit is Unit.PLAIN and not number.noun and bool(_SIDE.match(plain))
        units = (Unit.WORK, Unit.MILLISECONDS) if is_bare else ()
        if any(scope.holds(replace(number, unit=unit), frozenset()) for unit in units):
            continue
        if not scope.holds(meant, frozenset() if is_work else about) and not is_of_runs(meant, plain, scope):
            yield number.text
    yield from _reversed_effects(plain, scope)


def _reversed_effects(plain: str, scope: Scope) -> Iterator[str]:
    """Yield a way from one figure to another that a measurement went in the other direction."""
    for found in _FROM_TO.finditer(plain):
        numbers = list(read_numbers(found[0]))
        for measured in (proof.measurement for proof in scope.proofs()):
            if measured is None or len(numbers) != 2:
                continue
            first, second = numbers
            first = replace(first, unit=second.unit) if first.unit is Unit.PLAIN else first
            ways = [(measured.before.median, measured.after.median, Unit.MILLISECONDS)]
            if measured.before.count is not None and measured.after.count is not None:
                ways.append((float(measured.before.count), float(measured.after.count), Unit.WORK))
            for before, after, unit in ways:
                if before != after and first.says(Figure(after, unit)) and second.says(Figure(before, unit)):
                    yield found[0]


def _counted_things(number: Number, scope: Scope) -> frozenset[str]:
    """Return the table whose things a number counts: `9,000 orders`."""
    if number.unit is not Unit.PLAIN or not number.noun:
        return frozenset()
    return frozenset(table.name.lower() for table in scope.schema.tables if number.noun == table.name.lower())


def _miscounts(number: Number, plain: str, scope: Scope) -> bool:
    """Return whether a number of indexes or columns is not that of the table which it is said of."""
    if number.noun == "tables" and number.unit is Unit.PLAIN and _OF_DATABASE.search(plain):
        return number.value != len(scope.schema.tables)
    counted = re.search(r"\b(indexes|indices|columns)\b", f"{number.text} {number.noun}")
    tables = table_near(plain, number.start, tables_in(plain, scope)) if counted else frozenset()
    table = scope.schema.table(next(iter(tables), None) or "")
    if counted is None or table is None or number.unit is not Unit.PLAIN:
        return False
    return number.value != len(table.columns if counted[0] == "columns" else table.indexes)


def _is_work(number: Number, plain: str) -> bool:
    """Return whether a bare number counts steps or pages that a sentence has named before: from 60,000 to 20,000."""
    is_bare = not number.noun or number.noun in _CONNECTIVES
    return number.unit is Unit.PLAIN and is_bare and bool(_WORK.search(plain))


def _measures_nothing(number: Number, plain: str, scope: Scope, is_code_cell: bool) -> bool:
    before = plain[: number.start]
    if _IMAGINED.search(before):
        return True
    if _NAMED.search(before) or _names_a_row(before, scope) or number.value == 0 or _is_literal(number, before, scope):
        return True
    if number.unit is Unit.PERCENT and _is_share(number, plain, scope):
        return True
    if scope.schema.engine.title.split()[0].lower() in before.lower().split()[-1:]:
        return number.text == str(scope.schema.engine.version[0])
    if number.unit is Unit.PLAIN and 100 <= number.value <= 599 and _STATUS.search(plain):
        return is_code_cell
    return is_code_cell and bool(_ADVICE.search(plain)) and not _EFFECT_WORD.search(plain)


def _names_a_row(before: str, scope: Scope) -> bool:
    """Return whether a number names one row rather than counts: `order 12`."""
    last = (re.findall(r"[a-z]+\s*$", before.lower()) or [""])[0].strip()
    return bool(last) and last in {singular(table.name.lower()) for table in scope.schema.tables}


def _is_literal(number: Number, before: str, scope: Scope) -> bool:
    """Return whether a number stands behind an operator as it does in a statement in sight."""
    if not re.search(r"[=<>]\s*$", before):
        return False
    pattern = rf"[=<>]\s*{re.escape(number.text.strip())}\b"
    return any(re.search(pattern, record.statement or "") for record in scope.records)


def _is_share(number: Number, plain: str, scope: Scope) -> bool:
    """Return whether a part is that of the rows of a table which the sentence counts itself: `987 orders, a sixth`."""
    counts = [each.value for each in read_numbers(plain) if each.unit is Unit.PLAIN and each.value > 1]
    rows = [table.rows for table in scope.schema.tables if table.rows]
    return any(abs(count / of * 100 - number.value) <= number.step for count in counts for of in rows)


_WRITES = re.compile(
    r"\b(DROP\s+(TABLE|INDEX|VIEW|DATABASE|SCHEMA|COLUMN|CONSTRAINT)|DELETE\s+FROM|TRUNCATE\s+(TABLE\s+)?\w|"
    r"UPDATE\s+\w+\s+SET|INSERT\s+INTO|REPLACE\s+INTO|ALTER\s+(TABLE|DATABASE|ROLE|USER|SYSTEM)|"
    r"ATTACH\s+(DATABASE\s+)?'|"
    r"PRAGMA\s+\w|VACUUM\s+\w|GRANT\s+\w+|REVOKE\s+\w+|COPY\s+\w+\s+(TO|FROM)|CREATE\s+(UNIQUE\s+)?(INDEX|"
    r"TABLE)\s+\w|"
    r"load_extension|pg_read_file|lo_import|dblink)",
    re.IGNORECASE,
)
# Outside of code, in capitals or with what follows: `an INSERT into orders` is no statement, `DELETE FROM orders` is.
_BARE_WRITES = re.compile(
    r"\b(?i:DROP\s+(?:TABLE|INDEX|VIEW|DATABASE|SCHEMA)\s+\w+|DELETE\s+FROM\s+\w+|UPDATE\s+\w+\s+SET\b|"
    r"INSERT\s+INTO\s+\w+\s*(?:\(|VALUES|SELECT)|ALTER\s+(?:TABLE|ROLE|USER|SYSTEM)\s+\w+|"
    r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+\w+\s+ON|load_extension|pg_read_file|lo_import|ATTACH\s+(?:DATABASE\s+)?')|"
    r"\b(?:TRUNCATE|GRANT|REVOKE|COPY|PRAGMA|VACUUM|REINDEX)\s+\w+"
)
_QUERY = re.compile(r"\b(SELECT\b.+\bFROM\b|WITH\s+\w+\s+AS\s*\()", re.IGNORECASE | re.DOTALL)


def is_statement(text: str) -> bool:
    """Return whether a piece of text is SQL that does something, rather than a word of it."""
    return bool(_WRITES.search(text) or _QUERY.search(text))


def _doubtful_code(text: str, scope: Scope) -> Iterator[str]:
    spans = [found[1] for found in _CODE.finditer(text)]
    for piece in spans or [""]:
        if is_statement(piece) and not was_seen(piece, scope):
            yield piece
    bare = _CODE.sub("", text)
    found = _BARE_WRITES.search(bare)
    if found and re.match(r"(?:VACUUM|PRAGMA|REINDEX) [a-z]+s\b", found[0]):
        return  # `VACUUM rewrites the file` tells what it does
    if found and found[0].lower() not in one_space(scope.cell).lower():
        yield found[0]


def was_seen(code: str, scope: Scope) -> bool:
    """Return whether a piece of code stands in the cell or in a proposal that is shown as advice."""
    wanted = _letters(code)
    shown = [record.proposal.after for record in scope.records if record.proposal is not None and record.accepted]
    return any(wanted in _letters(text) for text in (scope.cell, *shown))


def _letters(sql: str) -> str:
    """Return a statement without its spaces, quotes and doubled brackets, by which two spellings of it differ."""
    return re.sub(r"\(+", "(", re.sub(r"\)+", ")", re.sub(r"[\s\"`;]", "", sql))).lower()


def one_space(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())
