"""Whatever a hostile statement tries, the database is the same afterwards and the refusal names what was tried."""

from __future__ import annotations

import pytest

from backend_mentor.domain.errors import DatabaseError, MentorError, NotSupportedError, RefusedError, TimeLimitError
from backend_mentor.domain.statement import StatementKind
from tests import servers
from tests.databases.postgres.statements import connect, query, smuggled

SCHEMA = """
CREATE TABLE t (id int PRIMARY KEY, note text);
INSERT INTO t SELECT n, 'note ' || n FROM generate_series(1, 10) n;
CREATE SEQUENCE numbers;
CREATE FUNCTION audit(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (n); RETURN n; END $$;
CREATE FUNCTION total(r t) RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN 1; END $$;
CREATE FUNCTION stays(n int) RETURNS int STABLE LANGUAGE sql AS $$ SELECT n + count(*)::int FROM t $$;
CREATE FUNCTION lies(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN n; END $$;
CREATE OPERATOR <-> (leftarg = int, rightarg = int, function = int4pl);
CREATE FUNCTION loud(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; RETURN a + b; END $$;
CREATE OPERATOR @> (leftarg = int, rightarg = int, function = loud);
CREATE VIEW calm AS SELECT id FROM t;
CREATE VIEW trap AS SELECT audit(id) AS id FROM calm;
CREATE VIEW outer_trap AS SELECT id FROM trap;
"""

REFUSED = {
    "SELECT pg_terminate_backend(1)": "pg_terminate_backend",
    'SELECT pg_catalog."pg_cancel_backend" (1)': "pg_cancel_backend",
    "SELECT PG_SLEEP(10)": "pg_sleep",
    "SELECT lo_create(0)": "lo_create",
    "SELECT pg_read_file('PG_VERSION')": "pg_read_file",
    "SELECT * FROM pg_ls_dir('.')": "pg_ls_dir",
    "SELECT dblink_exec('dbname=x', 'DELETE FROM t')": "dblink_exec",
    "SELECT pg_reload_conf()": "pg_reload_conf",
    "SELECT pg_switch_wal()": "pg_switch_wal",
    "SELECT pg_create_restore_point('x')": "pg_create_restore_point",
    "SELECT pg_stat_reset()": "pg_stat_reset",
    "SELECT pg_try_advisory_lock(1)": "pg_try_advisory_lock",
    "SELECT set_config('transaction_read_only', 'off', false)": "set_config",
    "SELECT nextval('numbers')": "nextval",
    "SELECT setval('numbers', 9)": "setval",
    "SELECT pg_logical_emit_message(false, 'a', 'b')": "pg_logical_emit_message",
    "SELECT pg_notify('a', 'b')": "pg_notify",
    "SELECT query_to_xml('DELETE FROM t RETURNING 1', true, true, '')": "query_to_xml",
    "SELECT pg_drop_replication_slot('a')": "pg_drop_replication_slot",
    "SELECT txid_current()": "txid_current",
    "SELECT audit(11)": "audit",
    "SELECT t.total FROM t": "total",
    "SELECT 1 @> 2": "loud",
    "SELECT * FROM outer_trap": "audit",
    "SELECT * FROM t FOR UPDATE": "FOR UPDATE",
    "SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED": "FOR NO KEY UPDATE",
    "SELECT 1 AS one INTO copied": "SELECT INTO",
    "WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone": "DELETE",
    "INSERT INTO t VALUES (11, 'x')": "INSERT",
    "UPDATE t SET note = ''": "UPDATE",
    "DROP TABLE t": "DROP TABLE",
    "CREATE INDEX ON t (note)": "CREATE INDEX",
    "LOCK TABLE t": "LOCK TABLE",
    "COPY t TO PROGRAM 'touch /tmp/x'": "COPY",
    "SET TRANSACTION READ WRITE": "SET TRANSACTION",
    "DO $$ BEGIN DELETE FROM t; END $$": "DO",
    "CALL audit(1)": "CALL",
    "COMMIT": "COMMIT",
    "EXPLAIN ANALYZE DELETE FROM t": "EXPLAIN",
}


@pytest.fixture
def database(postgres, new_database):
    url = new_database(postgres, SCHEMA)
    before = servers.rows(url, "SELECT * FROM t ORDER BY id")
    yield connect(url)
    assert servers.rows(url, "SELECT * FROM t ORDER BY id") == before
    assert servers.rows(url, "SELECT last_value, is_called FROM numbers") == [(1, False)]
    assert servers.rows(url, "SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


def attempts(database, statement):
    yield lambda: database.check(statement)
    yield lambda: database.run(statement)
    yield lambda: database.fetch(statement)
    yield lambda: database.explain(statement, analyze=True)
    yield lambda: database.compare(query("SELECT 1"), statement, ordered=False)
    yield lambda: database.compare(statement, query("SELECT 1"), ordered=False)


def test_hostile_statements_are_refused_by_name_wherever_they_would_run(database):
    for sql, name in REFUSED.items():
        for attempt in attempts(database, query(sql)):
            with pytest.raises(RefusedError) as refusal:
                attempt()
            assert refusal.value.name == name, sql
            assert name in refusal.value.what


def test_a_second_statement_is_refused_even_where_the_reader_overlooked_it(database):
    for sql in ("SELECT 1; DELETE FROM t", "SELECT 1; COMMIT; DELETE FROM t", "COMMIT; SELECT 1;"):
        for attempt in attempts(database, smuggled(sql)):
            with pytest.raises(RefusedError, match="more than one statement"):
                attempt()


def test_the_server_refuses_what_slips_through_the_gate(database):
    with database._reader() as reader:
        for sql in ("SET TRANSACTION READ WRITE", "SELECT 1; DELETE FROM t", "DELETE FROM t"):
            with pytest.raises(MentorError, match=r"READ WRITE|read-write|more than one|DELETE was refused|aborted"):
                reader.query(sql)


def test_a_function_that_lies_about_being_immutable_changes_nothing(database):
    with pytest.raises(RefusedError, match="DELETE was refused"):
        database.explain(query("SELECT lies(1)"))


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("SELECT random() < 2", "random changes nothing"),
        ("SELECT stays(1) FROM t", "a STABLE function can not write"),
        ("SELECT 1 <-> 2", "an operator on an immutable function is harmless"),
        ("SELECT * FROM calm", "a view without calls"),
        ("SELECT 'pg_sleep(1)', $$ DELETE; $$ -- ; DROP TABLE t", "a string and a comment are no call"),
        ("SELECT note AS nextval FROM t", "a column may have the name of a function"),
        ("VALUES (1), (2)", "VALUES is a query"),
        ("SELECT pg_relation_size('t'), now(), clock_timestamp()", "these read"),
    ],
)
def test_what_only_reads_is_let_through(database, sql, because):
    database.check(query(sql))
    assert database.fetch(query(sql)).rows, because


def test_a_write_is_explained_and_never_run(database):
    for sql in (
        "INSERT INTO t VALUES (11, 'x')",
        "UPDATE t SET note = ''",
        "DELETE FROM t",
        "CREATE TABLE u AS TABLE t",
    ):
        plan = database.explain(query(sql))
        assert plan.root.label
        assert not plan.analyzed
        with pytest.raises(RefusedError, match="--analyze would run it"):
            database.explain(query(sql), analyze=True)


def test_a_merge_is_explained_and_never_run(database):
    sql = "MERGE INTO t USING calm c ON c.id = t.id WHEN MATCHED THEN DELETE"
    assert query(sql).kind is StatementKind.WRITE
    assert database.explain(query(sql)).root.label == "Merge"


def test_a_definition_without_a_plan_says_so(database):
    with pytest.raises(NotSupportedError, match="DROP TABLE has no plan"):
        database.explain(query("DROP TABLE t"))


def test_a_statement_is_stopped_at_its_limit(database):
    database.limits = connect_limits(milliseconds=300)
    with pytest.raises(TimeLimitError, match=r"0\.3 s"):
        database.run(query("SELECT count(*) FROM generate_series(1, 1000000000)"))


def connect_limits(**limits):
    from backend_mentor.databases.base import Limits

    return Limits(**limits)


def test_a_missing_permission_names_the_table_and_the_grant(postgres, new_database):
    url = new_database(postgres, SCHEMA)
    role = f"reader_{url.split('?')[0].rsplit('_', 1)[1]}"
    servers.execute(url, f"CREATE ROLE {role} LOGIN")
    database = connect(url.replace("postgres@", f"{role}@"))
    assert database.notes == ()
    with pytest.raises(DatabaseError, match="may not read table t") as error:
        database.run(query("SELECT * FROM t"))
    assert error.value.remedy.endswith(f"GRANT SELECT ON t TO {role}")
    assert database.schema().table("t").column("note").statistics is None
