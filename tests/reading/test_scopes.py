"""Which queries a place in a statement can see."""

from __future__ import annotations

from sqlglot import exp

from backend_mentor.reading.scopes import Scopes
from backend_mentor.reading.sql import parse


def _scope(scopes: Scopes, tree: exp.Expr, name: str) -> list[str]:
    column = next(each for each in tree.find_all(exp.Column) if each.name == name)
    return [query.args["from_"].this.name for query in scopes.around(column)]


def test_an_inner_query_sees_what_is_around_it_and_a_derived_table_does_not_see_its_neighbours() -> None:
    tree = parse(
        "SELECT a FROM t, (SELECT b FROM u) v WHERE EXISTS (SELECT 1 FROM w WHERE c = 1 AND d = 2)", "postgres"
    )
    scopes = Scopes()
    assert [_scope(scopes, tree, name) for name in "abcd"] == [["t"], ["u"], ["w", "t"], ["w", "t"]]


def test_each_place_is_walked_through_once_however_many_columns_stand_below_it() -> None:
    tree = parse("SELECT a FROM t WHERE " + " OR ".join(f"a = {number}" for number in range(800)), "postgres")
    climbed = 0

    class Counted(Scopes):
        def step_out(self, within: exp.Expr) -> tuple[exp.Expr | None, exp.Expr | None]:
            nonlocal climbed
            climbed += 1
            return super().step_out(within)

    scopes = Counted()
    for column in tree.find_all(exp.Column):
        scopes.around(column)
    assert climbed <= sum(1 for _ in tree.walk())
