"""SQL text to statements, and trees back to text."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from backend_mentor.domain.cell import Span
from backend_mentor.domain.errors import StatementSyntaxError
from backend_mentor.domain.statement import Parameter, Statement, StatementKind
from backend_mentor.reading.dialects import DIALECTS

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
_DEFINITIONS = (exp.Create, exp.Alter, exp.Drop, exp.TruncateTable, exp.Comment)
_QUERIES = (exp.Select, exp.SetOperation, exp.Values, exp.Subquery)


def read_statement(text: str, dialect: str, parameters: tuple[Parameter, ...] = ()) -> Statement:
    """Return the one statement of `text`; raises StatementSyntaxError where it does not parse."""
    tree = parse(text, dialect)
    return Statement(text, text, dialect, kind_of(tree), tree, Span.of(text, 0, len(text)), parameters)


def parse(sql: str, dialect: str) -> exp.Expr:
    """Return the tree of one statement; raises StatementSyntaxError with line, column and excerpt."""
    try:
        return sqlglot.parse_one(sql, read=DIALECTS[dialect])
    except (ParseError, TokenError) as error:
        raise _syntax_error(sql, error) from error


def print_sql(tree: exp.Expr, dialect: str, *, pretty: bool = False) -> str:
    """Return the tree as text that does not change its plan by being printed (see `dialects`)."""
    return tree.sql(DIALECTS[dialect], pretty=pretty)


def kind_of(tree: exp.Expr) -> StatementKind:
    """Return what a statement does; a query with a data-modifying part anywhere in it is a write."""
    if isinstance(tree, _DEFINITIONS):
        return StatementKind.DEFINITION
    if tree.find(*_WRITES):
        return StatementKind.WRITE
    return StatementKind.QUERY if isinstance(tree, _QUERIES) else StatementKind.UTILITY


def _syntax_error(sql: str, error: ParseError | TokenError) -> StatementSyntaxError:
    first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    text = sql.splitlines()[line - 1] if sql.splitlines() else ""
    excerpt = f"{text}\n{' ' * (column - 1)}^"
    what = str(first.get("description") or error).splitlines()[0].rstrip(".")
    return StatementSyntaxError(
        f"Line {line}, column {column}: {what}.",
        "Correct the SQL at the mark and run the cell again.",
        line=line,
        column=column,
        excerpt=excerpt,
    )
