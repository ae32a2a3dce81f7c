"""The SQL dialects as this project parses and prints them."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.sqlite import SQLite
from sqlglot.generator import Generator
from sqlglot.generators.postgres import PostgresGenerator
from sqlglot.generators.sqlite import SQLiteGenerator
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.parsers.sqlite import SQLiteParser


def _write_negation(generator: Generator, node: exp.Not) -> str:
    """Write `a IS NOT NULL`, `a NOT IN (…)` as people do, not `NOT a IS NULL`."""
    inner = node.this
    if isinstance(inner, exp.Is | exp.Like | exp.ILike) and not inner.args.get("negate"):
        negated = inner.copy()
        negated.set("negate", True)
        return generator.sql(negated)
    if isinstance(inner, exp.In | exp.Between):
        text, left = generator.sql(inner), generator.sql(inner, "this")
        if text.startswith((f"{left} IN ", f"{left} BETWEEN ")):
            return f"{left} NOT{text[len(left) :]}"
    return generator.not_sql(node)


class CommaKeepingSQLite(SQLite):
    """SQLite's dialect, in which a comma join stays a comma join.

    sqlglot prints `a, b` as `a CROSS JOIN b` (its pull request 5240), and SQLite never reorders the tables of a CROSS
    JOIN (https://sqlite.org/optoverview.html#crossjoin): printing a query would change its plan.
    """

    class Parser(SQLiteParser):
        """The parser without the equal precedence of comma and JOIN, silent on what it leaves whole."""

        JOINS_HAVE_EQUAL_PRECEDENCE = False

        def _warn_unsupported(self) -> None: ...

    class Generator(SQLiteGenerator):
        """The printer, which writes a negation where people write it."""

        TRANSFORMS = {**SQLiteGenerator.TRANSFORMS, exp.Not: _write_negation}  # noqa: RUF012 - as sqlglot declares it


class QuietPostgres(Postgres):
    """Postgres's dialect without a log line for each statement that sqlglot leaves unparsed."""

    class Parser(PostgresParser):
        """The parser, which leaves such a statement whole; its kind says so."""

        def _warn_unsupported(self) -> None: ...

    class Generator(PostgresGenerator):
        """The printer, which writes a negation where people write it."""

        TRANSFORMS = {**PostgresGenerator.TRANSFORMS, exp.Not: _write_negation}  # noqa: RUF012 - as sqlglot declares it


DIALECTS: dict[str, type[Dialect]] = {"sqlite": CommaKeepingSQLite, "postgres": QuietPostgres}
