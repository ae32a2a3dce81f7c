"""The SQL dialects as this project parses and prints them."""

from __future__ import annotations

from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.parsers.sqlite import SQLiteParser


class CommaKeepingSQLite(SQLite):
    """SQLite's dialect, in which a comma join stays a comma join.

    sqlglot prints `a, b` as `a CROSS JOIN b` (its pull request 5240), and SQLite never reorders the tables of a CROSS
    JOIN (https://sqlite.org/optoverview.html#crossjoin): printing a query would change its plan.
    """

    class Parser(SQLiteParser):
        """The parser without the equal precedence of comma and JOIN, silent on what it leaves whole."""

        JOINS_HAVE_EQUAL_PRECEDENCE = False

        def _warn_unsupported(self) -> None: ...


class QuietPostgres(Postgres):
    """Postgres's dialect without a log line for each statement that sqlglot leaves unparsed."""

    class Parser(PostgresParser):
        """The parser, which leaves such a statement whole; its kind says so."""

        def _warn_unsupported(self) -> None: ...


DIALECTS: dict[str, type[Dialect]] = {"sqlite": CommaKeepingSQLite, "postgres": QuietPostgres}
