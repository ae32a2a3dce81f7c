"""Each guard of the dangerous rewrites has a database that shows why it is there."""

from __future__ import annotations

import pytest

from backend_mentor.proposals.sample import POSTGRES, SQLITE
from tests.proposals.trial_databases import find_difference

_TRAPS = {
    "a nullable list empties NOT IN": (
        "SELECT id FROM coupons WHERE id NOT IN (SELECT coupon_id FROM orders)",
        "SELECT id FROM coupons WHERE NOT EXISTS (SELECT 1 FROM orders WHERE coupon_id = coupons.id)",
    ),
    "NOT IN drops a NULL on its left": (
        "SELECT id FROM orders WHERE coupon_id NOT IN (SELECT id FROM coupons)",
        "SELECT id FROM orders WHERE NOT EXISTS (SELECT 1 FROM coupons WHERE coupons.id = orders.coupon_id)",
    ),
    "a count of nothing is 0 and a missing group is NULL": (
        "SELECT a.id, (SELECT count(*) FROM orders o WHERE o.account_id = a.id) AS n FROM accounts a",
        "SELECT a.id, g.n FROM accounts a LEFT JOIN (SELECT account_id, count(*) AS n FROM orders GROUP BY"
        " account_id) g"
        " ON g.account_id = a.id",
    ),
    "an inner join drops the rows without a group": (
        "SELECT a.id, (SELECT sum(total) FROM orders o WHERE o.account_id = a.id) AS n FROM accounts a",
        "SELECT a.id, g.n FROM accounts a JOIN (SELECT account_id, sum(total) AS n FROM orders GROUP BY account_id) g"
        " ON g.account_id = a.id",
    ),
    "count of a nullable column is no test for a row": (
        "SELECT count(coupon_id) > 0 AS found FROM orders",
        "SELECT EXISTS (SELECT 1 FROM orders) AS found",
    ),
    "UNION ALL without IS TRUE keeps a row that meets both twice": (
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.total = 2 OR a.country = 'a'",
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.total = 2"
        " UNION ALL SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE a.country = 'a'",
    ),
    "NOT in place of IS NOT TRUE drops a row whose first condition is NULL": (
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.quantity = 2 OR a.country = 'a'",
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.quantity = 2 UNION ALL"
        " SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE a.country = 'a' AND NOT o.quantity ="
        " 2",
    ),
    "an undeclared parent is missing": (
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id",
        "SELECT o.id FROM orders o",
    ),
    "DISTINCT removes what a join multiplied": (
        "SELECT DISTINCT a.id FROM accounts a JOIN orders o ON o.account_id = a.id",
        "SELECT a.id FROM accounts a JOIN orders o ON o.account_id = a.id",
    ),
    "without a key the rows of DISTINCT merge": (
        "SELECT DISTINCT a.country FROM accounts a JOIN orders o ON o.account_id = a.id",
        "SELECT a.country FROM accounts a WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)",
    ),
    "a join may repeat a key that count(DISTINCT) counts once": (
        "SELECT count(DISTINCT a.id) AS n FROM accounts a JOIN orders o ON o.account_id = a.id",
        "SELECT count(*) AS n FROM accounts a JOIN orders o ON o.account_id = a.id",
    ),
    "an outer join fills a NOT NULL column": (
        "SELECT a.id, count(o.status) AS n FROM accounts a LEFT JOIN orders o ON o.account_id = a.id GROUP BY a.id",
        "SELECT a.id, count(*) AS n FROM accounts a LEFT JOIN orders o ON o.account_id = a.id GROUP BY a.id",
    ),
    "a window counts the NULLs that <= leaves out": (
        "SELECT page, (SELECT count(*) FROM visits x WHERE x.seconds <= v.seconds) AS place FROM visits v",
        "SELECT page, count(*) OVER (ORDER BY seconds) AS place FROM visits",
    ),
    "text that is no ISO date": (
        "SELECT id FROM orders WHERE date(placed_at) >= '2026-03-02'",
        "SELECT id FROM orders WHERE placed_at >= '2026-03-02'",
    ),
    "an INTEGER column holds text": (
        "SELECT id FROM orders WHERE quantity + 2 = 2",
        "SELECT id FROM orders WHERE quantity = 0",
    ),
    "coalesce under NOT keeps a missing value": (
        "SELECT id FROM orders WHERE NOT coalesce(quantity, 0) = 1",
        "SELECT id FROM orders WHERE NOT quantity = 1",
    ),
    "a CASE under NOT keeps an unknown condition": (
        "SELECT id FROM orders WHERE NOT CASE WHEN quantity > 1 THEN 1 ELSE 0 END = 1",
        "SELECT id FROM orders WHERE NOT quantity > 1",
    ),
    "one branch of UNION repeats itself": (
        "SELECT status, 'x' AS kind FROM orders UNION SELECT status, 'y' FROM orders",
        "SELECT status, 'x' AS kind FROM orders UNION ALL SELECT status, 'y' FROM orders",
    ),
    "a NULL comes first in an order and never is the minimum": (
        "SELECT account_id, quantity FROM (SELECT account_id, quantity, row_number() OVER"
        " (PARTITION BY account_id ORDER BY quantity) AS place FROM orders) AS ranked WHERE place = 1",
        "SELECT account_id, min(quantity) AS quantity FROM orders GROUP BY account_id",
    ),
    "a LIMIT before a join that multiplies": (
        "SELECT a.id, o.id AS order_id FROM accounts a LEFT JOIN orders o ON o.account_id = a.id ORDER BY a.id, o.id"
        " LIMIT 3",
        "SELECT a.id, o.id AS order_id FROM (SELECT * FROM accounts ORDER BY id LIMIT 3) a"
        " LEFT JOIN orders o ON o.account_id = a.id ORDER BY a.id, o.id",
    ),
}
_POSTGRES_TRAPS = {
    "ALL of an empty list is true": (
        "SELECT id FROM orders WHERE total >= ALL (SELECT percent FROM coupons)",
        "SELECT id FROM orders WHERE total >= (SELECT max(percent) FROM coupons)",
    ),
    "one NULL makes ALL unknown": (
        "SELECT id FROM orders WHERE total >= ALL (SELECT seconds FROM visits)",
        "SELECT id FROM orders WHERE total >= (SELECT max(seconds) FROM visits) OR NOT EXISTS (SELECT 1 FROM visits)",
    ),
    "a nullable foreign key dropped rows": (
        "SELECT o.id FROM orders o JOIN coupons c ON c.id = o.coupon_id",
        "SELECT o.id FROM orders o",
    ),
    "a keyset of two directions is no row comparison": (
        "SELECT id FROM orders WHERE total > 1 OR (total = 1 AND id < 2)",
        "SELECT id FROM orders WHERE (total, id) > (1, 2)",
    ),
}


@pytest.mark.parametrize("trap", _TRAPS)
def test_a_rewrite_without_its_guard_is_refuted_on_sqlite(trap: str) -> None:
    before, after = _TRAPS[trap]
    assert find_difference(before, after, SQLITE, "sqlite", trials=600) is not None


@pytest.mark.parametrize("trap", _POSTGRES_TRAPS)
def test_a_rewrite_without_its_guard_is_refuted_on_postgres(trap: str, postgres18: str) -> None:
    before, after = _POSTGRES_TRAPS[trap]
    assert find_difference(before, after, POSTGRES, "postgres", postgres18, trials=400) is not None
