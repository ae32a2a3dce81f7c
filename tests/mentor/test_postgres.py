"""The judges on PostgreSQL: what is wrong there is refused, what is right is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend_mentor.databases.postgres.connection import PostgresDatabase
from backend_mentor.mentor.case import Case
from backend_mentor.mentor.tools import carry_out
from backend_mentor.pipeline import review
from tests.mentor.lies.calls import PLAIN

SCRIPT = """
CREATE TABLE orders (id int PRIMARY KEY, status text NOT NULL, total int, placed_at timestamp NOT NULL);
INSERT INTO orders SELECT i, 'open', i % 50, timestamp '2026-03-01' + i * interval '1 hour'
FROM generate_series(1, 20000) AS i;
CREATE INDEX orders_placed_idx ON orders (placed_at);
ANALYZE orders
"""
DAY = "SELECT id FROM orders WHERE placed_at::date = '2026-03-02'"


@pytest.fixture
def case(postgres18: str, new_database: Callable[..., str]) -> Iterator[Case]:
    database = PostgresDatabase.connect(new_database(postgres18, SCRIPT))
    yield Case.open(review(DAY, database, analyze=False), database)
    database.close()


@pytest.mark.parametrize(
    "after",
    [
        "SELECT id FROM orders WHERE placed_at BETWEEN '2026-03-02' AND '2026-03-03'",
        "SELECT id FROM orders_archive WHERE placed_at = '2026-03-02'",
        "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone",
        f"{DAY}; DROP TABLE orders",
        "SELECT id FROM orders, pg_sleep(9)",
        "SELECT lo_import('/etc/passwd')::int AS id",
        "SELECT id FROM orders FOR UPDATE",
    ],
)
def test_what_is_wrong_or_dangerous_is_never_shown(after: str, case: Case) -> None:
    arguments = {"kind": "rewrite", "statement": 1, "after": after, **PLAIN}
    assert carry_out(case, "report_proposal", arguments).is_error
    assert case.proposals == []


def test_a_rewrite_that_holds_on_every_trial_is_shown_as_tested(case: Case) -> None:
    after = "SELECT o.id FROM orders o WHERE o.placed_at >= date '2026-03-02' AND o.placed_at < date '2026-03-03'"
    arguments = {"kind": "rewrite", "statement": 1, "after": after, **PLAIN}
    result = carry_out(case, "report_proposal", arguments)
    assert (result.is_error, len(case.proposals)) == (False, 1), result.content
    assert "no proof" in case.proposals[0].proof.verdict
