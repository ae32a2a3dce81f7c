"""Rewrites that look right: each answers differently on some database that the schema allows."""

# ruff: noqa: E501  a statement is one line here
from __future__ import annotations

NOT_IN = "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked)"
IN = "SELECT id, city FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE status = 'open')"
LEFT = "SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'open'"
COUNTS = "SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders FROM customers c"
SUMS = "SELECT status, sum(total) AS money, count(*) AS many FROM orders GROUP BY status"
DAY = "SELECT id, total FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-03'"
BETWEEN = "SELECT id FROM orders WHERE total BETWEEN 10 AND 20"
TOP = "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at DESC, id DESC LIMIT 5"
DISTINCT = "SELECT DISTINCT c.city FROM customers c JOIN orders o ON o.customer_id = c.id"
UNION = "SELECT customer_id FROM orders WHERE status = 'void' UNION SELECT customer_id FROM blocked"
EITHER = "SELECT id FROM orders WHERE total > 100 OR shipped_at IS NULL"
NEGATED = "SELECT id FROM orders WHERE NOT (total > 100 AND status = 'open')"
HAVING = "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) > 2"
LATEST = "SELECT o.id FROM orders o WHERE o.placed_at = (SELECT max(p.placed_at) FROM orders p WHERE p.customer_id = o.customer_id)"
AVERAGE = "SELECT product, avg(price) AS mean FROM items GROUP BY product"
EXISTS = "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"
EXCEPT = "SELECT id FROM customers EXCEPT SELECT customer_id FROM blocked"
RANK = "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS n FROM orders"
COALESCED = "SELECT id FROM orders WHERE coalesce(total, 0) < 50"
JOINED = "SELECT o.id, i.product FROM orders o JOIN items i ON i.order_id = o.id WHERE o.status = 'open'"

LIES: dict[str, tuple[tuple[str, str], ...]] = {
    "NULL in NOT IN": (
        (NOT_IN, "SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = c.id)"),
        (NOT_IN, "SELECT c.id FROM customers c LEFT JOIN blocked b ON b.customer_id = c.id WHERE b.customer_id IS NULL"),
        (NOT_IN, EXCEPT),
        (NOT_IN, "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked WHERE customer_id IS NOT NULL)"),
        (NOT_IN, "SELECT id FROM customers WHERE id NOT IN (SELECT coalesce(customer_id, 0) FROM blocked)"),
        (
            "SELECT id FROM customers WHERE referrer_id NOT IN (SELECT customer_id FROM orders)",
            "SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.referrer_id)",
        ),
    ),
    "join that multiplies or loses rows": (
        (IN, "SELECT c.id, c.city FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open'"),
        (IN, "SELECT DISTINCT c.city, c.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open'"),
        (IN, "SELECT id, city FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"),
        (IN, "SELECT id, city FROM customers WHERE id IN (SELECT id FROM orders WHERE status = 'open')"),
        (EXISTS, "SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id"),
        (EXISTS, "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL"),
        (JOINED, "SELECT DISTINCT o.id, i.product FROM orders o JOIN items i ON i.order_id = o.id WHERE o.status = 'open'"),
        (JOINED, "SELECT o.id, i.product FROM orders o LEFT JOIN items i ON i.order_id = o.id WHERE o.status = 'open'"),
        (JOINED, "SELECT o.id, i.product FROM orders o JOIN items i ON i.id = o.id WHERE o.status = 'open'"),
        (JOINED, "SELECT o.id, i.product FROM orders o, items i WHERE o.status = 'open'"),
    ),
    "outer join undone": (
        (LEFT, "SELECT c.id, o.id FROM customers c JOIN orders o ON o.customer_id = c.id AND o.status = 'open'"),
        (LEFT, "SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open'"),
        (LEFT, "SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id"),
        (
            LEFT,
            "SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id "
            "WHERE o.status = 'open' OR o.id IS NULL",
        ),
    ),
    "counts and sums": (
        (COUNTS, "SELECT c.id, n.orders FROM customers c LEFT JOIN (SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id) n ON n.customer_id = c.id"),
        (COUNTS, "SELECT c.id, count(*) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id"),
        (COUNTS, "SELECT c.id, count(o.id) AS orders FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id"),
        (COUNTS, "SELECT c.id, count(o.total) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id"),
        (SUMS, "SELECT status, sum(DISTINCT total) AS money, count(*) AS many FROM orders GROUP BY status"),
        (SUMS, "SELECT status, sum(total) AS money, count(total) AS many FROM orders GROUP BY status"),
        (SUMS, "SELECT status, coalesce(sum(total), 0) AS money, count(*) AS many FROM orders GROUP BY status"),
        (SUMS, "SELECT status, total(total) AS money, count(*) AS many FROM orders GROUP BY status"),
        (SUMS, "SELECT o.status, sum(o.total) AS money, count(*) AS many FROM orders o JOIN items i ON i.order_id = o.id GROUP BY o.status"),
        (AVERAGE, "SELECT product, sum(price) / count(price) AS mean FROM items GROUP BY product"),
        (AVERAGE, "SELECT product, avg(coalesce(price, 0)) AS mean FROM items GROUP BY product"),
        (AVERAGE, "SELECT product, sum(price) * 1.0 / count(*) AS mean FROM items GROUP BY product"),
        (HAVING, "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) >= 2"),
        (HAVING, "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(total) > 2"),
        (HAVING, "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(DISTINCT status) > 2"),
    ),
    "bounds of ranges": (
        (DAY, "SELECT id, total FROM orders WHERE placed_at BETWEEN '2026-03-02' AND '2026-03-03'"),
        (DAY, "SELECT id, total FROM orders WHERE placed_at > '2026-03-02' AND placed_at < '2026-03-03'"),
        (DAY, "SELECT id, total FROM orders WHERE placed_at = '2026-03-02'"),
        (DAY, "SELECT id, total FROM orders WHERE placed_at LIKE '2026-03%'"),
        (DAY, "SELECT id, total FROM orders WHERE placed_at >= '2026-03-02' AND placed_at <= '2026-03-02 23:59:59'"),
        (BETWEEN, "SELECT id FROM orders WHERE total > 10 AND total < 20"),
        (BETWEEN, "SELECT id FROM orders WHERE total >= 10 AND total < 20"),
        (BETWEEN, "SELECT id FROM orders WHERE total NOT BETWEEN 20 AND 10"),
        (BETWEEN, "SELECT id FROM orders WHERE total BETWEEN 20 AND 10"),
        (BETWEEN, "SELECT id FROM orders WHERE total IN (10, 20)"),
    ),
    "order and limit": (
        (TOP, "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at, id LIMIT 5"),
        (TOP, "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at DESC, id DESC LIMIT 6"),
        (TOP, "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at DESC, id DESC LIMIT 5 OFFSET 1"),
        (TOP, "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY id DESC, placed_at DESC LIMIT 5"),
        (TOP, "SELECT id, placed_at FROM (SELECT * FROM orders ORDER BY placed_at DESC, id DESC LIMIT 5) WHERE status = 'paid'"),
        (TOP, "SELECT placed_at, id FROM orders WHERE status = 'paid' ORDER BY placed_at DESC, id DESC LIMIT 5"),
        (TOP, "SELECT id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at DESC, id ASC LIMIT 5"),
    ),
    "lost DISTINCT and set operations": (
        (DISTINCT, "SELECT c.city FROM customers c JOIN orders o ON o.customer_id = c.id"),
        (DISTINCT, "SELECT c.city FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"),
        (DISTINCT, "SELECT DISTINCT city FROM customers"),
        (DISTINCT, "SELECT DISTINCT c.city FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.city IS NOT NULL"),
        (UNION, "SELECT customer_id FROM orders WHERE status = 'void' UNION ALL SELECT customer_id FROM blocked"),
        (UNION, "SELECT customer_id FROM orders WHERE status = 'void' INTERSECT SELECT customer_id FROM blocked"),
        (UNION, "SELECT DISTINCT o.customer_id FROM orders o JOIN blocked b ON b.customer_id = o.customer_id WHERE o.status = 'void'"),
        (EXCEPT, "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked)"),
        (EXCEPT, "SELECT customer_id FROM blocked EXCEPT SELECT id FROM customers"),
    ),
    "three-valued logic": (
        (EITHER, "SELECT id FROM orders WHERE total > 100 UNION ALL SELECT id FROM orders WHERE shipped_at IS NULL"),
        (EITHER, "SELECT id FROM orders WHERE NOT (coalesce(total, 0) <= 100 AND shipped_at IS NOT NULL) AND total IS NOT NULL"),
        (EITHER, "SELECT id FROM orders WHERE total > 100 AND shipped_at IS NULL"),
        (EITHER, "SELECT id FROM orders WHERE total >= 100 OR shipped_at IS NULL"),
        (NEGATED, "SELECT id FROM orders WHERE NOT total > 100 AND NOT status = 'open'"),
        (NEGATED, "SELECT id FROM orders WHERE total <= 100 AND status <> 'open'"),
        (NEGATED, "SELECT id FROM orders WHERE (total <= 100 OR total IS NULL) OR status <> 'open'"),
        (COALESCED, "SELECT id FROM orders WHERE total < 50"),
        (COALESCED, "SELECT id FROM orders WHERE total < 50 AND total IS NOT NULL"),
        (COALESCED, "SELECT id FROM orders WHERE coalesce(total, 50) < 50"),
        (COALESCED, "SELECT id FROM orders WHERE ifnull(total, 0) <= 50"),
    ),
    "groups and windows": (
        (LATEST, "SELECT max(id) FROM orders GROUP BY customer_id"),
        (LATEST, "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS n FROM orders) WHERE n = 1"),
        (LATEST, "SELECT o.id FROM orders o WHERE o.placed_at = (SELECT max(p.placed_at) FROM orders p)"),
        (LATEST, "SELECT id FROM orders GROUP BY customer_id HAVING placed_at = max(placed_at)"),
        (RANK, "SELECT id, rank() OVER (PARTITION BY customer_id ORDER BY placed_at) AS n FROM orders"),
        (RANK, "SELECT id, row_number() OVER (ORDER BY placed_at, id) AS n FROM orders"),
        (RANK, "SELECT id, count(*) OVER (PARTITION BY customer_id) AS n FROM orders"),
    ),
}  # fmt: skip

TRUTHS: tuple[tuple[str, str], ...] = (
    (IN, "SELECT c.id, c.city FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open')"),
    (IN, "WITH open_ones AS (SELECT DISTINCT customer_id FROM orders WHERE status = 'open') SELECT c.id, c.city FROM customers c JOIN open_ones p ON p.customer_id = c.id"),
    (EXISTS, "SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders)"),
    (EXISTS, "SELECT DISTINCT c.id FROM customers c JOIN orders o ON o.customer_id = c.id"),
    (COUNTS, "SELECT c.id, count(o.id) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id"),
    (COUNTS, "SELECT c.id, coalesce(n.orders, 0) AS orders FROM customers c LEFT JOIN (SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id) n ON n.customer_id = c.id"),
    (BETWEEN, "SELECT id FROM orders WHERE total >= 10 AND total <= 20"),
    (BETWEEN, "SELECT id FROM orders WHERE NOT (total < 10 OR total > 20)"),
    (DAY, "SELECT id, total FROM orders WHERE NOT (placed_at < '2026-03-02') AND placed_at < '2026-03-03'"),
    (EITHER, "SELECT id FROM orders WHERE shipped_at IS NULL OR total > 100"),
    (EITHER, "SELECT id FROM orders WHERE NOT (total <= 100 AND shipped_at IS NOT NULL)"),
    (EITHER, "SELECT id FROM orders WHERE total > 100 UNION SELECT id FROM orders WHERE shipped_at IS NULL"),
    (NEGATED, "SELECT id FROM orders WHERE status <> 'open' OR total <= 100"),
    (COALESCED, "SELECT id FROM orders WHERE total IS NULL OR total < 50"),
    (HAVING, "SELECT customer_id FROM (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) WHERE n > 2"),
    (HAVING, "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(id) >= 3"),
    (DISTINCT, "SELECT DISTINCT c.city FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"),
    (DISTINCT, "SELECT c.city FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.city"),
    (UNION, "SELECT DISTINCT customer_id FROM (SELECT customer_id FROM orders WHERE status = 'void' UNION ALL SELECT customer_id FROM blocked)"),
    (EXCEPT, "SELECT DISTINCT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = c.id)"),
    (EXCEPT, "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked WHERE customer_id IS NOT NULL)"),
    (LEFT, "SELECT c.id, o.id FROM customers c LEFT JOIN (SELECT id, customer_id FROM orders WHERE status = 'open') o ON o.customer_id = c.id"),
    (LATEST, "SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM orders p WHERE p.customer_id = o.customer_id AND p.placed_at > o.placed_at)"),
    (LATEST, "SELECT id FROM (SELECT id, rank() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS n FROM orders) WHERE n = 1"),
    (RANK, "SELECT o.id, (SELECT count(*) FROM orders p WHERE p.customer_id = o.customer_id AND (p.placed_at, p.id) <= (o.placed_at, o.id)) AS n FROM orders o"),
    (SUMS, "SELECT status, sum(total) AS money, count(id) AS many FROM orders GROUP BY status"),
    (AVERAGE, "SELECT product, avg(price) AS mean FROM items WHERE product IS NOT NULL GROUP BY product"),
    (JOINED, "SELECT o.id, i.product FROM items i JOIN (SELECT id FROM orders WHERE status = 'open') o ON o.id = i.order_id"),
    (NOT_IN, "SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = c.id OR b.customer_id IS NULL)"),
    (TOP, "SELECT id, placed_at FROM (SELECT id, placed_at FROM orders WHERE status = 'paid') ORDER BY placed_at DESC, id DESC LIMIT 5"),
)  # fmt: skip
