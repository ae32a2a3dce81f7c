from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy

from backend_mentor.databases.base import Stop
from backend_mentor.databases.postgres.connection import PostgresDatabase
from backend_mentor.domain.errors import ConnectError, DatabaseError, NotSupportedError, RefusedError, StoppedError
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Fact
from tests import servers
from tests.databases.postgres.statements import connect, query
from tests.plans.capture import SCHEMA

ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000000)"
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backend_mentor' AND state = 'active'"


@pytest.fixture(scope="module")
def shop18(postgres18):
    url = servers.make_database(postgres18, SCHEMA)
    servers.execute(url, "ANALYZE")
    return url


@pytest.fixture
def shop(shop18):
    return connect(shop18)


def test_the_name_holds_no_password(shop18):
    assert connect(shop18.replace("postgres@", "postgres:secret@")).name.endswith(" on localhost")
    with pytest.raises(ConnectError) as error:
        PostgresDatabase.connect("postgresql://shop:secret@127.0.0.1:1/orders?connect_timeout=2")
    assert "orders on 127.0.0.1:1" in error.value.what
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("bad", ["postgresql://shop:secret@[bad/x", "postgresql://a:secret@h/x?nonsense=1"])
def test_an_address_that_can_not_be_read_is_refused_without_its_password(bad):
    with pytest.raises(ConnectError) as error:
        PostgresDatabase.connect(bad)
    assert "secret" not in str(error.value)


def test_an_engine_a_connection_and_a_driver_address_lead_to_the_same_database(shop18):
    engine = sqlalchemy.create_engine(shop18.replace("postgresql://", "postgresql+psycopg://"))
    with psycopg.connect(shop18) as connection, engine.connect() as by_engine:
        for target in (engine, by_engine, connection, shop18.replace("postgresql://", "postgresql+psycopg://")):
            database = PostgresDatabase.connect(target)
            assert database.fetch(query("SELECT count(*) FROM accounts")).rows == ((2000,),)
    assert any("sessions of its own" in note for note in PostgresDatabase.connect(engine).notes)
    engine.dispose()


def test_what_is_no_database_is_refused():
    with pytest.raises(ConnectError, match="A dict is no PostgreSQL database"):
        PostgresDatabase.connect({})


def test_a_superuser_is_told_unless_the_server_is_for_trials(shop, postgres18):
    assert shop.notes == ()
    servers.execute(postgres18, "CREATE DATABASE careful; ")
    servers.execute(postgres18, "ALTER DATABASE careful SET backend_mentor.scratch = off")
    [note] = connect(postgres18.replace("/postgres?", "/careful?")).notes
    assert "superuser postgres" in note


def test_a_plan_is_real_only_where_it_was_asked_for(shop):
    statement = query("SELECT * FROM orders WHERE account = 7")
    assert shop.explain(statement).analyzed is False
    analyzed = shop.explain(statement, analyze=True)
    assert analyzed.root.actual_rows == 20
    assert analyzed.root.operation is Operation.BITMAP_SCAN
    assert analyzed.root.buffers.touched > 0


def test_a_run_counts_its_pages_and_rows_the_same_each_time(shop):
    statement = query("SELECT * FROM orders WHERE account = 7")
    first, second = shop.run(statement), shop.run(statement)
    assert (first.count, first.rows) == (second.count, second.rows) == (22, 20)


def test_parameters_are_bound_by_the_server(shop):
    statement = query("SELECT id FROM orders WHERE account = $1 AND placed >= $2 ORDER BY id", 7, "2026-07-01")
    assert shop.fetch(statement).rows[0] == (2006,)
    assert shop.run(statement).rows == 7
    conditions = [str(node.filter or node.index_condition) for node in shop.explain(statement).nodes()]
    assert any("'2026-07-01'::date" in condition for condition in conditions)


def test_a_value_too_many_is_the_databases_error_and_no_lost_connection(shop):
    with pytest.raises(DatabaseError, match="supplies 2 parameters"):
        shop.run(query("SELECT id FROM orders WHERE id = $1", 1, 2))


def test_a_list_is_an_array(shop):
    assert shop.fetch(query("SELECT count(*) FROM orders WHERE id = ANY ($1)", [1, 2, 3])).rows == ((3,),)


def test_percent_signs_and_colons_pass_through(shop):
    assert shop.fetch(query("SELECT 'a%s:x{y}' LIKE 'a%', 5 % 3, '{1}'::int[]")).rows == ((True, 2, "{1}"),)


def test_values_keep_their_types_and_what_python_lacks_stays_text(shop):
    answer = shop.fetch(
        query(
            "SELECT 1::bigint, 1.50::numeric, 0.5::float8, true, NULL, '\\x0a'::bytea, date 'infinity', "
            "'NaN'::float8, 'NaN'::numeric, '{\"a\": 1}'::json, timestamp '0044-03-15 BC'"
        )
    )
    assert answer.rows == (
        (1, Decimal("1.50"), 0.5, True, None, b"\n", "infinity", "NaN", "NaN", '{"a": 1}', "0044-03-15 00:00:00 BC"),
    )


def test_no_more_rows_are_fetched_than_the_limit(shop18):
    database = connect(shop18, rows=1500)
    assert len(database.fetch(query("SELECT * FROM orders")).rows) == 1500
    database = connect(shop18, value_bytes=10_000)
    assert len(database.fetch(query("SELECT repeat('x', 1000) FROM orders")).rows) == 1000


def test_a_wrong_column_is_the_databases_error_in_its_own_words(shop):
    with pytest.raises(DatabaseError, match='column "nope" does not exist'):
        shop.explain(query("SELECT nope FROM orders"))


def test_a_stop_from_another_thread_ends_the_query_on_the_server(shop18):
    stop = Stop()
    database = PostgresDatabase.connect(shop18, stop=stop)
    watcher = threading.Thread(target=lambda: (wait_until_running(shop18), stop.request()))
    watcher.start()
    with pytest.raises(StoppedError):
        database.run(query(ENDLESS))
    watcher.join()
    with pytest.raises(StoppedError):
        database.schema()
    wait_until_none_runs(shop18)


INTERRUPTED = """
import sys, time
from backend_mentor.databases.postgres.connection import PostgresDatabase
from tests.databases.postgres.statements import query
database = PostgresDatabase.connect(sys.argv[1])
print("ready", flush=True)
try:
    database.run(query(sys.argv[2]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_returns_and_cancels_the_query_on_the_server(shop18):
    command = [sys.executable, "-c", INTERRUPTED, shop18, ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=os.getcwd()) as process:
        assert process.stdout.readline() == "ready\n"
        wait_until_running(shop18)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == "interrupted\n"
        assert process.returncode == 0
    wait_until_none_runs(shop18)


def wait_until_running(url):
    until(url, lambda count: count > 0)


def wait_until_none_runs(url):
    until(url, lambda count: count == 0)


def until(url, holds):
    """Ask the server again and again; the server's own answer takes a while, and 10,000 of them are half a minute."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(10_000):
            if holds(connection.execute(RUNNING).fetchone()[0]):
                return
    pytest.fail("the server's sessions did not change")


def test_a_server_that_vanishes_is_one_clear_error():
    with servers.start_18() as server:
        database = connect(server.url)
        reader_context = database._reader()
        reader = reader_context.__enter__()
        server.close()
        with pytest.raises(ConnectError, match="the connection failed"):
            reader.query("SELECT 1")
        reader_context.__exit__(None, None, None)
    with pytest.raises(ConnectError, match="the connection failed"):
        database.run(query("SELECT 1"))


def test_a_fact_is_looked_up_in_all_rows(shop, shop18):
    assert shop.holds(Fact("orders", "amount >= 0", "")) is True
    assert shop.holds(Fact("orders", "amount > 0", "")) is False
    assert shop.holds(Fact("accounts", "city LIKE 'city %'", "")) is True, "NULL passes, as in a CHECK"
    with pytest.raises(RefusedError, match="nextval"):
        shop.holds(Fact("orders", "nextval('x') > id", ""))
    hurried = connect(shop18, fact_milliseconds=1)
    assert hurried.holds(Fact("orders", "(SELECT count(*) FROM generate_series(1, 100000000)) > id", "")) is None


def test_the_same_rows_in_another_order_are_the_same_bag(shop):
    before, after = query("SELECT * FROM orders ORDER BY id"), query("SELECT * FROM orders ORDER BY id DESC")
    assert shop.compare(before, after, ordered=False).same
    ordered = shop.compare(before, after, ordered=True)
    assert (ordered.only_before, ordered.only_after, ordered.rows) == (40_000, 40_000, 40_000)


def test_a_row_that_comes_twice_is_not_the_row_that_comes_once(shop):
    compared = shop.compare(
        query("SELECT city FROM accounts WHERE id < 100 AND city = 'city 1'"),
        query("SELECT DISTINCT city FROM accounts WHERE id < 100 AND city = 'city 1'"),
        ordered=False,
    )
    assert (compared.rows, compared.only_before, compared.only_after) == (3, 2, 0)
    assert compared.sample.columns == ("only in", "city")
    assert compared.sample.rows == (("before", "city 1"), ("before", "city 1"))


def test_values_without_equality_are_compared_as_text(shop):
    one = query("SELECT '{\"a\": 1}'::json, point(1, 2), row(1, NULL)")
    other = query("SELECT '{\"a\": 2}'::json, point(1, 2), row(1, NULL)")
    assert shop.compare(one, one, ordered=False).same
    assert not shop.compare(one, other, ordered=False).same


def test_results_of_different_columns_can_not_be_compared(shop):
    with pytest.raises(NotSupportedError, match="return 1 and 2 columns"):
        shop.compare(query("SELECT 1"), query("SELECT 1, 2"), ordered=False)


def test_a_comment_at_the_end_hides_nothing(shop):
    assert shop.compare(query("SELECT 1 -- one"), query("SELECT 1 /* one */"), ordered=False).same
