"""The tables of the ideas' examples: a small shop, as SQLite and as Postgres know it."""

SQLITE = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, country TEXT, score INTEGER, opened_at TEXT NOT NULL
);
CREATE TABLE coupons (id INTEGER PRIMARY KEY, code TEXT, percent INTEGER NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    coupon_id INTEGER REFERENCES coupons (id),
    status TEXT NOT NULL,
    quantity INTEGER,
    total INTEGER NOT NULL,
    placed_at TEXT
);
CREATE INDEX orders_account ON orders (account_id);
CREATE INDEX orders_total ON orders (total);
CREATE TABLE visits (account_id INTEGER, page TEXT, seconds INTEGER, seen_at TEXT);
"""

POSTGRES = """
CREATE TABLE accounts (
    id integer PRIMARY KEY, email text NOT NULL UNIQUE, country text, score integer, opened_at timestamp NOT NULL
);
CREATE TABLE coupons (id integer PRIMARY KEY, code text, percent integer NOT NULL);
CREATE TABLE orders (
    id integer PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts (id),
    coupon_id integer REFERENCES coupons (id),
    status text NOT NULL,
    quantity integer,
    total integer NOT NULL,
    placed_at timestamp
);
CREATE INDEX orders_account ON orders (account_id);
CREATE INDEX orders_total ON orders (total);
CREATE TABLE visits (account_id integer, page text, seconds integer, seen_at timestamptz);
"""
