"""Indexes that are not there: imagined by HypoPG, or built on a copy."""

from __future__ import annotations

import pytest

from backend_mentor.domain.errors import NotSupportedError, RefusedError
from backend_mentor.domain.schema import Index, IndexColumn
from tests import servers
from tests.databases.postgres.statements import connect, query
from tests.plans.capture import SCHEMA

BY_AMOUNT = Index("orders_by_amount", "orders", (IndexColumn("amount"),))
EXACT = "SELECT * FROM orders WHERE amount = 3"
DATABASES = "SELECT datname FROM pg_database ORDER BY 1"


@pytest.fixture(scope="module")
def shop15(postgres15):
    url = servers.make_database(postgres15, SCHEMA)
    servers.execute(url, "CREATE SCHEMA elsewhere; CREATE EXTENSION hypopg SCHEMA elsewhere")
    # 40,000 rows are more than the 30,000 that ANALYZE samples: two samples would tell two costs.
    servers.execute(url, "ALTER TABLE orders ALTER amount SET STATISTICS 1000")
    servers.execute(url, "VACUUM ANALYZE")
    return url


@pytest.fixture(scope="module")
def shop18(postgres18):
    url = servers.make_database(postgres18, SCHEMA)
    servers.execute(url, "VACUUM ANALYZE")
    return url


def test_hypopg_gives_the_planners_word_and_the_real_index_bears_it_out(shop15):
    database = connect(shop15)
    cost = database.what_if(query(EXACT), BY_AMOUNT)
    assert cost.method == "HypoPG"
    assert cost.uses_index
    assert cost.after < cost.before / 5
    with database.scratch() as copy:
        size, milliseconds = copy.build(BY_AMOUNT)
        assert copy.explain(query(EXACT)).root.cost == pytest.approx(cost.after, rel=0.05)
    assert cost.size_bytes == pytest.approx(size, rel=0.1)
    assert milliseconds > 0


@pytest.mark.parametrize("name", ["account", "placed", "id"])
def test_the_estimated_size_is_near_the_real_one(shop15, name):
    database = connect(shop15)
    index = Index("tried", "orders", (IndexColumn(name),))
    estimated = database.what_if(query(EXACT), index).size_bytes
    with database.scratch() as copy:
        assert estimated == pytest.approx(copy.build(index)[0], rel=0.15)


def test_an_index_of_no_use_is_not_used(shop15):
    cost = connect(shop15).what_if(query("SELECT * FROM orders"), BY_AMOUNT)
    assert cost.uses_index is False
    assert cost.before == cost.after


@pytest.mark.parametrize(
    ("index", "because"),
    [
        (Index("i", "orders", (IndexColumn("amount"),), method="gin"), "can not imagine a gin index"),
        (Index("i", "orders", (IndexColumn("lower(id::text)", expression=True),)), "no statistics of an expression"),
    ],
)
def test_what_hypopg_can_not_judge_is_refused(shop15, index, because):
    with pytest.raises(NotSupportedError, match=because):
        connect(shop15).what_if(query(EXACT), index)


def test_without_hypopg_the_planner_has_no_word(shop18):
    with pytest.raises(NotSupportedError, match="has no HypoPG"):
        connect(shop18).what_if(query(EXACT), BY_AMOUNT)


def test_an_index_is_built_and_measured_on_a_copy_that_is_gone_afterwards(postgres, new_database):
    url = new_database(postgres, SCHEMA)
    before = servers.rows(url, DATABASES)
    database = connect(url)
    with database.scratch() as copy:
        plain = copy.run(query(EXACT))
        size, _ = copy.build(BY_AMOUNT)
        indexed = copy.run(query(EXACT))
        assert any(node.index == "orders_by_amount" for node in copy.explain(query(EXACT)).nodes())
        copy.drop(BY_AMOUNT)
        assert copy.run(query(EXACT)).count == plain.count
    assert indexed.count < plain.count / 3
    assert indexed.rows == plain.rows
    assert size > 100_000
    assert servers.rows(url, DATABASES) == before
    assert [index.name for index in database.schema().table("orders").indexes] == [
        "orders_account", "orders_pkey", "orders_placed",
    ]  # fmt: skip


def test_a_copy_is_gone_after_a_failure_too(shop18):
    before = servers.rows(shop18, DATABASES)
    with pytest.raises(ZeroDivisionError), connect(shop18).scratch():
        raise ZeroDivisionError
    assert servers.rows(shop18, DATABASES) == before


def test_a_copy_runs_under_the_same_guard(shop18):
    with connect(shop18).scratch() as copy, pytest.raises(RefusedError, match="DELETE"):
        copy.run(query("DELETE FROM orders"))


def test_a_database_that_is_not_scratch_is_never_copied(shop18, new_database, postgres18):
    url = new_database(postgres18)
    servers.execute(url, f"ALTER DATABASE {url.split('?')[0].rsplit('/', 1)[1]} SET backend_mentor.scratch = off")
    with pytest.raises(NotSupportedError, match="not marked as scratch"), connect(url).scratch():
        pass


def test_a_database_larger_than_the_limit_is_not_copied(shop18):
    with pytest.raises(NotSupportedError, match="more than the 1,000"), connect(shop18, scratch_bytes=1000).scratch():
        pass
