"""What the planner does by itself is said, and only for the engine and version that does it."""

from __future__ import annotations

import pytest

from backend_mentor.proposals.already_done import already_done
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from tests.proposals.trial_databases import subject_for

_CHAIN = "SELECT id FROM orders WHERE total = 1 OR total = 2 OR total = 3"
_MEMBERSHIP = "SELECT id FROM accounts WHERE id IN (SELECT account_id FROM orders)"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (_MEMBERSHIP, "turns IN (SELECT …) into a semi-join"),
        ("SELECT id FROM accounts a WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)", "turns EXISTS"),
        ("WITH recent AS (SELECT id FROM orders) SELECT id FROM recent", "looks through a WITH query"),
        (_CHAIN, "turns a chain of OR"),
    ],
)
def test_a_shape_that_postgres_handles_is_named(sql: str, says: str) -> None:
    (sentence,) = already_done(subject_for(sql, POSTGRES, "postgres"))
    assert says in sentence


def test_a_version_that_does_not_do_it_is_not_credited_with_it() -> None:
    assert already_done(subject_for(_CHAIN, POSTGRES, "postgres", version=(17, 5))) == ()


def test_sqlite_is_credited_with_its_own_habits_only() -> None:
    assert already_done(subject_for(_MEMBERSHIP, SQLITE, "sqlite")) == ()
    assert "SQLite" in already_done(subject_for(_CHAIN, SQLITE, "sqlite"))[0]


def test_a_plain_statement_has_nothing_to_be_said_of() -> None:
    assert already_done(subject_for("SELECT id FROM orders WHERE total = 1 OR quantity = 2", SQLITE, "sqlite")) == ()
