"""The SQL dialects as this project parses and prints them."""

from __future__ import annotations

from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite
from sqlglot.parsers.sqlite import SQLiteParser


class CommaKeepingSQLite(SQLite):
    """SQLite's dialect, in which a comma join stays a comma join.

    sqlglot prints `a, b` as `a CROSS JOIN b` (its pull request 5240), and SQLite never reorders the tables of a CROSS
    JOIN (https://sqlite.org/optoverview.html#crossjoin): printing a query would change its plan.
    """

    class Parser(SQLiteParser):
        """The parser without the equal precedence of comma and JOIN."""

        JOINS_HAVE_EQUAL_PRECEDENCE = False


DIALECTS: dict[str, type[Dialect]] = {"sqlite": CommaKeepingSQLite, "postgres": Postgres}
