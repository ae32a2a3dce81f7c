from backend_mentor.databases.base import Database
from backend_mentor.proofs.mutants import make_mutants, survivors
from backend_mentor.proofs.result_order import read_order
from backend_mentor.proofs.trial_data import plan_trial_data
from backend_mentor.reading.sql import read_statement
from tests.proofs.typical import TYPICAL

# A LEFT JOIN whose extra rows HAVING drops again: no data can tell it from the original.
EQUIVALENT = 1


def test_trial_databases_tell_all_mutants_of_typical_queries_from_them(shop: Database) -> None:
    schema, killed, alive = shop.schema(), 0, []
    with shop.bench(schema) as bench:
        for text in TYPICAL:
            statement = read_statement(text, "sqlite")
            data = plan_trial_data([statement], schema, bench.admits)
            results = [(tables, bench.run(tables, [statement])[0]) for tables in data.databases(300, 1)]
            told = [(tables, result) for tables, result in results if result.rows]
            count, left = survivors(statement, read_order(statement), told, bench, budget_milliseconds=60_000)
            killed += count
            alive += [mutant.statement.sql for mutant in left]
    assert killed > 85
    assert len(alive) <= EQUIVALENT, alive


def test_mutants_are_wrong_in_each_way_that_the_statement_allows() -> None:
    text = (
        "SELECT DISTINCT c.region FROM customers c LEFT JOIN orders o ON o.customer_id = c.id"
        " WHERE o.total > 5 AND NOT c.name IN ('a') ORDER BY c.region LIMIT 3"
    )
    changes = {mutant.change for mutant in make_mutants(read_statement(text, "sqlite"))}
    assert changes == {"distinct", "join", "comparison", "connector", "filter", "negation", "boundary", "order"}


def test_there_are_24_mutants_at_most_and_none_is_the_original() -> None:
    text = "SELECT a FROM t WHERE " + " OR ".join(f"(a > {number} AND b < {number})" for number in range(12))
    statement = read_statement(text, "sqlite")
    texts = {mutant.statement.sql for mutant in make_mutants(statement)}
    assert len(texts) == 24
    assert statement.tree.sql("sqlite") not in texts
