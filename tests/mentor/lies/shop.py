"""The database of the suite: a shop whose columns hold NULLs, ties and repetitions, so that lies can be told apart."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from backend_mentor.databases.sqlite.connection import SQLiteDatabase

SCRIPT = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, city TEXT, referrer_id INTEGER REFERENCES customers (id),
    joined_on TEXT NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'paid', 'sent', 'void')), total INTEGER, placed_at TEXT NOT NULL,
    shipped_at TEXT);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), product TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), price INTEGER);
CREATE TABLE blocked (customer_id INTEGER, reason TEXT);
CREATE UNIQUE INDEX customers_email_idx ON customers (email);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_placed_idx ON orders (placed_at);
"""


def make_shop(path: Path) -> SQLiteDatabase:
    """Fill a file with 2,000 customers, 6,000 orders and 9,000 items, and connect to it."""
    draw = random.Random(7)
    connection = sqlite3.connect(path)
    connection.executescript(SCRIPT)
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    cities = ["Oslo", "Lima", "Cork", "Kobe", None]
    connection.executemany(
        "INSERT INTO customers VALUES (?, ?, ?, ?, ?)",
        [
            (n, f"c{n}@shop.example", draw.choice(cities), draw.choice([None, n - 1 or None]), draw.choice(days))
            for n in range(1, 2001)
        ],
    )
    statuses = ["open", "paid", "sent", "sent", "sent", "void"]
    connection.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                n,
                draw.randint(1, 2000),
                draw.choice(statuses),
                draw.choice([None, *range(1, 900, 7)]),
                f"{draw.choice(days)} {draw.randint(0, 23):02}:00:00",
                draw.choice([None, draw.choice(days)]),
            )
            for n in range(1, 6001)
        ],
    )
    products = ["lamp", "desk", "chair", "shelf"]
    connection.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?, ?)",
        [
            (
                n,
                draw.randint(1, 6000),
                draw.choice(products),
                draw.randint(1, 9),
                draw.choice([None, draw.randint(1, 99)]),
            )
            for n in range(1, 9001)
        ],
    )
    connection.executemany("INSERT INTO blocked VALUES (?, ?)", [(None, "unknown"), (5, "fraud"), (9, None)])
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return SQLiteDatabase.connect(path)
