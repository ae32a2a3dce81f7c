"""Trials run over made-up tables; each trap by which a real table could be met is sprung here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend_mentor.domain.errors import NotSupportedError, TimeLimitError
from backend_mentor.domain.proof import Rows
from backend_mentor.domain.subject import Fact
from tests import servers
from tests.databases.postgres.statements import connect, query, smuggled

# Each real row would make its reader fail: 1 / hurts is 1 / 0, and `mentor_blind` may read nothing at all.
SCHEMA = """
CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TABLE orders (
    id int PRIMARY KEY, account int, note varchar(10) COLLATE "C", amount numeric(10, 2) CHECK (amount >= 0),
    share percent, temper mood, hurts int, tags text[], raw bytea
);
CREATE TABLE accounts (id int PRIMARY KEY, name text);
INSERT INTO orders (id, hurts) SELECT n, 0 FROM generate_series(1, 5) n;
INSERT INTO accounts VALUES (99, 'real');
CREATE VIEW dear AS SELECT id, amount FROM orders WHERE amount > 10;
CREATE VIEW dearest AS SELECT max(amount) AS amount FROM dear;
CREATE MATERIALIZED VIEW frozen AS SELECT id FROM accounts;
CREATE FUNCTION counted() RETURNS bigint STABLE LANGUAGE sql AS $$ SELECT count(*) FROM orders $$;
CREATE FUNCTION doubled(n int) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT n * 2 $$;
CREATE SCHEMA app;
CREATE TABLE app.orders (id int);
CREATE TABLE app.invoices (id int, account int);
INSERT INTO app.invoices VALUES (99, 99);
"""

ORDERS = Rows(
    "orders",
    ("id", "account", "note", "amount", "share", "temper", "hurts", "tags", "raw"),
    (
        (1, 1, "b", Decimal("20.5"), 5, "calm", 1, ["x,", None, 'y"'], b"\x00\xff"),
        (2, None, "A'\\", None, None, None, 1, None, None),
        (3, 3, "a", Decimal("3"), 100, "wild", 1, [], b""),
    ),
)
ACCOUNTS = Rows("accounts", ("id", "name"), ((1, "one"), (2, "two"), (3, None)))
INVOICES = Rows("invoices", ("id", "account"), ((7, 1),))
EMPTY = Rows("orders", ORDERS.columns, ())


@pytest.fixture
def bench(postgres, new_database):
    """Open a bench as a role that may see the tables' names and read none of them."""
    url = new_database(postgres, SCHEMA)
    schema = connect(url).schema()
    blind = f"blind_{url.split('?')[0].rsplit('_', 1)[1]}"
    servers.execute(url, f"CREATE ROLE {blind} LOGIN; GRANT USAGE ON SCHEMA app TO {blind}")
    facts = frozenset([Fact("orders", "account <> 13", "no order is of account 13")])
    with connect(url.replace("postgres@", f"{blind}@")).bench(schema, facts) as opened:
        yield opened


def result(bench, sql, *values, tables=(ORDERS, ACCOUNTS, INVOICES)):
    [rows] = bench.run(tables, [query(sql, *values)])
    assert rows.error is None, rows.error
    return rows.rows


def test_not_in_and_not_exists_differ_over_a_null(bench):
    both = bench.run(
        [ORDERS, ACCOUNTS],
        [
            query("SELECT a.id FROM accounts a WHERE a.id NOT IN (SELECT account FROM orders)"),
            query("SELECT a.id FROM accounts a WHERE NOT EXISTS (SELECT FROM orders o WHERE o.account = a.id)"),
        ],
    )
    assert [rows.rows for rows in both] == [(), ((2,),)]


def test_every_type_arrives_as_the_column_has_it(bench):
    assert result(bench, "SELECT note, amount, share + 1, temper > 'calm', tags, raw FROM orders ORDER BY id") == (
        ("b", Decimal("20.50"), 6, False, '{"x,",NULL,"y\\""}', b"\x00\xff"),
        ("A'\\", None, None, None, None, None),
        ("a", Decimal("3.00"), 101, True, "{}", b""),
    )


def test_a_column_keeps_its_collation(bench):
    assert result(bench, "SELECT note FROM orders ORDER BY note") == (("A'\\",), ("a",), ("b",))
    assert result(bench, "SELECT pg_collation_for(note) FROM orders LIMIT 1") == (('"C"',),)


def test_an_empty_table_is_empty_and_typed(bench):
    assert result(bench, "SELECT count(*), sum(amount) FROM orders", tables=(EMPTY,)) == ((0, None),)
    assert result(bench, "SELECT count(*) FROM orders o JOIN accounts a ON a.id = o.account", tables=()) == ((0,),)


def test_the_order_of_the_query_is_kept(bench):
    assert result(bench, "SELECT id FROM orders ORDER BY id DESC LIMIT 2") == ((3,), (2,))
    assert result(bench, "WITH x AS (SELECT id FROM orders) SELECT id FROM x ORDER BY id DESC") == ((3,), (2,), (1,))


def test_parameters_go_with_made_up_tables(bench):
    assert result(bench, "SELECT id FROM orders WHERE account = $1 OR note = $2 ORDER BY id", 3, "b") == ((1,), (3,))


def test_an_error_of_the_query_is_its_result(bench):
    failed, fine = bench.run([ORDERS], [query("SELECT 1 / (id - 1) FROM orders"), query("SELECT 1 FROM orders")])
    assert failed.error == "division by zero"
    assert len(fine.rows) == 3


def test_a_row_that_the_server_would_not_take_is_said(bench):
    bad_share = Rows("orders", ORDERS.columns, ((1, 1, "b", 1, 500, "calm", 1, None, None),))
    bad_check = Rows("orders", ORDERS.columns, ((1, 1, "b", -1, 5, "calm", 1, None, None),))
    bad_fact = Rows("orders", ORDERS.columns, ((1, 13, "b", 1, 5, "calm", 1, None, None),))
    assert bench.admits([ORDERS, ACCOUNTS])
    assert not any(bench.admits([rows]) for rows in (bad_share, bad_check, bad_fact))
    with pytest.raises(ValueError, match="does not accept these rows"):
        bench.run([bad_share], [query("SELECT count(*) FROM orders")])


TRAPS = {
    "SELECT id FROM public.orders ORDER BY id": ((1,), (2,), (3,)),
    'SELECT "public"."orders".id FROM PUBLIC . orders ORDER BY public.orders.id': ((1,), (2,), (3,)),
    "SELECT i.id, a.name FROM app.invoices i JOIN accounts a ON a.id = i.account": ((7, "one"),),
    "SELECT app.invoices.id FROM app.invoices": ((7,),),
    "SELECT id FROM dear": ((1,),),
    "SELECT amount FROM dearest": ((Decimal("20.50"),),),
    "WITH orders AS (SELECT id FROM orders WHERE id > 1) SELECT id FROM orders ORDER BY 1": ((2,), (3,)),
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT count(*) FROM orders)) "
    "SELECT max(i) FROM n": ((3,),),
    "TABLE accounts": ((1, "one"), (2, "two"), (3, None)),
    "SELECT doubled(id) FROM accounts ORDER BY 1": ((2,), (4,), (6,)),
    "SELECT (SELECT max(o.id) FROM orders o WHERE o.account = a.id) FROM accounts a ORDER BY a.id": (
        (1,),
        (None,),
        (3,),
    ),
    "SELECT sum(1 / hurts) FROM orders": ((3,),),
    "SELECT id FROM orders -- the end": ((1,), (2,), (3,)),
}


def test_no_spelling_of_a_table_reaches_the_real_one(bench):
    for sql, expected in TRAPS.items():
        assert result(bench, sql) == expected, sql


ON_OUR_OWN_SERVER = {
    "SELECT count(ctid), count(tableoid) FROM orders": ((3, 3),),
    "SELECT note, count(*) FROM orders GROUP BY id ORDER BY id": (("b", 1), ("A'\\", 1), ("a", 1)),
    "SELECT id FROM orders TABLESAMPLE bernoulli (100) ORDER BY id": ((1,), (2,), (3,)),
}


def test_what_shadows_do_not_carry_runs_on_a_server_of_our_own(postgres, new_database):
    schema = """
    CREATE TABLE orders (
        id int PRIMARY KEY, account int UNIQUE, note varchar(10) NOT NULL COLLATE "C" CHECK (note <> '')
    );
    INSERT INTO orders VALUES (99, 99, 'real');
    """
    made_up = Rows("orders", ("id", "account", "note"), ((1, 1, "b"), (2, None, "A'\\"), (3, 3, "a")))
    database = connect(new_database(postgres, schema))
    with database.bench(database.schema()) as bench:
        for sql, expected in ON_OUR_OWN_SERVER.items():
            bench.supports(query(sql))
            [rows] = bench.run([made_up], [query(sql)])
            assert (rows.rows, rows.error) == (expected, None), sql
        failed, fine = bench.run(
            [made_up], [query("SELECT 1 / (id - 1), ctid FROM orders"), query("SELECT count(*) FROM orders")]
        )
        assert (failed.error, fine.rows) == ("division by zero", ((3,),))
        twice = Rows("orders", made_up.columns, (made_up.rows[0], made_up.rows[0]))
        with pytest.raises(ValueError, match="does not accept these rows"):
            bench.run([twice], [query("SELECT ctid FROM orders")])
    assert servers.rows(database_url(database), "SELECT count(*) FROM orders") == [(1,)]


def database_url(database):
    parameters = database.address.parameters
    return f"postgresql://postgres@/{parameters['dbname']}?host={parameters['host']}"


NOT_SUPPORTED = {
    "SELECT relname FROM pg_class": "pg_class is not among the tables",
    "SELECT count(*) FROM information_schema.tables": "is not among the tables",
    "SELECT counted()": "counted is no IMMUTABLE function",
    "SELECT o.id FROM orders o JOIN app.orders p ON p.id = o.id": "Tables of the name orders in two schemas",
    "SELECT ctid FROM orders": '"ctid" does not exist',
    "SELECT nope FROM orders": '"nope" does not exist',
    "DELETE FROM orders": "DELETE was refused",
    "SELECT id FROM orders FOR UPDATE": "FOR UPDATE was refused",
    "SELECT nextval('x')": "nextval was refused",
}


def test_what_a_made_up_table_can_not_stand_for_is_refused_with_the_reason(bench):
    for sql, reason in NOT_SUPPORTED.items():
        with pytest.raises(NotSupportedError, match=reason):
            bench.supports(query(sql))
        with pytest.raises(NotSupportedError, match=reason):
            bench.run([ORDERS, ACCOUNTS], [query(sql)])


def test_a_real_table_that_the_reader_overlooked_is_found_by_the_servers_locks(postgres, new_database):
    database = connect(new_database(postgres, SCHEMA))
    with database.bench(database.schema()) as bench:
        for sql in ("SELECT name FROM accounts", "SELECT id FROM dear", "SELECT 1 WHERE false AND 1 IN (TABLE frozen)"):
            with pytest.raises(NotSupportedError, match=r"would read the real .*(accounts|orders|frozen)"):
                bench.supports(smuggled(sql))


def test_a_materialized_view_is_made_up_as_a_table_is(bench):
    frozen = Rows("frozen", ("id",), ((5,),))
    assert result(bench, "SELECT id FROM frozen", tables=(frozen,)) == ((5,),)


def test_a_statement_without_an_end_meets_the_limit(postgres18, new_database):
    database = connect(new_database(postgres18, SCHEMA), milliseconds=200)
    endless = "WITH RECURSIVE n(i) AS (SELECT id FROM accounts UNION ALL SELECT i FROM n) SELECT count(*) FROM n"
    with database.bench(database.schema()) as bench, pytest.raises(TimeLimitError):
        bench.run([ACCOUNTS], [query(endless)])


def test_three_hundred_databases_give_three_hundred_answers(bench):
    statement = query("SELECT count(*), max(id) FROM accounts")
    for size in range(300):
        table = Rows("accounts", ("id", "name"), tuple((number, None) for number in range(size)))
        [rows] = bench.run([table], [statement])
        assert rows.rows == ((size, size - 1 if size else None),)
