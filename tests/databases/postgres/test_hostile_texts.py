"""Texts that look like a harmless SELECT and would write, lock, end a session or make a file: nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.postgres.connection import PostgresDatabase
from backend_mentor.domain.errors import MentorError, RefusedError, StatementSyntaxError
from backend_mentor.pipeline import review
from backend_mentor.proofs.prove import judge_same
from tests import servers
from tests.databases.postgres.statements import query

# `leak` makes a file and ends every session of the role bystander: a READ ONLY transaction lets both through.
SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY, note text);
INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 10) n;
CREATE SEQUENCE numbers;
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION leak(n int) RETURNS int SECURITY DEFINER LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('COPY (SELECT 1) TO %L', current_setting('data_directory') || '/leaked');
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'bystander'; RETURN n; END $$;
CREATE FUNCTION "Ärger"(n int) RETURNS int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION "💣"(n int) RETURNS int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION "Mixed "" name"(n int) RETURNS int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION a_name_that_is_as_long_as_a_name_in_this_database_can_be_at_all(n int) RETURNS int
  LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION random(n int) RETURNS int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION by_default(n int DEFAULT leak(1)) RETURNS int STABLE LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION of_any(n anyelement) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE FUNCTION of_record(n record) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN leak(1); END';
CREATE FUNCTION of_two(r t, n int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE FUNCTION set_of(n int) RETURNS SETOF int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION variadic_of(VARIADIC n int[]) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE FUNCTION step(s int, n int) RETURNS int LANGUAGE sql AS 'SELECT leak(n)';
CREATE FUNCTION ends(s int) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE AGGREGATE gather(int) (sfunc = step, stype = int, initcond = '0');
CREATE AGGREGATE finish(int) (sfunc = int4pl, stype = int, initcond = '0', finalfunc = ends);
CREATE AGGREGATE slide(int) (sfunc = int4pl, stype = int, initcond = '0',
  msfunc = step, minvfunc = step, mstype = int, minitcond = '0');
CREATE FUNCTION apart(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE OPERATOR <~> (leftarg = int, rightarg = int, function = apart);
CREATE OPERATOR @@@ (rightarg = bigint, function = pg_try_advisory_lock);
CREATE FUNCTION alike(a pair, b int) RETURNS bool LANGUAGE sql AS 'SELECT leak(1) = 1';
CREATE OPERATOR ~~ (leftarg = pair, rightarg = int, function = alike);
CREATE OPERATOR = (leftarg = pair, rightarg = int, function = alike);
CREATE OPERATOR <> (leftarg = pair, rightarg = int, function = alike);
CREATE OPERATOR >= (leftarg = pair, rightarg = int, function = alike);
CREATE OPERATOR <= (leftarg = pair, rightarg = int, function = alike);
CREATE FUNCTION to_number_of(p pair) RETURNS int LANGUAGE sql AS 'SELECT leak(1)';
CREATE CAST (pair AS int) WITH FUNCTION to_number_of(pair) AS IMPLICIT;
CREATE DOMAIN guarded AS int CHECK (leak(VALUE) > 0);
CREATE DOMAIN inner_guarded AS guarded;
CREATE VIEW trap AS SELECT leak(id) AS id FROM t;
CREATE VIEW "Outer Trap" AS SELECT id FROM trap;
CREATE VIEW guarded_view AS SELECT id::guarded AS id FROM t;
CREATE VIEW locking AS SELECT id FROM t FOR UPDATE;
CREATE TABLE policed (id int);
INSERT INTO policed VALUES (1);
ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY watch ON policed USING (leak(id) = 1);
CREATE VIEW over_policed WITH (security_barrier) AS SELECT id FROM policed;
GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk;
GRANT ALL ON SEQUENCE numbers TO clerk;
"""

CALM_SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY, note text);
INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 10) n;
CREATE VIEW calm AS SELECT id FROM t;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION more(n int DEFAULT 1) RETURNS int STABLE LANGUAGE sql AS 'SELECT n + 1';
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0');
"""

HIDDEN = [
    # A string that continues one with backslashes has them too.
    "SELECT E'a'\n'\\'', leak(1) --'",
    "SELECT e'a'  \n\n '\\'', leak(1) --'",
    "SELECT E'a'\n'b'\n'\\'', leak(1) --'",
    "SELECT * FROM t FOR /* all */ UPDATE",
    "SELECT * FROM t FOR -- all\nNO KEY UPDATE",
    "SELECT * FROM (SELECT * FROM t FOR\nSHARE) AS x",
    "SELECT Ärger(1)",
    "SELECT 💣(1)",
    'SELECT "💣"(1)',
    'SELECT "Mixed "" name"(1)',
    "SELECT a_name_that_is_as_long_as_a_name_in_this_database_can_be_at_all_and_longer(1)",
    "SELECT random(1)",
    "SELECT by_default()",
    "SELECT t.of_any FROM t",
    "SELECT t.of_record FROM t",
    "SELECT t.of_two FROM t",
    "SELECT (t).of_two FROM t",
    "SELECT * FROM set_of(1)",
    "SELECT * FROM ROWS FROM (set_of(1), generate_series(1, 2)) AS x",
    "SELECT x.* FROM t, LATERAL set_of(t.id) AS x",
    "SELECT variadic_of(VARIADIC ARRAY[1])",
    "SELECT gather(id) FROM t",
    "SELECT finish(id) FROM t",
    "SELECT slide(id) OVER (ORDER BY id ROWS 1 PRECEDING) FROM t",
    "SELECT 1 <~> 2",
    "SELECT 1 OPERATOR(public.<~>) 2",
    "SELECT @@@ 7::bigint",
    "SELECT ROW(1, 2)::pair = 1",
    "SELECT ROW(1, 2)::pair LIKE 1",
    "SELECT ROW(1, 2)::pair IN (1)",
    "SELECT ROW(1, 2)::pair != 1",
    "SELECT ROW(1, 2)::pair BETWEEN 1 AND 2",
    "SELECT NULLIF(ROW(1, 2)::pair, 1)",
    "SELECT CASE ROW(1, 2)::pair WHEN 1 THEN 1 END",
    "SELECT ROW(1, 2)::pair IS DISTINCT FROM 1",
    "SELECT ROW(1, 2)::pair::int",
    "SELECT 1 + CAST(ROW(1, 2) AS pair)",
    "SELECT 1::guarded",
    "SELECT CAST(id AS guarded) FROM t",
    "SELECT guarded '1'",
    "SELECT 1::inner_guarded",
    "SELECT * FROM json_to_record('{\"a\": 1}') AS x(a guarded)",
    "SELECT * FROM trap",
    'SELECT * FROM "Outer Trap"',
    "TABLE trap",
    "SELECT * FROM guarded_view",
    "SELECT * FROM policed",
    "SELECT * FROM over_policed",
    "VALUES (leak(1))",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT leak(n + 1) FROM r WHERE n < 3) SELECT * FROM r",
    "SELECT id FROM t ORDER BY leak(id)",
    "SELECT id FROM t LIMIT leak(1)",
    "SELECT count(*) FILTER (WHERE leak(id) = 1) FROM t",
    "SELECT sum(id) OVER (PARTITION BY leak(id)) FROM t",
    "SELECT CASE WHEN false THEN leak(1) END",
    "SELECT (SELECT leak(1))",
    "SELECT /* /* ' */ ' */ leak(1) --'",
    "SELECT E'\\'', leak(1) --'",
    "SELECT '\\', leak(1), '\\'",
    "SELECT 1 AS a$b$, leak(1), 2 AS c$b$",
    "SELECT $a$ $A$ $a$, leak(1) --$A$",
    "SELECT U&'\\0027', leak(1) --'",
    'SELECT U&"le\\0061k"(1)',
    'SELECT "public" . "leak" /* x */ (1)',
    "SELECT leak\f(1)",
    "SELECT LEAK\v(1)",
    'SELECT "pg_catalog"."pg_terminate_backend"(pid) FROM pg_stat_activity',
    "SELECT pg_advisory_lock(7)",
    "SELECT pg_catalog . pg_advisory_xact_lock_shared (7)",
    "SELECT nextval('numbers')",
    "SELECT setval('numbers', 9)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT * FROM pg_ls_waldir()",
    "SELECT * FROM pg_hba_file_rules",
    'SELECT * FROM pg_catalog."pg_file_settings"',
    "TABLE pg_ident_file_mappings",
    "SELECT set_config('work_mem', '64kB', false)",
    "SELECT * FROM ts_stat('SELECT leak(1)::text::tsvector')",
    "SELECT query_to_xml('SELECT leak(1)', true, true, '')",
    "SELECT database_to_xml(true, true, '')",
    "SELECT pg_create_physical_replication_slot('x')",
]
"""Each is refused before the server runs any of it."""

WRITES = [
    "SELECT 1 AS one INTO copied",
    "SELECT * INTO TEMP copied FROM t",
    "(SELECT 1 AS one INTO UNLOGGED copied)",
    "WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone",
    "(WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone) UNION ALL SELECT 1",
    "SELECT 1 UNION ALL (WITH gone AS (UPDATE t SET note = '' RETURNING id) SELECT id FROM gone)",
    "VALUES ((WITH new AS (INSERT INTO t VALUES (99, '') RETURNING id) SELECT id FROM new))",
    "SELECT * FROM (WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone) AS x",
    "WITH a AS (WITH b AS (DELETE FROM t RETURNING id) SELECT * FROM b) SELECT * FROM a",
]
"""Each is planned and never run."""

OTHER = [
    "SELECT 1; DROP TABLE t",
    "SELECT 1; COMMIT; DELETE FROM t",
    "SELECT 1\uff1b DROP TABLE t",
    "SELECT 1\u037e DROP TABLE t",
    "SELECT 1\0; DROP TABLE t",
    "SELECT '\0'; DROP TABLE t",
    "\ufeffSELECT leak(1)",
    "SELECT \ufeffleak(1)",
    "SELECT leak\u00a0(1)",
    "SELECT 1 --\u2028, leak(1)",
    "SELECT 1 --\r, leak(1)",
    "\\! touch leaked",
    "SELECT 1 \\gexec",
    "\\copy t TO 'leaked'",
    "EXPLAIN ANALYZE DELETE FROM t",
    "EXPLAIN (ANALYZE) SELECT leak(1)",
    "PREPARE p AS DELETE FROM t",
    "EXECUTE p",
    "DECLARE c CURSOR WITH HOLD FOR SELECT leak(1)",
    "COPY (SELECT leak(1)) TO STDOUT",
    "CREATE TABLE x AS SELECT leak(1)",
    "CREATE MATERIALIZED VIEW x AS SELECT leak(1)",
    "REFRESH MATERIALIZED VIEW x",
    "SET SESSION AUTHORIZATION clerk",
    "RESET ALL",
    "LISTEN x",
    "NOTIFY x",
    "DISCARD ALL",
    "ALTER SYSTEM SET work_mem = '64kB'",
    "ALTER ROLE CURRENT_USER SET work_mem = '64kB'",
    "MERGE INTO t USING (VALUES (1)) AS v(id) ON t.id = v.id WHEN MATCHED THEN DELETE",
    "TRUNCATE t",
    "VACUUM t",
    "BEGIN READ WRITE",
    "ROLLBACK",
    "SELECT 1) AS q(c1)), gone AS (DELETE FROM t RETURNING 1) SELECT ((1",
    "SELECT * FROM locking",
    "SELECT * FROM t TABLESAMPLE SYSTEM (leak(50))",
    "SELECT {{name}}",
    "SELECT * FROM t WHERE note = {{name}}",
    "SELECT * FROM {{name}}",
]
"""Each may be refused, fail or run: the database stays as it was."""

LET_THROUGH = [
    "SELECT id, random() FROM t ORDER BY random()",
    "SELECT E'a\\n', 'c\\' FROM t",
    "SELECT * FROM t WHERE note LIKE 'note%' AND id IN (1, 2) AND id BETWEEN 1 AND 9 AND id != 3",
    "SELECT count(*), sum(id), string_agg(note, ',') FROM t",
    "SELECT id::text, CAST(note AS varchar(5)) FROM t",
    "SELECT substring(note FROM 2 FOR 3) AS share FROM t",
    "SELECT * FROM t AS of_two",
    "SELECT id::positive, more() FROM calm",
    "SELECT total(id) FROM t",
    'SELECT id AS "for", note AS update FROM t',
]

_VARIABLES = {"name": "x'; DELETE FROM t; --"}
_STATE = """
SELECT (SELECT array_agg(t ORDER BY id)::text FROM t), (SELECT (last_value, is_called)::text FROM numbers),
  (SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory'),
  (SELECT count(*) FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind <> 't'),
  (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata), (SELECT count(*) FROM pg_catalog.pg_db_role_setting),
  (SELECT count(*) FROM pg_catalog.pg_replication_slots), (SELECT count(*) FROM pg_catalog.pg_prepared_xacts),
  pg_catalog.pg_stat_file('leaked', true), pg_catalog.pg_stat_file('postgresql.auto.conf'),
  (SELECT array_agg(pid) FROM pg_catalog.pg_stat_activity WHERE usename = 'bystander')
"""


@pytest.fixture(scope="module")
def place(postgres18: str) -> Iterator[str]:
    """A database with a trap of every kind, and a session of somebody else's that must survive."""
    servers.execute(
        postgres18, "CREATE ROLE clerk LOGIN; CREATE ROLE bystander LOGIN; GRANT CREATE ON DATABASE postgres TO clerk"
    )
    url = servers.make_database(postgres18, SCHEMA)
    with psycopg.connect(url, user="bystander", autocommit=True):
        yield url


@pytest.fixture
def unchanged(place: str) -> Iterator[str]:
    """The database, which must be as before after the test."""
    before = servers.rows(place, _STATE)
    yield place
    assert servers.rows(place, _STATE) == before


@pytest.fixture(params=["postgres", "clerk"])
def database(unchanged: str, request: pytest.FixtureRequest) -> PostgresDatabase:
    """The database as a superuser and as an ordinary role see it."""
    return PostgresDatabase.connect(unchanged.replace("postgres@", f"{request.param}@"), Limits(milliseconds=3_000))


def _ways(text: str, database: PostgresDatabase) -> Iterator[Callable[[], object]]:
    plain = query("SELECT 1")
    yield lambda: database.check(query(text))
    yield lambda: database.fetch(query(text))
    yield lambda: database.run(query(text))
    yield lambda: database.explain(query(text))
    yield lambda: database.explain(query(text), analyze=True)
    yield lambda: database.compare(query(text), plain, ordered=False)
    yield lambda: database.compare(plain, query(text), ordered=True)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_text_that_hides_what_it_does_is_refused_on_every_way(database: PostgresDatabase, text: str) -> None:
    for way in _ways(text, database):
        with pytest.raises((RefusedError, StatementSyntaxError)):
            way()
    with pytest.raises(MentorError):
        review(text, database, analyze=True)


@pytest.mark.parametrize("text", WRITES)
def test_a_write_inside_of_a_query_is_planned_and_never_run(database: PostgresDatabase, text: str) -> None:
    for way in (database.check, database.fetch, database.run, lambda each: database.explain(each, analyze=True)):
        with pytest.raises(RefusedError):
            way(query(text))
    assert not isinstance(_outcome(lambda: database.explain(query(text))), RefusedError)
    assert judge_same(query(text), query(text), database).trials is None


@pytest.mark.parametrize("text", OTHER)
def test_a_text_that_is_no_query_leaves_everything_as_it_was(database: PostgresDatabase, text: str) -> None:
    outcomes = [_outcome(way) for way in _ways(text, database)]
    outcomes.append(_outcome(lambda: review(text, database, analyze=True, variables=_VARIABLES)))
    outcomes.append(_outcome(lambda: judge_same(query(text), query(text), database)))
    assert all(error is None or isinstance(error, MentorError) for error in outcomes)


@pytest.mark.parametrize("text", LET_THROUGH)
def test_a_text_that_only_looks_like_one_of_them_runs(
    postgres18: str, new_database: Callable[..., str], text: str
) -> None:
    database = PostgresDatabase.connect(new_database(postgres18, CALM_SCHEMA))
    assert database.fetch(query(text)).rows


def test_what_the_texts_hide_would_show_if_it_ran(place: str) -> None:
    before = servers.rows(place, _STATE)
    with psycopg.connect(place, user="clerk") as connection:
        connection.read_only = True
        for text in ("SELECT leak(1)", "SELECT 1::guarded", "SELECT gather(1)", "SELECT ROW(1, 2)::pair::int"):
            assert connection.execute(text.encode()).fetchall() == [(1,)]
    assert servers.rows(place, _STATE) != before


def _outcome(way: Callable[[], object]) -> Exception | None:
    try:
        way()
    except Exception as error:
        return error
    return None
