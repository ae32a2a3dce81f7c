"""Questions are asked where only the author knows, and nowhere else."""

from __future__ import annotations

import pytest

from backend_mentor.rules.questions import ask
from tests.reading.samples import subject


@pytest.mark.parametrize(
    ("sql", "question"),
    [
        (
            "SELECT id FROM customers WHERE id NOT IN (SELECT referred_by FROM customers)",
            "customers.referred_by accepts NULL",
        ),
        (
            "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open'",
            "Are rows without a match in orders meant to be left out?",
        ),
        ("SELECT id FROM orders LIMIT 10", "Which 10 rows do you want? Is ORDER BY id what you mean?"),
        ("SELECT id FROM orders ORDER BY placed_at LIMIT 10", "Two rows can have the same placed_at: is id a fit"),
        (
            "SELECT id FROM orders WHERE placed_at BETWEEN '2026-03-01' AND '2026-03-31'",
            "Is all of 2026-03-31 meant to be in?",
        ),
        ("SELECT status, note, count(*) FROM orders GROUP BY status", "Which note of each group do you want?"),
        ("SELECT id FROM orders WHERE note <> 'x'", "Are rows whose note is NULL meant to be left out?"),
        ("SELECT quantity / 2 FROM orders", "Is the fraction of quantity / 2 meant to be cut off?"),
        (
            "SELECT email FROM customers UNION SELECT note FROM orders",
            "Can both halves of the UNION return the same row",
        ),
        ("SELECT id FROM orders WHERE status = ?", "? = 'paid', the most common orders.status"),
    ],
)
def test_a_question_is_asked_where_the_intent_is_open(sql: str, question: str) -> None:
    asked = ask(subject(sql))
    assert any(question in each.text for each in asked)
    assert all(each.why for each in asked)


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)", "customer_id is NOT NULL"),
        ("SELECT id FROM customers WHERE id NOT IN (SELECT id FROM orders)", "a rowid is never NULL"),
        (
            "SELECT id FROM customers "
            "WHERE id NOT IN (SELECT referred_by FROM customers WHERE referred_by IS NOT NULL)",
            "NULLs are excluded",
        ),
        ("SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL", "an anti-join"),
        ("SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.country = 'FR'", "left side"),
        ("SELECT count(*) FROM orders LIMIT 5", "it has one row"),
        ("SELECT id FROM orders LIMIT 1", "any row will do"),
        ("SELECT id FROM orders ORDER BY placed_at, id LIMIT 10", "id settles ties"),
        ("SELECT line FROM items WHERE order_id = 1 ORDER BY line LIMIT 5", "order_id is held to one value"),
        ("SELECT id FROM orders WHERE placed_at < '2026-04-01'", "an open end"),
        ("SELECT status, count(*) FROM orders GROUP BY status", "all is grouped"),
        ("SELECT id, note, count(*) FROM orders GROUP BY id", "id is the key"),
        ("SELECT id FROM orders WHERE note <> 'x' OR note IS NULL", "NULL is thought of"),
        ("SELECT id FROM orders WHERE status <> 'x'", "status is NOT NULL"),
        ("SELECT quantity / 2.0 FROM orders", "not an integer"),
        ("SELECT email FROM customers UNION ALL SELECT note FROM orders", "duplicates are kept"),
        ("VACUUM", "a command"),
    ],
)
def test_no_question_where_the_answer_is_plain(sql: str, because: str) -> None:
    assert because
    assert ask(subject(sql)) == ()


def test_three_questions_at_most_the_gravest_first() -> None:
    asked = ask(
        subject(
            "SELECT quantity / 2 FROM orders WHERE note <> 'x' AND placed_at <= '2026-03-31' "
            "AND id NOT IN (SELECT referred_by FROM customers) AND status = ? LIMIT 10"
        )
    )
    assert len(asked) == 3
    assert "referred_by" in asked[0].text
