"""Each index idea's examples on the real engines, and what holds for all index proposals."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.proposals.idea import Becomes, Idea, Refuses
from backend_mentor.proposals.indexes import INDEXES, MOST_INDEXES, keep_best
from backend_mentor.proposals.indexes.sample import MANY_ROWS, TABLES
from tests import servers
from tests.proposals.index_subjects import postgres_schema, sqlite_schema, subject

_EXAMPLES = [
    pytest.param(idea, example, id=f"{idea.name}-{number}")
    for idea in INDEXES
    for number, example in enumerate(idea.examples)
]
_ON_SQLITE = [param for param in _EXAMPLES if param.values[1].engine == "sqlite"]
_ON_POSTGRES = [param for param in _EXAMPLES if param.values[1].engine == "postgres"]


def _check(idea: Idea, example: Becomes | Refuses, made: list[str]) -> None:
    if isinstance(example, Becomes):
        assert made == [example.after]
    else:
        assert made == [], example.because


@pytest.mark.parametrize(("idea", "example"), _ON_SQLITE)
def test_an_example_on_sqlite(idea: Idea, example: Becomes | Refuses) -> None:
    sql = example.before if isinstance(example, Becomes) else example.sql
    made = [each.after for each in idea.propose(subject(sql, sqlite_schema(example.schema)))]
    _check(idea, example, made)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(";".join([example.schema, *made]))
        connection.execute(sql)


@pytest.mark.parametrize(("idea", "example"), _ON_POSTGRES)
def test_an_example_on_postgres(idea: Idea, example: Becomes | Refuses, postgres18: str) -> None:
    sql = example.before if isinstance(example, Becomes) else example.sql
    made = [each.after for each in idea.propose(subject(sql, postgres_schema(postgres18, example.schema)))]
    _check(idea, example, made)
    servers.make_database(postgres18, ";".join([example.schema, *made, sql]))


@pytest.mark.parametrize("idea", INDEXES, ids=lambda idea: idea.name)
def test_an_idea_shows_both_what_it_makes_and_what_it_refuses(idea: Idea) -> None:
    assert {type(example) for example in idea.examples} == {Becomes, Refuses}


def _propose(sql: str, script: str = TABLES + MANY_ROWS) -> list[str]:
    about = subject(sql, sqlite_schema(script))
    return [each.after for each in keep_best(each for idea in INDEXES for each in idea.propose(about))]


def test_an_index_changes_no_rows_and_names_its_price() -> None:
    about = subject(
        "SELECT total FROM orders WHERE total = 7 AND placed_at > '2026'", sqlite_schema(TABLES + MANY_ROWS)
    )
    proposals = [each for idea in INDEXES for each in idea.propose(about)]
    assert proposals
    for proposal in proposals:
        assert proposal.kind is ProposalKind.INDEX
        assert not proposal.proof.changes_rows
        assert "on disk" in proposal.tradeoffs.price
        assert "writes one entry more" in proposal.tradeoffs.price
        assert proposal.index is not None
        assert proposal.index.create_sql() == proposal.after


def test_in_production_postgres_builds_beside_writers(postgres18: str) -> None:
    about = subject("SELECT total FROM orders WHERE customer_id = 7", postgres_schema(postgres18, TABLES))
    [proposal] = INDEXES[0].propose(about)
    assert "CREATE INDEX CONCURRENTLY" in proposal.tradeoffs.price


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = "CREATE INDEX orders_total_idx ON orders (status);"
    assert _propose("SELECT * FROM orders WHERE total = 7", TABLES + taken) == [
        "CREATE INDEX orders_total_idx1 ON orders (total)"
    ]


def test_the_same_statement_gets_the_same_indexes_each_time() -> None:
    sql = "SELECT total FROM orders WHERE status = 'open' AND total > 10 ORDER BY placed_at LIMIT 5"
    assert len({tuple(_propose(sql)) for _ in range(3)}) == 1


def test_no_more_than_four_indexes_are_tried() -> None:
    sql = " UNION ALL ".join(
        f"SELECT count(*) FROM orders WHERE {column} = 7"
        for column in ("total", "note", "placed_at", "customer_id", "status")
    )
    assert len(_propose(sql, TABLES)) == MOST_INDEXES


def test_a_prefix_of_a_wider_index_is_left_out() -> None:
    sql = "SELECT * FROM orders WHERE total = 7 UNION ALL SELECT * FROM orders WHERE total = 8 AND placed_at > '2026'"
    assert _propose(sql, TABLES) == ["CREATE INDEX orders_total_placed_at_idx ON orders (total, placed_at)"]


def test_the_plain_index_is_tried_beside_the_covering_one() -> None:
    assert _propose("SELECT sum(total) FROM orders WHERE customer_id = 7", TABLES) == [
        "CREATE INDEX orders_customer_id_idx ON orders (customer_id)",
        "CREATE INDEX orders_customer_id_total_idx ON orders (customer_id, total)",
    ]


def test_a_bare_column_that_two_tables_have_is_nobodys() -> None:
    assert _propose("SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE id = 7") == []


def test_a_quoted_name_stays_quoted() -> None:
    script = 'CREATE TABLE "Order Book" ("group" text, id integer PRIMARY KEY)'
    assert _propose('SELECT * FROM "Order Book" WHERE "group" = \'a\'', script) == [
        'CREATE INDEX order_book_group_idx ON "Order Book" ("group")'
    ]


def test_a_table_of_a_few_rows_needs_no_index() -> None:
    script = TABLES + "INSERT INTO customers VALUES (1, 'a', 'b'), (2, 'c', 'd')"
    assert _propose("SELECT email FROM customers WHERE city = 'b'", script) == []
