"""Statements on which a rewrite once went wrong, each with the rows that showed it, run on real engines."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import pytest

from backend_mentor.databases.registry import connect
from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.domain.proposal import Proposal
from backend_mentor.domain.schema import Schema
from backend_mentor.domain.subject import Subject
from backend_mentor.proposals.rewrites import REWRITES
from backend_mentor.reading.sql import read_statement
from tests.servers import make_database, rows

_SHOP = """
CREATE TABLE a (id INTEGER PRIMARY KEY, k INTEGER, code TEXT COLLATE NOCASE, n INTEGER NOT NULL, "Order" INTEGER);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL, k INTEGER, word TEXT, "Order" INTEGER);
CREATE VIEW seen AS SELECT id, code, n FROM a;
INSERT INTO a VALUES (1, NULL, 'a', 1, 5), (2, 2, 'A', 1, 5), (3, 3, NULL, 2, NULL), (4, 4, 'c', 1, NULL);
INSERT INTO b VALUES (1, 7, 1, 'A', 5), (2, 1, 2, 'C', NULL);
"""


@dataclass(frozen=True, slots=True)
class _Odd:
    sql: str
    because: str
    offered: str | None = None
    """The rewrite that has to be offered and right; None where refusing is right too."""


_SQLITE = (
    _Odd(
        "SELECT id FROM a WHERE EXISTS (SELECT total(k) FROM b WHERE b.a_id = a.id)",
        "total() makes one row of none, so the EXISTS is always true",
    ),
    _Odd(
        "SELECT count(c.k) AS m FROM a LEFT JOIN (b JOIN a AS c ON c.id = b.a_id) ON b.a_id = a.id",
        "the outer join fills every table in its parentheses with NULL",
    ),
    _Odd(
        "SELECT count(c.n) AS m FROM a LEFT JOIN (b JOIN a AS c ON c.id = b.a_id) ON b.a_id = a.id",
        "NOT NULL in the table says nothing where the outer join finds no partner",
    ),
    _Odd(
        'SELECT a.id, (SELECT count(*) FROM b WHERE b.a_id = a.id) AS "order" FROM a',
        "a reserved word needs its quotes",
        "correlated-aggregate-to-join",
    ),
    _Odd(
        'SELECT a.id, (SELECT count(*) FROM b WHERE b."Order" = a."Order") AS m FROM a',
        "a column named by a reserved word needs its quotes",
        "correlated-aggregate-to-join",
    ),
    _Odd(
        'SELECT a.id FROM a WHERE a.n > (SELECT max(b.k) - 1 FROM b WHERE b."Order" = a."Order")',
        "a column named by a reserved word needs its quotes",
        "comparison-with-group-aggregate",
    ),
    _Odd(
        'SELECT a.id AS "order" FROM a JOIN b ON b.a_id = a.id WHERE a.k = 1 OR b.k = 2 ORDER BY a.id',
        "an output name needs its quotes in ORDER BY too",
        "or-across-tables-to-union-all",
    ),
    _Odd(
        'SELECT "Order" AS "group", n FROM (SELECT "Order", n, row_number() OVER (PARTITION BY "Order" ORDER BY n)'
        " AS place FROM a) AS x WHERE place = 1",
        "an output name needs its quotes",
        "row-number-to-group-by",
    ),
    _Odd(
        "SELECT id FROM a WHERE coalesce(k, 9007199254740993) = 9007199254740992",
        "the two numbers differ, and not as floating-point numbers",
    ),
    _Odd(
        "SELECT id FROM a WHERE CASE WHEN n > 0 THEN 9007199254740993 END = 9007199254740992",
        "the two numbers differ, and not as floating-point numbers",
    ),
    _Odd("SELECT id FROM seen WHERE coalesce(code, 'b') = 'A'", "a view's column has a collation that it hides"),
    _Odd(
        "SELECT id FROM b WHERE EXISTS (SELECT 1 FROM seen WHERE seen.code = b.word)",
        "a view's column has a collation that it hides, and IN would take the other's",
    ),
    _Odd(
        "SELECT DISTINCT code, n FROM seen WHERE code = 'a' UNION SELECT DISTINCT code, n FROM seen WHERE code = 'A'",
        "a view's column has a collation that it hides, under which the branches share rows",
    ),
    _Odd(
        "SELECT id FROM a GROUP BY id HAVING count(*) > 1 OR EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)",
        "an aggregate can not move into WHERE",
    ),
)

_LEDGER = """
CREATE TABLE "Users" (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id integer, "ID" integer, name text);
CREATE TABLE notes (id integer PRIMARY KEY, "ID" integer, "Name" text);
CREATE TABLE a (
    id integer PRIMARY KEY, k integer, n integer NOT NULL, single real, yes boolean NOT NULL, "Order" integer
);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id), "Order" integer);
CREATE TABLE c (p integer NOT NULL);
CREATE TABLE nothing (q integer NOT NULL);
CREATE SCHEMA old;
CREATE TABLE old.notes (id integer);
INSERT INTO users VALUES (1, 1, NULL), (1, 1, NULL);
INSERT INTO notes VALUES (1, 1, 'a'), (2, 1, 'a');
INSERT INTO old.notes VALUES (1), (1);
INSERT INTO a VALUES (1, NULL, 1, NULL, true, 5), (2, 2, 2, 0.1, false, NULL);
INSERT INTO b VALUES (1, 1, 5), (2, 1, 5);
INSERT INTO c VALUES (1), (9);
"""

_POSTGRES = (
    _Odd("SELECT DISTINCT id FROM users", 'users is another table than "Users"'),
    _Odd("SELECT DISTINCT id FROM Users", 'without quotes Users is users, another table than "Users"'),
    _Odd("SELECT count(name) AS named FROM users", 'users is another table than "Users"'),
    _Odd('SELECT DISTINCT "ID", "Name" FROM notes', '"ID" is another column than id'),
    _Odd("SELECT DISTINCT id FROM old.notes", "a table of the same name in another schema has no key"),
    _Odd('SELECT DISTINCT id, "Name" FROM public.notes', "the key is there", "redundant-distinct-dropped"),
    _Odd(
        'SELECT id, (SELECT count(*) FROM b WHERE b."Order" = a."Order") AS "Count" FROM a',
        "a name in mixed case needs its quotes",
        "correlated-aggregate-to-join",
    ),
    _Odd(
        'SELECT k AS "Total", n FROM (SELECT k, n, row_number() OVER (PARTITION BY k ORDER BY n DESC) AS place FROM a)'
        " AS x WHERE place = 1",
        "the output's name is in mixed case",
        "row-number-to-group-by",
    ),
    _Odd(
        'SELECT a.id AS "Total" FROM a JOIN b ON b.a_id = a.id WHERE a.n = 1 OR b."Order" = 2 ORDER BY "Total"',
        "the output's name is in mixed case",
        "or-across-tables-to-union-all",
    ),
    _Odd(
        "SELECT count(k) AS m FROM a WHERE k > ALL (SELECT q FROM nothing)", "NULL is greater than all of an empty list"
    ),
    _Odd("SELECT id FROM a WHERE NOT (k > 5 OR n > ALL (SELECT p FROM c))", "not above all is not: at most all"),
    _Odd("SELECT id FROM a WHERE NOT (k > 5 OR n = ANY (SELECT p FROM c))", "not equal to any is not: unlike one"),
    _Odd("SELECT id FROM a WHERE coalesce(single, 0.1) = 0.1", "0.1 in single precision is not 0.1"),
    _Odd(
        "SELECT a.id, (SELECT count(*) FROM (b JOIN c ON c.p = a.n) WHERE b.a_id = a.id) AS m FROM a",
        "a join in parentheses names the outer row, which a derived table can not see",
    ),
    _Odd(
        "SELECT public.a.id FROM public.a LEFT JOIN b ON b.id = public.a.k ORDER BY public.a.id LIMIT 2",
        "a derived table has no schema to name its columns by",
    ),
    _Odd(
        "SELECT public.a.n, count(DISTINCT public.a.k) AS m FROM public.a GROUP BY public.a.n",
        "a derived table has no schema to name its columns by",
        "count-distinct-in-two-levels",
    ),
    _Odd("SELECT id FROM a WHERE yes >= ALL (SELECT yes FROM a AS x)", "there is no max() of booleans"),
    _Odd(
        "SELECT c.p FROM b JOIN a ON a.id = b.a_id RIGHT JOIN c ON c.p = b.id",
        "the outer join keeps the rows that a condition in WHERE would drop",
    ),
    _Odd(
        "SELECT c.p FROM b JOIN a ON a.id = b.a_id FULL JOIN c ON c.p = b.id",
        "the outer join keeps the rows that a condition in WHERE would drop",
    ),
)


def _offers(odd: _Odd, schema: Schema) -> list[Proposal]:
    subject = Subject(read_statement(odd.sql, schema.engine.name), schema)
    found = [each for rewrite in REWRITES if rewrite.gate.admits(schema.engine) for each in rewrite.propose(subject)]
    assert odd.offered is None or odd.offered in [each.name for each in found]
    return found


def _named(odd: _Odd) -> str:
    return odd.sql


@pytest.mark.parametrize("odd", _SQLITE, ids=_named)
def test_no_rewrite_changes_the_answer_on_sqlite(odd: _Odd) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(_SHOP)
    wanted = _answer(connection, odd.sql)
    for proposal in _offers(odd, read_schema(connection)):
        assert _answer(connection, proposal.after) == wanted, f"{odd.because}: {proposal.after}"
    connection.close()


def test_no_rewrite_changes_the_answer_on_postgres(postgres18: str) -> None:
    url = make_database(postgres18, _LEDGER)
    database = connect(url)
    schema = database.schema()
    database.close()
    for odd in _POSTGRES:
        wanted = sorted(map(repr, rows(url, odd.sql)))
        for proposal in _offers(odd, schema):
            found = rows(url, f"SELECT * FROM ({proposal.after}) AS answer")
            assert sorted(map(repr, found)) == wanted, f"{odd.because}: {proposal.after}"
            if '"Total"' in odd.sql:
                assert rows(url, f'SELECT count("Total") FROM ({proposal.after}) AS answer')


def _answer(connection: sqlite3.Connection, sql: str) -> tuple[list[str], list[str]]:
    cursor = connection.execute(sql)
    return [each[0] for each in cursor.description], sorted(map(repr, cursor.fetchall()))
