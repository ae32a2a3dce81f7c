"""An edit reaches the author's text and leaves everything else in it as it was."""

from __future__ import annotations

import sqlite3

import pytest

from backend_mentor.reading.merge import merge_edit, prints_faithfully
from backend_mentor.reading.sql import parse, print_sql

_AS_WRITTEN = [
    "select  a.x, -- the first\n        b.y\nfrom    a, b   /* both */\nwhere   a.id=b.id",
    'SELECT "Odd Name" FROM [t] WHERE x <> :limit AND y IS NOT NULL',
    "SELECT count(*)\nFROM a JOIN b USING (id), c\nWHERE ifnull(a.x, 0) != ?",
]


def _merge(author: str, wanted: str, dialect: str = "sqlite") -> str:
    return merge_edit(author, parse(author, dialect), parse(wanted, dialect), dialect)


@pytest.mark.parametrize("text", _AS_WRITTEN)
def test_an_unchanged_statement_keeps_every_byte(text: str) -> None:
    assert merge_edit(text, parse(text, "sqlite"), parse(text, "sqlite"), "sqlite") == text


def test_only_the_edited_condition_changes() -> None:
    author = (
        "select o.id, -- the key\n       o.total\nfrom   orders o\n"
        "where  date(o.at) = '2026-03-02'\n  and  o.x is not null"
    )
    wanted = "SELECT o.id, o.total FROM orders o WHERE o.at >= '2026-03-02' AND o.at < '2026-03-03' AND o.x IS NOT NULL"
    assert _merge(author, wanted) == (
        "select o.id, -- the key\n       o.total\nfrom   orders o\n"
        "where o.at >= '2026-03-02' AND o.at < '2026-03-03'\n  and  o.x is not null"
    )


def test_a_dropped_word_takes_its_space_with_it() -> None:
    assert _merge("select distinct\n  a\nfrom t", "select a from t") == "select\n  a\nfrom t"


def test_a_comment_inside_a_replaced_part_is_kept() -> None:
    merged = _merge("select a from t where f(b /* why */) = 1 and c = 2", "select a from t where b = 3 and c = 2")
    assert "/* why */" in merged
    assert parse(merged, "sqlite") == parse("select a from t where b = 3 and c = 2", "sqlite")


def test_a_comment_comes_once() -> None:
    author = "select a from t where exists (select 1 from u where u.k = t.k /* why */)"
    merged = _merge(author, "select a from t where t.k in (select u.k from u)")
    assert merged.count("why") == 1


def test_a_qualifier_stands_close_to_its_column() -> None:
    author = "select a from t where a > 1 and f(b) = 2"
    assert _merge(author, "select a from t where t.a > 1 and f(t.b) = 2") == author.replace(
        "where a", "where t.a"
    ).replace("(b)", "(t.b)")


def test_an_author_spelling_that_meets_the_edit_gives_way_whole() -> None:
    author = "select *\nfrom c\nwhere c.id not in (select o.cid from orders o -- why\n  where o.x > 3)\nlimit 5"
    wanted = "select * from c where not exists (select 1 from orders o where o.x > 3 and o.cid = c.id) limit 5"
    merged = _merge(author, wanted)
    assert parse(merged, "sqlite") == parse(wanted, "sqlite")
    assert "-- why\n" in merged
    assert merged.endswith("limit 5")


@pytest.mark.parametrize(("marker", "dialect"), [("$1", "postgres"), (":since", "sqlite"), ("?", "sqlite")])
def test_a_parameter_stays_as_it_is(marker: str, dialect: str) -> None:
    author = f"SELECT id FROM t WHERE a + 1 = 2 AND b > {marker}"
    wanted = f"SELECT id FROM t WHERE a = 1 AND b > {marker}"
    assert _merge(author, wanted, dialect) == wanted


_DDL = """
CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER, x INTEGER);
CREATE TABLE b (id INTEGER PRIMARY KEY, y INTEGER);
CREATE TABLE c (id INTEGER PRIMARY KEY, b_id INTEGER);
CREATE INDEX a_b ON a (b_id); CREATE INDEX b_y ON b (y); CREATE INDEX c_b ON c (b_id);
"""


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(a.x) FROM a, b WHERE a.b_id = b.id AND b.y = 3",
        "SELECT a.x FROM a, b, c WHERE c.b_id = b.id AND a.b_id = b.id AND b.y = 3",
        "SELECT a.x FROM a, b JOIN c ON c.b_id = b.id WHERE a.b_id = b.id AND b.y = 3",
        "SELECT a.x FROM a JOIN b ON a.b_id = b.id, c WHERE c.b_id = b.id AND b.y = 3",
        "SELECT a.x FROM a LEFT JOIN b ON a.b_id = b.id, c WHERE c.id = a.id",
        "SELECT a.x FROM a CROSS JOIN b WHERE a.b_id = b.id AND b.y = 3",
    ],
)
def test_printing_alone_never_changes_a_sqlite_plan(sql: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(_DDL)
    tree = parse(sql, "sqlite")
    assert prints_faithfully(tree, "sqlite")
    plans = [
        [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]
        for text in (sql, print_sql(tree, "sqlite"), print_sql(tree, "sqlite", pretty=True))
    ]
    connection.close()
    assert plans[0] == plans[1] == plans[2]
