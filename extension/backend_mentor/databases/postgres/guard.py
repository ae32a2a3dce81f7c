"""What may run: exactly one query, and no function that writes, waits, locks or reaches outside the database."""

from __future__ import annotations

import itertools
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from backend_mentor.databases.postgres.call_queries import FUNCTIONS, HIDDEN_TEXTS, OPERATORS
from backend_mentor.domain.errors import RefusedError
from backend_mentor.domain.statement import StatementKind
from backend_mentor.reading.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backend_mentor.databases.postgres.opening import Answer
    from backend_mentor.domain.statement import Statement

# A READ ONLY transaction lets all of these through, for a superuser or for any role (tried on 15 and 18).
_REFUSED = re.compile(
    r"^(?:pg_terminate_backend|pg_cancel_backend|lo_\w+|loread|lowrite|pg_read_\w+|pg_ls_\w+|pg_stat_file|pg_file_\w+"
    r"|dblink\w*|pg_reload_conf|pg_rotate_logfile\w*|pg_switch_wal|pg_create_restore_point|pg_promote|pg_wal_replay_\w+"
    r"|pg_stat_reset\w*|pg_stat_clear_snapshot|pg_stat_force_next_flush|pg_(?:try_)?advisory_\w+|set_config|nextval|setval"
    r"|pg_logical_\w+|pg_notify|(?:query|table|cursor|schema|database)_to_xml\w*|pg_\w*replication_\w+|pg_sleep\w*"
    r"|pg_export_snapshot|txid_current|pg_current_xact_id|pg_backup_\w+|pg_(?:start|stop)_backup|pg_log_\w+"
    r"|pg_import_system_collations|pg_extension_config_dump|pg_restore_\w+|pg_clear_\w+|pg_prewarm|autoprewarm\w*"
    r"|pg_create_logical_\w+|pg_sync_\w+|pg_export_\w+|hypopg\w*|xpath_table|brin_\w+|gin_clean_pending_list"
    r"|postgres_fdw_\w+|pg_nextoid|pg_stop_making_pinned_objects|binary_upgrade_\w+|pg_buffercache_evict\w*)$"
)
# Volatile by their nature and harmless to run.
_HARMLESS = frozenset(
    [
        "bernoulli",
        "system",
        "random",
        "random_normal",
        "setseed",
        "clock_timestamp",
        "timeofday",
        "gen_random_uuid",
        "uuidv4",
        "uuidv7",
        "uuid_generate_v1",
        "uuid_generate_v4",
        "currval",
        "lastval",
        "pg_relation_size",
        "pg_table_size",
        "pg_indexes_size",
        "pg_total_relation_size",
        "pg_database_size",
        "pg_tablespace_size",
        "pg_column_size",
        "pg_is_in_recovery",
        "pg_current_wal_lsn",
        "pg_current_wal_insert_lsn",
        "pg_last_wal_receive_lsn",
        "pg_last_wal_replay_lsn",
        "pg_blocking_pids",
        "pg_safe_snapshot_blocking_pids",
    ]
)
_LOCKING = re.compile(r"^FOR\s+(?:NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)\b", re.IGNORECASE)
_SECOND_WORDS = ("TABLE", "TRANSACTION", "INDEX", "VIEW", "DATABASE", "SCHEMA", "FUNCTION", "ROLE", "SESSION")
_REMEDY = "Review a single SELECT that only reads; a write is explained, never run."

# System views that show the server's own files.
_FILE_VIEWS = frozenset(["pg_hba_file_rules", "pg_ident_file_mappings", "pg_file_settings"])
# Words that call an operator without its sign.
_SIGNS = {
    "LIKE": ("~~", "!~~"),
    "ILIKE": ("~~*", "!~~*"),
    "SIMILAR": ("~", "!~"),
    "IN": ("=", "<>"),
    "BETWEEN": ("<", "<=", ">", ">="),
    "NULLIF": ("=",),
    "CASE": ("=",),
    "DISTINCT": ("=",),
    "USING": ("=",),
    "NATURAL": ("=",),
}
_QUOTED = (TokenType.IDENTIFIER, TokenType.STRING)
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NAME_BYTES = 63
"""What the server keeps of a longer name."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator that a statement calls, as the catalogue knows it."""

    name: str
    made_by_user: bool
    volatile: bool
    reads: bool
    """Whether it is not immutable, so that it can read tables."""
    place: str | None = None
    """What hides the call: `view v`, `domain d`."""
    compiled: bool = False
    """Whether it is no function of SQL or a procedural language: an extension's, or the server's own."""


def check_text(statement: Statement) -> None:
    """Raise RefusedError unless the text is one query that locks nothing and calls nothing refused by name."""
    tokens = tokens_of(statement.sql)
    check_single(tokens)
    if statement.kind is not StatementKind.QUERY:
        name = name_of(statement, tokens)
        raise RefusedError(f"{name} was refused: a review changes nothing.", _REMEDY, name=name)
    for place, token in enumerate(tokens):
        if token.token_type not in _QUOTED and (found := _LOCKING.match(_words(tokens[place : place + 4]))):
            name = found.group().upper()
            raise RefusedError(f"{name} was refused: it locks the rows that it reads.", _REMEDY, name=name)
        if token.text.upper() == "U" and statement.sql[token.start : token.start + 3].upper() == 'U&"':
            raise RefusedError('A U&"…" name was refused: it hides its letters.', _REMEDY, name='U&"…"')
    for name in called_names(tokens):
        refuse_by_name(name)
    for name in _FILE_VIEWS.intersection(_identifiers(tokens)):
        raise RefusedError(f"{name} was refused: it shows the server's own files.", _REMEDY, name=name)


def check_single(tokens: list[Token]) -> None:
    """Raise RefusedError where a second statement follows."""
    ends = [place for place, token in enumerate(tokens) if token.token_type is TokenType.SEMICOLON]
    if ends and any(token.token_type is not TokenType.SEMICOLON for token in tokens[ends[0] :]):
        raise RefusedError(
            "This is more than one statement.", "Review one statement at a time.", name="more than one statement"
        )
    if not tokens:
        raise RefusedError("There is no statement here.", "Write a SELECT.", name="nothing")


def calls_of(statement: Statement, query: Callable[[str, tuple[object, ...]], Answer]) -> tuple[Call, ...]:
    """Return what the statement calls, in its own text and in the texts that run along, as the catalogue knows it."""
    calls: list[Call] = []
    waiting: list[tuple[str | None, str]] = [(None, statement.sql)]
    known = set(waiting)
    while waiting:
        place, text = waiting.pop()
        tokens = tokens_of(text)
        calls += _calls(tokens, text, query, place)
        found = {(str(hidden), str(sql)) for hidden, sql in query(HIDDEN_TEXTS, (_identifiers(tokens),)).rows}
        waiting += sorted(found - known)
        known |= found
    return tuple(calls)


def check_calls(calls: Iterable[Call]) -> None:
    """Raise RefusedError for a call that can write."""
    for call in calls:
        where = f" in {call.place}" if call.place else ""
        refuse_by_name(call.name, where)
        harmless = call.name in _HARMLESS and (call.compiled or not call.made_by_user)
        if call.volatile and not harmless:
            raise RefusedError(
                f"{call.name}{where} was refused: it is declared VOLATILE, so it can change something each time.",
                "Review the query without it, or declare the function STABLE where it only reads.",
                name=call.name,
            )


def refuse_by_name(name: str, where: str = "") -> None:
    """Raise RefusedError for a function that no review runs."""
    if _REFUSED.match(name):
        what = f"{name}{where} was refused: it writes, waits, locks or reaches outside the database."
        raise RefusedError(what, _REMEDY, name=name)


def name_of(statement: Statement, tokens: list[Token] | None = None) -> str:
    """Return what a statement is called: `INSERT`, `LOCK TABLE`, `COPY`."""
    if statement.tree.find(exp.Into):
        return "SELECT INTO"
    found = statement.tree.find(exp.Insert, exp.Update, exp.Delete, exp.Merge)
    if found is not None and statement.kind is StatementKind.WRITE:
        return found.key.upper()
    first = (tokens or tokens_of(statement.sql))[0].start
    words = statement.sql[first:].upper().split()[:2]
    return " ".join(words[: 2 if words[1:] and words[1] in _SECOND_WORDS else 1])


def tokens_of(sql: str) -> list[Token]:
    """Return the words of a statement; raises RefusedError where they can not be told apart."""
    try:
        tokens = list(DIALECTS["postgres"]().tokenize(sql))
    except TokenError as error:
        raise RefusedError("The statement can not be read, so it is not run.", _REMEDY, name="unreadable") from error
    for before, after in itertools.pairwise(tokens):
        # PostgreSQL reads a string that continues an E'…' with its backslashes, and so ends it elsewhere.
        if before.token_type is TokenType.BYTE_STRING and after.token_type is TokenType.STRING:
            raise RefusedError("An E'…' string was refused: another continues it.", _REMEDY, name="E'…'")
    return tokens


def called_names(tokens: list[Token]) -> tuple[str, ...]:
    """Return each name that stands before a parenthesis, folded to small letters where it is not quoted."""
    pairs = itertools.pairwise(tokens)
    called = (_folded(token) for token, after in pairs if after.token_type is TokenType.L_PAREN)
    return tuple(dict.fromkeys(itertools.chain.from_iterable(called)))


def _calls(
    tokens: list[Token], sql: str, query: Callable[[str, tuple[object, ...]], Answer], place: str | None
) -> Iterable[Call]:
    called, names = set(called_names(tokens)), _identifiers(tokens)
    for name, by_user, volatile, reads, of_row, compiled in query(FUNCTIONS, (names,)).rows:
        # `o.total` calls total(o) where that takes a row of the table.
        if name in called or (by_user and of_row):
            yield Call(str(name), bool(by_user), bool(volatile), bool(reads), place, bool(compiled))
    signs = {sign for token in tokens for sign in _SIGNS.get(token.text.upper(), ())}
    signs |= {"<>"} if "!=" in sql else set()
    for sign, name, volatile in query(OPERATORS, (names,)).rows:
        if sign is None or sign in signs or str(sign) in sql:
            yield Call(str(name), made_by_user=True, volatile=bool(volatile), reads=True, place=place)


def _identifiers(tokens: list[Token]) -> list[str]:
    named = (token for token in tokens if token.token_type is TokenType.IDENTIFIER or _begins_a_name(token.text))
    return sorted(set(itertools.chain.from_iterable(map(_folded, named))))


def _begins_a_name(text: str) -> bool:
    return bool(text) and (text[0].isalpha() or text[0] == "_" or not text[0].isascii())


def _folded(token: Token) -> Iterable[str]:
    """Return a name as the server looks it up, which folds only ASCII in UTF-8 and more in some other encodings."""
    folded: tuple[str, ...] = (token.text,)
    if token.token_type is not TokenType.IDENTIFIER:
        folded = (token.text.translate(_SMALL), token.text.lower())
    return dict.fromkeys(name.encode()[:_NAME_BYTES].decode(errors="ignore") for name in folded)


def _words(tokens: list[Token]) -> str:
    return " ".join(token.text for token in tokens)
