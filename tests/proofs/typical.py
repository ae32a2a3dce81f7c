"""Typical queries of a shop, to see how many of their mutants the trial databases tell from them."""

from __future__ import annotations

TYPICAL = (
    "SELECT id, total FROM orders WHERE status = 'paid' AND total > 100",
    "SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'sent'",
    "SELECT c.id, count(o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
    "SELECT customer_id, sum(total) AS amount FROM orders GROUP BY customer_id HAVING count(*) > 3",
    "SELECT DISTINCT c.region FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total >= 50",
    "SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked WHERE customer_id IS NOT NULL)",
    "SELECT id, placed_at FROM orders WHERE placed_at >= '2026-03-01' AND placed_at < '2026-04-01'"
    " ORDER BY placed_at DESC, id LIMIT 5",
    "SELECT o.id, sum(i.quantity * i.price) AS amount FROM orders o JOIN items i ON i.order_id = o.id"
    " WHERE o.status <> 'cancelled' GROUP BY o.id HAVING sum(i.quantity * i.price) > 200",
    "SELECT region FROM customers WHERE region IS NOT NULL UNION SELECT reason FROM blocked WHERE reason IS NOT NULL",
    "SELECT id, CASE WHEN total > 1000 THEN 'large' WHEN total > 100 THEN 'medium' ELSE 'small' END AS size"
    " FROM orders",
    "SELECT c.id FROM customers c WHERE EXISTS"
    " (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total BETWEEN 10 AND 20)",
    "SELECT product, max(price) AS highest, min(price) AS lowest FROM items WHERE quantity > 2 OR price < 10"
    " GROUP BY product ORDER BY product",
    "SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) AS best FROM customers c"
    " WHERE c.email LIKE 'a%'",
)
