"""The tables of the index ideas' examples: orders and their lines, as either engine knows them."""

TABLES = """
CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL, city text);
CREATE TABLE orders (
  id integer PRIMARY KEY, customer_id integer NOT NULL, status text, total integer, note text, placed_at text NOT NULL
);
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer NOT NULL, product text NOT NULL, amount integer NOT NULL);
"""

MANY_ROWS = """
INSERT INTO customers
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
  SELECT i, 'user' || i || '@example.com', 'city ' || (i % 20) FROM n;
INSERT INTO orders
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
  SELECT i, i % 2 + 1, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'paid' END, i % 700, NULL,
    '2026-01-' || (10 + i % 20) || ' ' || (10 + i % 13) || ':' || (10 + i % 50) FROM n;
"""
"""2,000 orders of two customers, one in a hundred of them open; 500 customers."""
