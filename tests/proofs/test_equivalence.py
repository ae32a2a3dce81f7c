import sqlite3
from collections.abc import Callable

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.domain.errors import NotSupportedError, StoppedError
from backend_mentor.domain.proof import Counterexample
from backend_mentor.domain.subject import Fact
from backend_mentor.proofs.equivalence import Judgement, judge_pair, try_equivalence
from backend_mentor.reading.sql import read_statement
from tests.proofs.pairs import DIFFERENT, SAME, SHOP, Pair, with_keys_that_hold


def judge(database: Database, before: str, after: str, facts: frozenset[Fact] = frozenset()) -> Judgement:
    dialect = database.engine.name
    statements = read_statement(before, dialect), read_statement(after, dialect)
    return judge_pair(*statements, database.schema(), database, facts=facts)


def refute(database: Database, before: str, after: str) -> Counterexample:
    trials = judge(database, before, after).trials
    assert trials is not None
    assert trials.counterexample is not None
    return trials.counterexample


def shown(example: Counterexample) -> dict[str, tuple[tuple[object, ...], ...]]:
    return {table.name: table.rows for table in example.tables}


@pytest.mark.parametrize("pair", DIFFERENT, ids=lambda pair: pair.name)
def test_statements_that_only_look_alike_are_refuted(pair: Pair, shop: Database) -> None:
    assert refute(shop, pair.before, pair.after), pair.because


@pytest.mark.parametrize("pair", [pair for pair in DIFFERENT if "postgres" in pair.engines], ids=lambda pair: pair.name)
def test_statements_that_only_look_alike_are_refuted_on_postgres(pair: Pair, postgres_shop: Database) -> None:
    assert refute(postgres_shop, pair.before, pair.after), pair.because


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: pair.name)
def test_statements_that_mean_the_same_hold_on_300_databases(pair: Pair, either_shop: Database) -> None:
    judgement = judge(either_shop, pair.before, pair.after)
    assert judgement.trials is not None
    assert judgement.trials.counterexample is None, pair.because
    assert judgement.trials.databases == 300
    assert judgement.trials.telling > 100
    assert judgement.not_deterministic is None


def test_not_in_over_a_nullable_column_is_refuted_with_the_null_row(either_shop: Database) -> None:
    pair = DIFFERENT[0]
    example = refute(either_shop, pair.before, pair.after)
    assert shown(example) == {"blocked": ((None,),), "customers": ((1,),)}
    assert (example.before.rows, example.after.rows) == ((), ((1,),))


def test_a_boundary_is_shown_by_one_row_beside_it(either_shop: Database) -> None:
    example = refute(either_shop, "SELECT id FROM orders WHERE total > 10", "SELECT id FROM orders WHERE total >= 10")
    assert shown(example) == {"orders": ((1, 10),)}


def test_the_script_of_a_counterexample_shows_the_difference_on_its_own(shop: Database) -> None:
    for pair in DIFFERENT[:12]:
        example = refute(shop, pair.before, pair.after)
        connection = sqlite3.connect(":memory:")
        make, before, after = example.script.partition("-- before")[0], example.before, example.after
        connection.executescript(make)
        assert tuple(connection.execute(pair.before)) == before.rows
        assert tuple(connection.execute(pair.after)) == after.rows
        connection.close()


def test_the_same_seed_finds_the_same_counterexample(shop: Database) -> None:
    pair = DIFFERENT[3]
    assert refute(shop, pair.before, pair.after) == refute(shop, pair.before, pair.after)


def test_a_foreign_key_is_obeyed_only_where_it_is_known_to_hold(shop: Database) -> None:
    joined = read_statement("SELECT i.product FROM items i JOIN orders o ON o.id = i.order_id", "sqlite")
    alone = read_statement("SELECT i.product FROM items i", "sqlite")
    loose = shop.schema()
    assert try_equivalence(joined, alone, loose, shop).counterexample is not None
    assert try_equivalence(joined, alone, with_keys_that_hold(loose), shop).counterexample is None


def test_a_check_constraint_is_obeyed(either_shop: Database) -> None:
    trials = judge(either_shop, "SELECT id FROM items WHERE quantity > 0", "SELECT id FROM items").trials
    assert trials is not None
    assert trials.counterexample is None


def test_a_fact_of_the_data_is_obeyed(either_shop: Database) -> None:
    before, after = "SELECT id FROM orders WHERE total >= 0 OR total IS NULL", "SELECT id FROM orders"
    fact = Fact("orders", "total >= 0", "total is never negative")
    assert judge(either_shop, before, after).trials.counterexample is not None
    assert judge(either_shop, before, after, frozenset({fact})).trials.counterexample is None


def test_a_limit_without_an_order_is_not_comparable(shop: Database) -> None:
    judgement = judge(shop, "SELECT id FROM orders LIMIT 3", "SELECT id FROM orders ORDER BY id DESC LIMIT 3")
    assert judgement.not_deterministic == "LIMIT 3 without ORDER BY lets the database choose the rows"
    assert judgement.trials is not None
    assert judgement.trials.counterexample is None


def test_a_limit_without_an_order_still_has_to_return_rows_of_the_answer(shop: Database) -> None:
    refute(shop, "SELECT id FROM orders WHERE total > 5 LIMIT 3", "SELECT id FROM orders LIMIT 3")


def test_a_value_that_changes_from_run_to_run_is_not_tried(shop: Database) -> None:
    judgement = judge(shop, "SELECT id FROM orders ORDER BY random()", "SELECT id FROM orders")
    assert judgement.trials is None
    assert judgement.not_deterministic == "RANDOM() changes from run to run"


def test_rows_that_tie_under_a_row_number_explain_a_difference(shop: Database) -> None:
    numbered = "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY {}) AS n FROM orders) AS o WHERE n = 1"
    judgement = judge(shop, numbered.format("status"), numbered.format("status, id DESC"))
    assert judgement.trials is not None
    assert judgement.trials.counterexample is None
    assert judgement.not_deterministic == "ROW_NUMBER() numbers rows that tie in any order"


def test_an_error_of_the_proposed_statement_alone_refutes_it(shop: Database) -> None:
    example = refute(shop, "SELECT abs(total) AS a FROM orders", "SELECT json_extract(status, '$') AS a FROM orders")
    assert example.difference == "error"
    assert example.after.error is not None


def test_a_statement_that_never_returns_a_row_tells_nothing(shop: Database) -> None:
    judgement = judge(shop, "SELECT id FROM orders WHERE 1 = 0", "SELECT id FROM orders WHERE 0 = 1")
    assert judgement.trials is not None
    assert judgement.trials.telling == 0
    assert "returned no row on any of 450 trial databases" in (judgement.note or "")


def test_a_table_that_does_not_exist_is_not_supported(shop: Database) -> None:
    one, other = read_statement("SELECT 1 FROM nowhere", "sqlite"), read_statement("SELECT 1", "sqlite")
    with pytest.raises(NotSupportedError):
        try_equivalence(one, other, shop.schema(), shop)


def test_a_stop_ends_the_trials(shop: Database) -> None:
    shop.stop.request()
    with pytest.raises(StoppedError):
        judge(shop, SAME[0].before, SAME[0].after)


def test_a_view_is_tried_by_the_tables_behind_it(make_sqlite: Callable[[str], Database]) -> None:
    database = make_sqlite(SHOP + "CREATE VIEW paid AS SELECT id, total FROM orders WHERE status = 'paid';")
    refute(database, "SELECT id FROM paid", "SELECT id FROM orders")
    held = judge(database, "SELECT id FROM paid", "SELECT id FROM orders WHERE status = 'paid'").trials
    assert held is not None
    assert held.counterexample is None
    assert held.telling > 100


def test_rounding_of_floats_is_no_difference(make_sqlite: Callable[[str], Database]) -> None:
    database = make_sqlite("CREATE TABLE prices (id INTEGER PRIMARY KEY, price REAL)")
    before = "SELECT sum(price * 0.1) AS amount FROM prices"
    assert judge(database, before, "SELECT sum(price / 10.0) AS amount FROM prices").trials.counterexample is None


def test_letter_case_is_no_order_where_the_collation_ignores_it(make_sqlite: Callable[[str], Database]) -> None:
    database = make_sqlite("CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE)")
    before, after = "SELECT id, name FROM names ORDER BY name", "SELECT id, name FROM names ORDER BY name, id DESC"
    assert judge(database, before, after).trials.counterexample is None
