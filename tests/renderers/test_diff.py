"""A difference breaks a long line before its clauses, and nowhere else."""

from __future__ import annotations

import pytest

from backend_mentor.renderers.diff import compare_lines

LONG = "SELECT customers.id, customers.email, orders.placed_at FROM customers {} JOIN orders USING (id) WHERE id > 1"


@pytest.mark.parametrize("kind", ["LEFT", "LEFT OUTER", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL LEFT"])
def test_the_words_of_a_join_stay_together(kind: str) -> None:
    lines = [line.text for line in compare_lines(LONG.format(kind), LONG.format(kind) + " AND id < 9")]
    assert f"{kind} JOIN orders USING (id)" in lines
