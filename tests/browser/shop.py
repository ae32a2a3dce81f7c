"""The database that the browser tests review on: small, and with one query to improve."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SLOW = "SELECT id, name\nFROM parts\nWHERE date(made_on) = '2026-03-02'"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

HOSTILE = "<img src=x onerror=window.hurt=1>"

_SCRIPT = f"""
CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made_on TEXT NOT NULL);
CREATE INDEX parts_made_on ON parts (made_on);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO parts SELECT i, 'part ' || i, date('2026-01-01', '+' || (i % 90) || ' days') || ' 10:00:00' FROM n;
CREATE TABLE "{HOSTILE}" ("{HOSTILE}" TEXT);
ANALYZE;
"""


def make_shop(path: Path) -> None:
    """Make the database in a new file."""
    connection = sqlite3.connect(path)
    connection.executescript(_SCRIPT)
    connection.close()
