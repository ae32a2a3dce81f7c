"""An unknown name brings the nearest real one; what could be known to the database passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.errors import UnknownNameError
from backend_mentor.domain.schema import Engine
from backend_mentor.reading.names import check_names
from backend_mentor.reading.sql import read_statement
from tests.reading.samples import shop


def _check(sql: str, engine: str = "sqlite") -> None:
    check_names(read_statement(sql, engine), replace(shop(), engine=Engine(engine, (18,))))


@pytest.mark.parametrize(
    ("sql", "what", "remedy"),
    [
        ("SELECT 1 FROM ordrs", "Line 1, column 15: the database has no table ordrs.", "Did you mean orders?"),
        ("SELECT statu FROM orders", "Line 1, column 8: orders has no column statu.", "Did you mean status?"),
        ("SELECT 1\nFROM orders o WHERE o.stat = 1", "Line 2, column 21: orders has no column stat.", "Did you mean"),
        ("SELECT x.id FROM orders o", "the query reads no table by the name x, as in x.id.", "There are o."),
        ("SELECT orders.id FROM orders o", "orders goes by the name o here", "There are o."),
        (
            "SELECT emial FROM orders o JOIN customers c ON c.id = o.customer_id",
            "there is no column emial in o or c.",
            "Did you mean email?",
        ),
        ("SELECT r.m FROM (SELECT id AS n FROM orders) r", "r has no column m.", "There are n."),
        ("WITH r AS (SELECT id AS n FROM orders) SELECT r.m FROM r", "r has no column m.", "There are n."),
        ("UPDATE orders SET status = 1 WHERE idd = 2", "orders has no column idd.", "Did you mean id?"),
        ("INSERT INTO orders (id, stats) VALUES (1, 2)", "orders has no column stats.", "Did you mean status?"),
        ("CREATE INDEX i ON ordres (id)", "the database has no table ordres.", "Did you mean orders?"),
        ("ALTER TABLE ordes ADD COLUMN a int", "the database has no table ordes.", "Did you mean orders?"),
    ],
)
def test_an_unknown_name_brings_the_nearest_real_one(sql: str, what: str, remedy: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        _check(sql)
    assert what in caught.value.what
    assert caught.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("sql", "engine", "because"),
    [
        ("SELECT rowid, oid FROM orders", "sqlite", "every ordinary table has a rowid"),
        ("SELECT ctid, xmin FROM orders", "postgres", "system columns"),
        ('SELECT "open" FROM orders', "sqlite", "SQLite takes it for a string"),
        ("SELECT name FROM sqlite_schema", "sqlite", "a system table"),
        ("SELECT relname FROM pg_class", "postgres", "a system table"),
        ("SELECT x FROM information_schema.tables", "postgres", "another namespace"),
        ("SELECT a FROM warehouse.stock", "postgres", "a namespace that was not read"),
        ("SELECT value FROM json_each('[1]')", "sqlite", "a table function"),
        ("SELECT n FROM generate_series(1, 3) AS g (n)", "postgres", "a table function"),
        ("WITH r AS (SELECT 1 AS n) SELECT n FROM r", "sqlite", "a common table expression"),
        ("WITH RECURSIVE r (n) AS (SELECT 1 UNION SELECT n + 1 FROM r) SELECT n FROM r", "sqlite", "refers to itself"),
        ("SELECT count(*) AS n FROM orders GROUP BY status ORDER BY n", "postgres", "an output name"),
        ("SELECT status AS s FROM orders WHERE s = 'a'", "sqlite", "SQLite allows output names in WHERE"),
        ("SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id)", "sqlite", "outer"),
        ("SELECT 1 FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE email = note)", "sqlite", "outer, bare"),
        ("SELECT o FROM orders o", "postgres", "a whole row"),
        ("SELECT x.y FROM orders o, LATERAL f(o.id) AS x", "postgres", "a function's columns"),
        (
            "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET note = excluded.note",
            "sqlite",
            "excluded",
        ),
        ("SELECT current_user, current_date", "postgres", "words that stand for values"),
        ("SELECT id FROM orders JOIN items USING (id)", "sqlite", "the database will say"),
        ("SELECT id FROM orders o FOR UPDATE OF o", "postgres", "an alias"),
        ("SELECT id FROM orders INDEXED BY orders_placed", "sqlite", "an index"),
        ("CREATE TABLE fresh (id int REFERENCES fresh (id))", "sqlite", "a table to come"),
        ("DROP TABLE IF EXISTS gone", "sqlite", "it need not exist"),
        ("SELECT * INTO fresh FROM orders", "postgres", "a table to come"),
        ("VACUUM ordrs", "sqlite", "a command is the database's to judge"),
    ],
)
def test_a_name_that_the_database_could_know_passes(sql: str, engine: str, because: str) -> None:
    assert because
    _check(sql, engine)
