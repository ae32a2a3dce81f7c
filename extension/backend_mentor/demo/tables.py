"""The tables of the demo: a small trading platform, declared once for both engines."""

from __future__ import annotations

import re
from typing import Final

TABLES: Final = ("accounts", "instruments", "orders", "trades", "prices", "watchlists")
"""In the order in which foreign keys let them be filled."""

_TYPES: Final = {
    # Text is what most SQLite applications keep a moment in; its ISO form sorts as time does.
    "sqlite": {"moment": "TEXT", "instant": "TEXT", "day": "TEXT", "money": "REAL", "large": "INTEGER"},
    "postgres": {
        "moment": "timestamp",
        "instant": "timestamptz",
        "day": "date",
        "money": "numeric(14,4)",
        "large": "bigint",
    },
}

_CREATE: Final = """
CREATE TABLE accounts (
  id integer PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
  balance {money} NOT NULL,
  referred_by integer REFERENCES accounts (id),
  opened_at {instant} NOT NULL,
  closed_at {instant}
);
CREATE TABLE instruments (
  id integer PRIMARY KEY,
  symbol text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('share', 'fund', 'bond')),
  currency text NOT NULL,
  listed_on {day} NOT NULL,
  delisted_on {day}
);
CREATE TABLE orders (
  id integer PRIMARY KEY,
  account_id integer NOT NULL REFERENCES accounts (id),
  instrument_id integer NOT NULL REFERENCES instruments (id),
  side text NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity integer NOT NULL CHECK (quantity > 0),
  limit_price {money},
  status text NOT NULL CHECK (status IN ('open', 'part filled', 'filled', 'cancelled', 'rejected')),
  channel text,
  placed_at {moment} NOT NULL,
  filled_at {moment}
);
CREATE TABLE trades (
  id integer PRIMARY KEY,
  order_id integer NOT NULL REFERENCES orders (id),
  instrument_id integer NOT NULL REFERENCES instruments (id),
  quantity integer NOT NULL CHECK (quantity > 0),
  price {money} NOT NULL,
  fee {money},
  executed_at {moment} NOT NULL
);
CREATE TABLE prices (
  instrument_id integer NOT NULL REFERENCES instruments (id),
  day {day} NOT NULL,
  open {money} NOT NULL,
  high {money} NOT NULL,
  low {money} NOT NULL,
  close {money} NOT NULL,
  volume {large},
  PRIMARY KEY (instrument_id, day)
);
CREATE TABLE watchlists (
  account_id integer NOT NULL REFERENCES accounts (id),
  instrument_id integer NOT NULL REFERENCES instruments (id),
  note text,
  PRIMARY KEY (account_id, instrument_id)
)"""

# What a sensible team adds on the first day, and no more: the rest is for the review to find.
INDEXES: Final = (
    "CREATE UNIQUE INDEX accounts_email_idx ON accounts (email)",
    "CREATE UNIQUE INDEX instruments_symbol_idx ON instruments (symbol)",
    "CREATE INDEX orders_account_id_idx ON orders (account_id)",
    "CREATE INDEX orders_placed_at_idx ON orders (placed_at)",
    "CREATE INDEX trades_order_id_idx ON trades (order_id)",
    "CREATE INDEX trades_executed_at_idx ON trades (executed_at)",
    "CREATE INDEX prices_day_idx ON prices (day)",
)


_REFERENCE: Final = re.compile(r"\n  (\w+) ([^,\n]*?) REFERENCES (\w+) \(id\)")


def create_tables(engine: str, *, with_references: bool = True) -> tuple[str, ...]:
    """Return the CREATE TABLE statements for `sqlite` or `postgres`, foreign keys included where not told otherwise."""
    text = _CREATE.format(**_TYPES[engine])
    if not with_references:
        text = _REFERENCE.sub(r"\n  \1 \2", text)
    return tuple(statement.strip() for statement in text.split(";"))


def add_references() -> tuple[str, ...]:
    """Return the ALTER TABLE statements that add the foreign keys to tables made without them."""
    return tuple(
        f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {parent} (id)"
        for table, statement in zip(TABLES, create_tables("postgres"), strict=True)
        for column, _, parent in _REFERENCE.findall(statement)
    )
