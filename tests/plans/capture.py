"""Capture the plan corpus anew: `python -m tests.plans.capture`, with the servers that the tests use."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg

from tests import servers

FOLDER = Path(__file__).parent / "postgres"

SCHEMA = """
CREATE TABLE accounts (id int PRIMARY KEY, name text NOT NULL, city text);
CREATE TABLE orders (id int PRIMARY KEY, account int REFERENCES accounts, placed date NOT NULL, amount numeric(10, 2));
INSERT INTO accounts SELECT n, 'account ' || n, CASE WHEN n % 5 = 0 THEN NULL ELSE 'city ' || n % 40 END
FROM generate_series(1, 2000) n;
INSERT INTO orders SELECT n, n % 2000 + 1, date '2026-01-01' + n % 300, n % 977 / 10.0 FROM generate_series(1, 40000) n;
CREATE INDEX orders_placed ON orders (placed);
CREATE INDEX orders_account ON orders (account);
CREATE TABLE events (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events SELECT date '2025-06-01' + n % 400, 'e' || n % 7 FROM generate_series(1, 3000) n;
"""

PARALLEL = (
    "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; "
    "SET max_parallel_workers_per_gather = 2; "
)

QUERIES = {
    "seq_scan": "SELECT * FROM orders WHERE amount > 97",
    "index_range": "SELECT * FROM orders WHERE id BETWEEN 10 AND 20",
    "index_only": "SELECT id FROM orders WHERE id < 100 ORDER BY id DESC",
    "bitmap_or": "SELECT * FROM orders WHERE account = 7 OR placed = date '2026-02-03'",
    "hash_join": "SELECT a.city, sum(o.amount) FROM orders o JOIN accounts a ON a.id = o.account GROUP BY a.city",
    "top_sort": "SELECT * FROM orders ORDER BY amount DESC, id LIMIT 10",
    "left_join_sort": "SELECT a.id, o.id FROM accounts a LEFT JOIN orders o ON o.account = a.id AND o.amount > 90 "
    "ORDER BY a.name, o.id",
    "correlated": "SELECT a.id, (SELECT max(o.placed) FROM orders o WHERE o.account = a.id) FROM accounts a "
    "WHERE a.city = 'city 3'",
    "not_in": "SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account FROM orders WHERE amount > 97)",
    "init_plan": "SELECT * FROM orders WHERE amount = (SELECT max(amount) FROM orders)",
    "cte_twice": "WITH totals AS MATERIALIZED (SELECT account, sum(amount) AS total FROM orders GROUP BY account) "
    "SELECT x.account FROM totals x JOIN totals y ON x.total = y.total AND x.account < y.account",
    "recursive": "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT sum(i) FROM n",
    "window": "SELECT id, rank() OVER (PARTITION BY account ORDER BY amount) FROM orders WHERE account < 50",
    "set_operation": "SELECT account FROM orders WHERE amount > 90 EXCEPT ALL "
    "SELECT id FROM accounts WHERE city IS NULL",
    "partitions": "SELECT what, count(*) FROM events WHERE at > date '2025-12-01' GROUP BY what ORDER BY what",
    "parallel": PARALLEL + "SELECT account, count(*) FROM orders WHERE amount > 3 GROUP BY account",
    "function_values": "SELECT * FROM generate_series(1, 5) g JOIN (VALUES (1, 'a, b'), (2, 'c')) v(k, t) ON v.k = g",
    "memoize": "SET enable_hashjoin = off; SET enable_mergejoin = off; "
    "SELECT count(*) FROM orders o JOIN accounts a ON a.id = o.account WHERE o.placed < date '2026-02-01'",
    "never_executed": "SELECT * FROM accounts a JOIN orders o ON o.account = a.id WHERE a.id = -1",
    "result": "SELECT 1 WHERE false",
}


def main() -> None:
    """Write each query's plan in both formats, from each server."""
    for version, start in (("18", servers.start_18), ("15", servers.start_15)):
        folder = FOLDER / version
        folder.mkdir(parents=True, exist_ok=True)
        with start() as server, psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(SCHEMA.encode())
            connection.execute("VACUUM ANALYZE")
            for name, script in QUERIES.items():
                capture(connection, folder, name, script)


def capture(connection: psycopg.Connection[tuple[object, ...]], folder: Path, name: str, script: str) -> None:
    *settings, query = script.split("; ")
    connection.execute("RESET ALL")
    for setting in settings:
        connection.execute(setting.encode())
    options = "ANALYZE, BUFFERS, VERBOSE, SETTINGS"
    connection.execute(query.encode())
    [(document,)] = connection.execute(f"EXPLAIN ({options}, FORMAT JSON) {query}".encode()).fetchall()
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")
    lines = connection.execute(f"EXPLAIN ({options}) {query}".encode()).fetchall()
    (folder / f"{name}.txt").write_text("\n".join(str(line) for (line,) in lines) + "\n")


if __name__ == "__main__":
    main()
