"""Trees have one shape for one meaning, and print as people write."""

from __future__ import annotations

import pytest
from sqlglot import exp

from backend_mentor.reading.sql import parse, print_sql

ENGINES = ("sqlite", "postgres")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "condition", ["a IS NOT NULL", "a NOT LIKE 'x'", "a NOT IN (1, 2)", "a NOT BETWEEN 1 AND 2", "NOT (a = 1 OR b = 2)"]
)
def test_a_negation_is_a_not_around_what_it_negates_and_prints_as_written(engine: str, condition: str) -> None:
    tree = parse(f"SELECT b FROM t WHERE {condition}", engine)
    assert isinstance(tree.args["where"].this, exp.Not)
    assert print_sql(tree, engine) == f"SELECT b FROM t WHERE {condition}"


def test_a_comma_join_stays_a_comma_join_on_sqlite() -> None:
    assert print_sql(parse("SELECT 1 FROM a, b", "sqlite"), "sqlite") == "SELECT 1 FROM a, b"


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_parser_leaves_whole_is_not_logged(engine: str, caplog: pytest.LogCaptureFixture) -> None:
    parse("CREATE ROLE reader", engine)
    assert caplog.records == []
