"""EXPLAIN QUERY PLAN of real SQLite libraries, old and new wording, as one tree."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import apsw
import pytest

from backend_mentor.domain.errors import CellError
from backend_mentor.domain.plan import Operation, Plan, PlanNode
from backend_mentor.domain.schema import Engine
from backend_mentor.reading.plans.sqlite import read_plan, read_plan_text

ENGINE = Engine("sqlite", (3, 40, 1))
SCHEMA = """
CREATE TABLE a (id INTEGER PRIMARY KEY, x INT, y TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT, z TEXT);
CREATE TABLE e (p, q);
CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
CREATE INDEX b_a ON b (a_id);
CREATE INDEX a_xy ON a (x, y);
CREATE VIEW totals AS SELECT x, count(*) AS n FROM a GROUP BY x;
CREATE VIRTUAL TABLE f USING fts5(body);
"""


def plan_of(sql: str, **options: object) -> Plan:
    """The plan of Python's own SQLite."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        rows = [(row[0], row[1], row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    return read_plan(rows, ENGINE, **options)


def newest_plan_of(sql: str) -> Plan:
    """The plan of APSW's SQLite, which is newer than Python's."""
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute(SCHEMA)
        rows = [(row[0], row[1], row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    return read_plan(rows, Engine("sqlite", (3, 54, 1)))


def shape(node: PlanNode) -> object:
    """The operations as nested lists."""
    if not node.children:
        return node.operation.value
    return [node.operation.value, *(shape(child) for child in node.children)]


def only(plan: Plan, operation: Operation) -> PlanNode:
    (found,) = [node for node in plan.nodes() if node.operation is operation]
    return found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM a", "scan"),
        ("SELECT 1", "values"),
        ("VALUES (1), (2)", "values"),
        ("INSERT INTO e VALUES (1, 2)", "result"),
        ("SELECT * FROM a WHERE id = 5", "search"),
        ("SELECT x FROM a ORDER BY x", "index scan"),
        ("SELECT * FROM a, b WHERE b.a_id = a.id", ["nested loop", "scan", "search"]),
        ("SELECT * FROM a, b, e", ["nested loop", "scan", "scan", "scan"]),
        ("SELECT * FROM b ORDER BY z", ["sort", "scan"]),
        ("SELECT * FROM a, b WHERE b.a_id = a.id ORDER BY z", ["sort", ["nested loop", "scan", "search"]]),
        ("SELECT * FROM a WHERE x IN (1, 2) ORDER BY x, id DESC", ["incremental sort", "search"]),
        ("SELECT DISTINCT z FROM b", ["distinct", "scan"]),
        ("SELECT z, count(*) FROM b GROUP BY z ORDER BY 2", ["sort", ["group", "scan"]]),
        ("SELECT count(DISTINCT z) FROM b", ["distinct", "scan"]),
        ("SELECT * FROM a WHERE x IN (SELECT p FROM e)", ["search", ["subquery", "scan"]]),
        ("SELECT * FROM a WHERE x = 1 OR id = 2", ["bitmap or", ["subquery", "search"], ["subquery", "search"]]),
        ("SELECT x FROM a UNION ALL SELECT p FROM e", ["set operation", ["subquery", "scan"], ["append", "scan"]]),
        ("SELECT x FROM a UNION SELECT p FROM e", ["set operation", ["subquery", "scan"], ["set operation", "scan"]]),
        ("SELECT x FROM a UNION ALL SELECT a_id FROM b ORDER BY 1",
         ["merge append", ["subquery", "index scan"], ["subquery", "index scan"]]),
        ("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 9) SELECT n FROM c",
         ["scan of a common table expression",
          ["recursion", ["subquery", "values"], ["recursion", "scan of a common table expression"]]]),
        ("SELECT * FROM f WHERE f MATCH 'word'", "function"),
        ("SELECT x, row_number() OVER (ORDER BY y) FROM a",
         ["scan of a common table expression", ["subquery", ["sort", "scan"]]]),
    ],
)  # fmt: skip
def test_each_plan_has_its_shape(sql: str, expected: object) -> None:
    assert shape(plan_of(sql).root) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT x FROM a UNION SELECT p FROM e",
         ["set operation", ["subquery", "index scan"], ["subquery", ["sort", "scan"]]]),
        ("VALUES (1), (2)", "values"),
        ("SELECT * FROM e e1, e e2 WHERE e1.p = e2.q", ["nested loop", "scan", "bloom filter", "search"]),
        ("SELECT group_concat(y ORDER BY y) FROM a", ["sort", "scan"]),
    ],
)  # fmt: skip
def test_the_wording_of_the_newest_library_is_known_too(sql: str, expected: object) -> None:
    plan = newest_plan_of(sql)
    assert shape(plan.root) == expected
    assert Operation.OTHER not in {node.operation for node in plan.nodes()}


def test_indexes_keys_and_conditions_are_read() -> None:
    covering = plan_of("SELECT y FROM a WHERE x = 1 AND y > 'b'").root
    assert (covering.index, covering.covering, covering.index_condition) == ("a_xy", True, "x=? AND y>?")
    plain = plan_of("SELECT * FROM b WHERE a_id = 1").root
    assert (plain.relation, plain.index, plain.covering) == ("b", "b_a", False)
    by_rowid = plan_of("SELECT * FROM a WHERE id > 5").root
    assert (by_rowid.index, by_rowid.covering, by_rowid.index_condition) == (None, None, "rowid>?")
    assert by_rowid.detail("key") == "INTEGER PRIMARY KEY"
    assert plan_of("SELECT * FROM w WHERE k = 'a'").root.detail("key") == "PRIMARY KEY"
    assert plan_of("SELECT * FROM f").root.detail("virtual table index") == "0:"


def test_an_index_that_the_query_builds_for_itself_is_marked() -> None:
    built = only(plan_of("SELECT * FROM e e1, e e2 WHERE e1.p = e2.q"), Operation.SEARCH)
    assert (built.automatic, built.index, built.covering, built.index_condition) == (True, None, True, "q=?")


def test_an_alias_is_led_back_to_its_table() -> None:
    plan = plan_of("SELECT * FROM a AS first, b AS second", aliases={"first": "a", "second": "b"})
    assert [(node.relation, node.alias) for node in plan.nodes()[1:]] == [("a", "first"), ("b", "second")]
    unknown = plan_of("SELECT * FROM a AS first").root
    assert (unknown.relation, unknown.alias) == ("first", None)


def test_outer_joins_are_marked() -> None:
    left = plan_of("SELECT * FROM a LEFT JOIN e ON e.p = a.x AND e.q = 'x'").nodes()
    assert [node.join_type for node in left if node.label.startswith(("SCAN e", "SEARCH e"))] == ["left"]
    full = only_right(plan_of("SELECT * FROM a FULL JOIN e ON a.y = e.p"))
    assert (full.join_type, full.role) == ("right", "rows of e without a partner")


def only_right(plan: Plan) -> PlanNode:
    (found,) = [node for node in plan.nodes() if node.label.startswith("RIGHT-JOIN")]
    return found


def test_a_correlated_subquery_is_told_from_one_that_runs_once() -> None:
    correlated = plan_of("SELECT (SELECT max(z) FROM b WHERE b.a_id = a.id) FROM a").root.children[0]
    assert (correlated.correlated, correlated.role) == (True, "correlated scalar subquery 1")
    once = plan_of("SELECT (SELECT max(z) FROM b) FROM a").root.children[0]
    assert (once.correlated, once.role) == (False, "scalar subquery 1")


def test_what_fills_a_subquery_hangs_below_the_loop_that_reads_it() -> None:
    plan = plan_of("SELECT * FROM e JOIN totals t ON t.n = e.p", aliases={"t": "totals"})
    reading = next(node for node in plan.nodes() if node.role == "reads totals")
    assert (reading.relation, reading.alias) == (None, "t")
    assert any("totals" in child.label for child in reading.children)


def test_a_limit_makes_the_outermost_sort_keep_only_the_first_rows() -> None:
    sql = "SELECT * FROM (SELECT z FROM b ORDER BY z LIMIT 3) AS s, e ORDER BY p LIMIT 5"
    plan = plan_of(sql, limited=True)
    assert plan.root.operation is Operation.TOP_SORT
    assert [node.operation for node in plan.nodes()].count(Operation.SORT) == 1


def test_nodes_are_numbered_as_they_are_walked_and_keep_their_row() -> None:
    plan = plan_of("SELECT * FROM a, b WHERE b.a_id = a.id AND a.x IN (SELECT p FROM e) ORDER BY z")
    assert [node.number for node in plan.nodes()] == list(range(len(plan.nodes())))
    assert all(isinstance(node.detail("id"), int) for node in plan.nodes() if node.label != "NESTED LOOP")


def test_a_line_of_a_library_to_come_is_kept_with_its_words() -> None:
    plan = read_plan([(1, 0, "SCAN a"), (2, 0, "TELEPORT a USING MAGIC")], ENGINE)
    kept = only(plan, Operation.OTHER)
    assert (kept.label, kept.relation) == ("TELEPORT a USING MAGIC", None)


SHELL = """QUERY PLAN
|--SEARCH c USING INDEX clients_tier (tier=?)
|--CORRELATED SCALAR SUBQUERY 1
|  `--SEARCH s USING COVERING INDEX sales_client (client_id=?)
`--USE TEMP B-TREE FOR ORDER BY
"""
TABLE = """ 3|0|0|SEARCH c USING INDEX clients_tier (tier=?)
 9|0|0|CORRELATED SCALAR SUBQUERY 1
12|9|0|SEARCH s USING COVERING INDEX sales_client (client_id=?)
40|0|0|USE TEMP B-TREE FOR ORDER BY
"""
PYTHON = """[(3, 0, 0, 'SEARCH c USING INDEX clients_tier (tier=?)'),
 (9, 0, 0, 'CORRELATED SCALAR SUBQUERY 1'),
 (12, 9, 0, 'SEARCH s USING COVERING INDEX sales_client (client_id=?)'),
 (40, 0, 0, 'USE TEMP B-TREE FOR ORDER BY')]
"""
INDENTED = """SEARCH c USING INDEX clients_tier (tier=?)
CORRELATED SCALAR SUBQUERY 1
    SEARCH s USING COVERING INDEX sales_client (client_id=?)
USE TEMP B-TREE FOR ORDER BY
"""


@pytest.mark.parametrize("text", [SHELL, TABLE, PYTHON, INDENTED], ids=["shell", "table", "python", "indented"])
def test_a_pasted_plan_is_read_in_whatever_form_it_comes(text: str) -> None:
    assert shape(read_plan_text(text, ENGINE).root) == ["sort", ["search", ["subquery", "search"]]]


def test_the_wording_of_old_libraries_is_known() -> None:
    plan = read_plan_text(
        "SCAN TABLE sales AS s USING INDEX sales_day (~1000000 rows)\n"
        "SEARCH TABLE clients USING INTEGER PRIMARY KEY (rowid=?)\n"
        "EXECUTE CORRELATED SCALAR SUBQUERY 1\n",
        Engine("sqlite", ()),
    )
    sales, clients = (node for node in plan.nodes() if node.relation)
    assert (sales.relation, sales.alias, sales.index) == ("sales", "s", "sales_day")
    assert clients.relation == "clients"
    assert any(node.correlated for node in plan.nodes())


def test_what_is_drawn_reads_back_as_the_same_plan() -> None:
    plan = plan_of("SELECT * FROM a WHERE x = 1 OR id IN (SELECT p FROM e WHERE q = (SELECT max(z) FROM b))")
    again = read_plan_text(plan.source, ENGINE)
    assert [node.label for node in again.nodes()] == [node.label for node in plan.nodes()]


def test_text_that_is_no_plan_is_refused() -> None:
    with pytest.raises(CellError, match="not the output of EXPLAIN QUERY PLAN"):
        read_plan_text("hello\nworld", ENGINE)


@pytest.mark.parametrize("deep", [False, True], ids=["wide", "deep"])
def test_ten_thousand_nodes_are_read_in_a_moment(deep: bool) -> None:
    rows = [
        (i, i - 1 if deep else 0, "CORRELATED SCALAR SUBQUERY 1" if deep else f"SCAN t{i}") for i in range(1, 10_001)
    ]
    began = time.perf_counter()
    plan = read_plan(rows, ENGINE)
    assert len(plan.nodes()) >= 10_000
    # Measured at 0.2 s; quadratic work would take minutes.
    assert time.perf_counter() - began < 10
