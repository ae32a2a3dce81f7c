"""What may run: exactly one query, and no function that writes, waits, locks or reaches outside the database."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

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

_FUNCTIONS = """
SELECT DISTINCT p.proname, p.oid >= 16384 AS made_by_user, p.provolatile = 'v' AS volatile,
       p.provolatile <> 'i' AS reads, p.pronargs = 1 AND t.typtype = 'c' AS of_row
FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0]
WHERE p.proname = ANY ($1::text[])
"""
# Operators that a user made are called without parentheses, so they are looked for by their signs.
_OPERATORS = """
SELECT DISTINCT o.oprname, p.proname, p.provolatile = 'v', p.provolatile <> 'i'
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
WHERE p.oid >= 16384 AND p.provolatile <> 'i'
"""
# Every view below the named ones, with its text: a view can hide a call.
_VIEWS = """
WITH RECURSIVE below(oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relname = ANY ($1::text[]) AND c.relkind = 'v' AND c.oid >= 16384
  UNION
  SELECT d.refobjid FROM below b JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.oid
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_class v ON v.oid = d.refobjid AND v.relkind = 'v' AND v.oid >= 16384
)
SELECT oid::regclass::text, pg_catalog.pg_get_viewdef(oid) FROM below
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator that a statement calls, as the catalogue knows it."""

    name: str
    made_by_user: bool
    volatile: bool
    reads: bool
    """Whether it is not immutable, so that it can read tables."""
    view: str | None = None
    """The view that hides the call."""


def check_text(statement: Statement) -> None:
    """Raise RefusedError unless the text is one query that locks nothing and calls nothing refused by name."""
    tokens = tokens_of(statement.sql)
    check_single(tokens)
    if statement.kind is not StatementKind.QUERY:
        name = name_of(statement, tokens)
        raise RefusedError(f"{name} was refused: a review changes nothing.", _REMEDY, name=name)
    for token in tokens:
        if token.text.upper() == "FOR" and (found := _LOCKING.match(statement.sql[token.start :])):
            name = " ".join(found.group().upper().split())
            raise RefusedError(f"{name} was refused: it locks the rows that it reads.", _REMEDY, name=name)
        if token.text.upper() == "U" and statement.sql[token.start : token.start + 3].upper() == 'U&"':
            raise RefusedError('A U&"…" name was refused: it hides its letters.', _REMEDY, name='U&"…"')
    for name in called_names(tokens):
        refuse_by_name(name)


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
    """Return what the statement calls, in its own text and in the views below it, as the catalogue knows it."""
    tokens = tokens_of(statement.sql)
    calls = list(_calls(tokens, statement.sql, query, None))
    for view, definition in query(_VIEWS, (_identifiers(tokens),)).rows:
        calls += _calls(tokens_of(str(definition)), str(definition), query, str(view))
    return tuple(calls)


def check_calls(calls: Iterable[Call]) -> None:
    """Raise RefusedError for a call that can write."""
    for call in calls:
        where = f" in view {call.view}" if call.view else ""
        refuse_by_name(call.name, where)
        if call.volatile and call.name not in _HARMLESS:
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
        return list(DIALECTS["postgres"]().tokenize(sql))
    except TokenError as error:
        raise RefusedError("The statement can not be read, so it is not run.", _REMEDY, name="unreadable") from error


def called_names(tokens: list[Token]) -> tuple[str, ...]:
    """Return each name that stands before a parenthesis, folded to small letters where it is not quoted."""
    pairs = itertools.pairwise(tokens)
    return tuple(dict.fromkeys(_folded(token) for token, after in pairs if after.token_type is TokenType.L_PAREN))


def _calls(
    tokens: list[Token], sql: str, query: Callable[[str, tuple[object, ...]], Answer], view: str | None
) -> Iterable[Call]:
    called = set(called_names(tokens))
    for name, by_user, volatile, reads, of_row in query(_FUNCTIONS, (_identifiers(tokens),)).rows:
        # `o.total` calls total(o) where that takes a row of the table.
        if name in called or (by_user and of_row):
            yield Call(str(name), bool(by_user), bool(volatile), bool(reads), view)
    for sign, name, volatile, reads in query(_OPERATORS, ()).rows:
        if str(sign) in sql:
            yield Call(str(name), made_by_user=True, volatile=bool(volatile), reads=bool(reads), view=view)


def _identifiers(tokens: list[Token]) -> list[str]:
    kept = {_folded(token) for token in tokens if token.text and (token.text[0].isalpha() or token.text[0] == "_")}
    return sorted(kept | {_folded(token) for token in tokens if token.token_type is TokenType.IDENTIFIER})


def _folded(token: Token) -> str:
    return token.text if token.token_type is TokenType.IDENTIFIER else token.text.lower()
