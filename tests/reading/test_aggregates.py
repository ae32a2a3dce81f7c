"""Which aggregates belong to a query itself."""

from __future__ import annotations

import pytest
from sqlglot import exp

from backend_mentor.reading.aggregates import gives_one_row, own_aggregates
from backend_mentor.reading.sql import parse


@pytest.mark.parametrize(
    ("projection", "own"),
    [
        ("sum(a)", ["SUM(a)"]),
        ("1 + sum(a)", ["SUM(a)"]),
        ("(SELECT sum(a) FROM t)", []),
        ("EXISTS (SELECT count(*) FROM t)", []),
        ("a IN (SELECT max(a) FROM t)", []),
        ("sum(a) OVER ()", []),
        ("count(*) FILTER (WHERE a > 1) OVER ()", []),
        ("sum(count(*)) OVER ()", ["COUNT(*)"]),
        ("sum(a) OVER (ORDER BY max(b))", ["MAX(b)"]),
        ("sum(a) FILTER (WHERE b > 1)", ["SUM(a)"]),
    ],
)
def test_only_the_aggregates_over_a_query_s_own_rows_are_its_own(projection: str, own: list[str]) -> None:
    tree = parse(f"SELECT {projection} FROM t", "postgres")
    assert [each.sql() for each in own_aggregates(tree.expressions)] == own
    assert gives_one_row(tree) is bool(own)


def test_a_grouped_query_gives_a_row_for_each_group() -> None:
    tree = parse("SELECT a, sum(b) FROM t GROUP BY a", "sqlite")
    assert isinstance(tree, exp.Select)
    assert not gives_one_row(tree)
