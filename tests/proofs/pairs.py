"""Pairs of statements: those that only look alike, each with the data that tells them apart, and those that are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend_mentor.domain.schema import Schema

SHOP = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, region TEXT, referrer_id INTEGER);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), status TEXT NOT NULL,
    total INTEGER, placed_at TIMESTAMP NOT NULL);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), product TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), price INTEGER);
CREATE TABLE blocked (customer_id INTEGER, reason TEXT);
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements and why they are, or are not, the same."""

    name: str
    before: str
    after: str
    because: str
    engines: tuple[str, ...] = ("sqlite", "postgres")


def with_keys_that_hold(schema: Schema) -> Schema:
    """Return the schema as it would be if every foreign key were enforced."""
    return replace(
        schema,
        tables=tuple(
            replace(table, foreign_keys=tuple(replace(key, holds=True) for key in table.foreign_keys))
            for table in schema.tables
        ),
    )


DIFFERENT = (
    Pair(
        "not-in-over-nullable",
        "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked)",
        "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = c.id)",
        "one NULL in the list leaves nothing",
    ),
    Pair(
        "not-in-nullable-left",
        "SELECT id FROM customers WHERE referrer_id NOT IN (SELECT id FROM orders)",
        "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.referrer_id)",
        "a NULL on the left is never TRUE, unless the list is empty",
    ),
    Pair(
        "not-in-to-anti-join",
        "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)",
        "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL",
        "orders.customer_id can be NULL",
    ),
    Pair(
        "in-to-join",
        "SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders)",
        "SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id",
        "two orders of a customer make two rows",
    ),
    Pair(
        "in-to-distinct-join",
        "SELECT region FROM customers WHERE id IN (SELECT customer_id FROM orders)",
        "SELECT DISTINCT c.region FROM customers c JOIN orders o ON o.customer_id = c.id",
        "two customers of a region become one row",
    ),
    Pair(
        "count-bug",
        "SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c",
        "SELECT c.id, s.n FROM customers c LEFT JOIN"
        " (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) s ON s.customer_id = c.id",
        "a customer without orders has 0, not NULL",
    ),
    Pair(
        "count-column-after-left-join",
        "SELECT c.id, count(*) AS n FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
        "SELECT c.id, count(o.id) AS n FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
        "a customer without orders counts as one row",
    ),
    Pair(
        "sum-else-zero",
        "SELECT sum(total) FILTER (WHERE status = 'paid') AS paid FROM orders",
        "SELECT sum(CASE WHEN status = 'paid' THEN total ELSE 0 END) AS paid FROM orders",
        "with no paid order the first is NULL, the second 0",
    ),
    Pair(
        "self-join-on-nullable-unique",
        "SELECT a.id FROM customers a JOIN customers b ON a.email = b.email WHERE b.region = 'north'",
        "SELECT a.id FROM customers a WHERE a.region = 'north'",
        "a NULL email joins nothing",
    ),
    Pair(
        "or-to-union",
        "SELECT region FROM customers WHERE region = 'north' OR name = 'Ada'",
        "SELECT region FROM customers WHERE region = 'north' UNION SELECT region FROM customers WHERE name = 'Ada'",
        "UNION merges customers of the same region",
    ),
    Pair(
        "or-to-union-all",
        "SELECT id FROM customers WHERE region = 'north' OR name = 'Ada'",
        "SELECT id FROM customers WHERE region = 'north' UNION ALL SELECT id FROM customers WHERE name = 'Ada'",
        "Ada of the north comes twice",
    ),
    Pair(
        "join-dropped-without-key",
        "SELECT b.reason FROM blocked b JOIN customers c ON c.id = b.customer_id",
        "SELECT b.reason FROM blocked b",
        "no foreign key says that the customer is there",
    ),
    Pair(
        "left-join-to-inner",
        "SELECT c.id, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id",
        "SELECT c.id, o.total FROM customers c JOIN orders o ON o.customer_id = c.id",
        "a customer without orders is lost",
    ),
    Pair(
        "filter-moved-into-left-join",
        "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'paid'",
        "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'paid'",
        "customers without a paid order come back",
    ),
    Pair(
        "between-next-day",
        "SELECT id FROM orders WHERE placed_at >= '2026-03-02' AND placed_at < '2026-03-03'",
        "SELECT id FROM orders WHERE placed_at BETWEEN '2026-03-02' AND '2026-03-03'",
        "midnight of the next day is in the second",
    ),
    Pair(
        "whole-number-division",
        "SELECT id FROM orders WHERE total / 60 < 5",
        "SELECT id FROM orders WHERE total < 5 * 60 - 1",
        "299 / 60 is 4",
    ),
    Pair(
        "average-by-hand",
        "SELECT avg(total) AS mean FROM orders",
        "SELECT sum(total) / count(*) AS mean FROM orders",
        "whole-number division, and count(*) counts NULLs",
    ),
    Pair(
        "having-boundary",
        "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) > 7",
        "SELECT customer_id FROM orders GROUP BY customer_id HAVING count(*) >= 7",
        "seven orders tell them apart",
    ),
    Pair(
        "union-all-to-union",
        "SELECT region FROM customers UNION ALL SELECT reason FROM blocked",
        "SELECT region FROM customers UNION SELECT reason FROM blocked",
        "duplicates",
    ),
    Pair(
        "distinct-dropped",
        "SELECT DISTINCT region FROM customers",
        "SELECT region FROM customers",
        "two customers of a region",
    ),
    Pair(
        "count-distinct",
        "SELECT count(DISTINCT region) AS n FROM customers",
        "SELECT count(region) AS n FROM customers",
        "two customers of a region",
    ),
    Pair(
        "intersect-to-exists",
        "SELECT region FROM customers INTERSECT SELECT reason FROM blocked",
        "SELECT DISTINCT region FROM customers c WHERE EXISTS (SELECT 1 FROM blocked b WHERE b.reason = c.region)",
        "INTERSECT takes NULLs for equal",
    ),
    Pair(
        "not-of-null",
        "SELECT id FROM orders WHERE NOT (total > 100)",
        "SELECT id FROM orders WHERE total IS NULL OR total <= 100",
        "NOT of unknown is unknown",
    ),
    Pair(
        "upper",
        "SELECT id FROM customers WHERE upper(name) = 'ADA'",
        "SELECT id FROM customers WHERE name = 'Ada'",
        "ada is another",
    ),
    Pair(
        "order-direction",
        "SELECT id, total FROM orders WHERE total IS NOT NULL ORDER BY total",
        "SELECT id, total FROM orders WHERE total IS NOT NULL ORDER BY total DESC",
        "the order is the other way round",
    ),
    Pair(
        "limit",
        "SELECT id FROM orders ORDER BY id LIMIT 10",
        "SELECT id FROM orders ORDER BY id LIMIT 11",
        "eleven orders tell them apart",
    ),
    Pair(
        "greater-than-all",
        "SELECT id FROM orders o WHERE NOT EXISTS (SELECT 1 FROM orders n WHERE n.total > o.total)",
        "SELECT id FROM orders o WHERE total = (SELECT max(total) FROM orders)",
        "an order without a total has none above it",
    ),
    Pair(
        "captured-column",
        "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
        "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = o.id)",
        "the inner id is another",
    ),
    Pair(
        "prefix-by-like",
        "SELECT id FROM customers WHERE substr(name, 1, 3) = 'Ada'",
        "SELECT id FROM customers WHERE name LIKE 'Ada%'",
        "LIKE of SQLite takes ADA too",
        ("sqlite",),
    ),
    Pair(
        "type-changed",
        "SELECT total AS amount FROM orders",
        "SELECT total * 1.0 AS amount FROM orders",
        "5 is not 5.0",
    ),
    Pair(
        "name-changed",
        "SELECT total AS amount FROM orders",
        "SELECT total FROM orders",
        "the column has another name",
    ),
    Pair(
        "more-than-one-row",
        "SELECT id FROM customers WHERE region IN (SELECT reason FROM blocked)",
        "SELECT id FROM customers WHERE region = (SELECT reason FROM blocked)",
        "two rows are an error on PostgreSQL, and only the first is taken on SQLite",
    ),
)

SAME = (
    Pair(
        "in-to-exists",
        "SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders)",
        "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
        "in WHERE only TRUE counts",
    ),
    Pair(
        "not-in-guarded",
        "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked WHERE customer_id IS NOT NULL)",
        "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.customer_id = c.id)",
        "neither side can be NULL",
    ),
    Pair(
        "count-bug-mended",
        "SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c",
        "SELECT c.id, coalesce(s.n, 0) AS n FROM customers c LEFT JOIN"
        " (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) s ON s.customer_id = c.id",
        "no orders count as 0",
    ),
    Pair(
        "arithmetic-moved",
        "SELECT id FROM orders WHERE total + 5 = 20",
        "SELECT id FROM orders WHERE total = 15",
        "whole numbers",
    ),
    Pair(
        "division-moved",
        "SELECT id FROM orders WHERE total > 0 AND total / 60 < 5",
        "SELECT id FROM orders WHERE total > 0 AND total < 300",
        "299 / 60 is 4 and 300 / 60 is 5",
    ),
    Pair(
        "distinct-over-key",
        "SELECT DISTINCT id, name FROM customers",
        "SELECT id, name FROM customers",
        "the key is in the list",
    ),
    Pair(
        "range-joined",
        "SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id AND o.total > 100",
        "SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 100",
        "an inner join's condition is a filter",
    ),
    Pair(
        "fewer-sort-keys",
        "SELECT id, total FROM orders ORDER BY id, total",
        "SELECT id, total FROM orders ORDER BY id",
        "id is unique",
    ),
    Pair(
        "ties-under-limit",
        "SELECT id, total FROM orders ORDER BY total LIMIT 3",
        "SELECT id, total FROM (SELECT * FROM orders ORDER BY total, id DESC) AS o ORDER BY total, id DESC LIMIT 3",
        "orders that tie may come in any order",
    ),
    Pair(
        "hidden-sort-key",
        "SELECT id FROM orders ORDER BY total",
        "SELECT id FROM orders ORDER BY total, id DESC",
        "orders that tie may come in any order",
    ),
    Pair(
        "or-to-in",
        "SELECT id FROM orders WHERE status = 'paid' OR status = 'sent' ORDER BY id DESC LIMIT 5",
        "SELECT id FROM orders WHERE status IN ('paid', 'sent') ORDER BY id DESC LIMIT 5",
        "the same by definition",
    ),
    Pair(
        "case-unwrapped",
        "SELECT id FROM orders WHERE CASE WHEN total > 10 THEN 1 ELSE 0 END = 1",
        "SELECT id FROM orders WHERE total > 10",
        "only TRUE gives 1",
    ),
    Pair(
        "unused-left-join",
        "SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id",
        "SELECT o.id FROM orders o",
        "the key finds one customer at most",
    ),
    Pair(
        "window-to-group",
        "SELECT DISTINCT status, sum(total) OVER (PARTITION BY status) AS amount FROM orders",
        "SELECT status, sum(total) AS amount FROM orders GROUP BY status",
        "each group is one partition",
    ),
)
