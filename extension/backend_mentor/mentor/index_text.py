"""CREATE INDEX, read as a value: nothing of its text reaches the database but names, keys and a checked condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.schema import Index, IndexColumn, Schema, Table, quote
from backend_mentor.proposals.indexes.existing import usable
from backend_mentor.reading.scanner import code, scan
from backend_mentor.reading.sql import print_sql, read_statement

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database

_HOW = "Write CREATE INDEX name ON table (columns), with a WHERE where it is partial."
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,59}")


def read_index(sql: str, schema: Schema, database: Database) -> Index:
    """Return the index that a CREATE INDEX statement makes; raises MentorError for anything else in the text.

    Refused are what is there already, a name that is taken, a column that the table lacks, a unique index (it is a
    rule on the data, which no trial of a query can judge), and a condition that does more than compare.
    """
    text = sql.strip().rstrip(";")
    if any(token.text == ";" for token in code(scan(text, schema.engine.name))):
        raise MentorError("There is more than one statement.", _HOW)
    statement = read_statement(text, schema.engine.name)
    tree = statement.tree
    if not isinstance(tree, exp.Create) or not isinstance(tree.this, exp.Index):
        raise MentorError("This is no CREATE INDEX.", _HOW)
    if tree.args.get("unique"):
        raise MentorError("A unique index is a rule on the data, and no trial of a query can judge it.", _HOW)
    target, parameters = tree.this.args.get("table"), tree.this.args.get("params")
    table = schema.table(target.name, target.db or None) if target is not None else None
    if table is None:
        raise MentorError(f"There is no table {target.name if target is not None else ''} to index.", _HOW)
    if parameters is None or not parameters.args.get("columns"):
        raise MentorError("The index has no columns.", _HOW)
    columns = tuple(_column(key, table, database) for key in parameters.args["columns"])
    include = tuple(_named(each, table) for each in parameters.args.get("include") or ())
    where = parameters.args.get("where")
    condition = _condition(where.this, table, database) if where is not None else None
    method = parameters.args.get("using")
    name = _name(tree.this.name, schema)
    index = Index(name, table.name, columns, where=condition, include=include, method=_method(method))
    _refuse_repetition(index, table)
    return index


def _column(key: exp.Expr, table: Table, database: Database) -> IndexColumn:
    descending = bool(isinstance(key, exp.Ordered) and key.args.get("desc"))
    inner = key.this if isinstance(key, exp.Ordered) else key
    collation = None
    if isinstance(inner, exp.Collate):
        collation, inner = inner.expression.name, inner.this
    if isinstance(inner, exp.Column):
        return IndexColumn(_named(inner, table), descending=descending, collation=collation)
    inner = inner.this if isinstance(inner, exp.Paren) else inner
    text = _condition(inner, table, database)
    return IndexColumn(text, expression=True, descending=descending, collation=collation)


def _named(column: exp.Expr, table: Table) -> str:
    found = table.column(column.name)
    if found is None:
        raise MentorError(f"{table.name} has no column {column.name}.", "Name columns that it has.")
    return found.name


def _condition(tree: exp.Expr, table: Table, database: Database) -> str:
    """Return an expression over the table's own columns, checked as part of a query that may run."""
    dialect = database.engine.name
    if tree.find(exp.Query):
        raise MentorError("An index can not hold a subquery.", _HOW)
    for column in tree.find_all(exp.Column):
        _named(column, table)
    text = print_sql(tree, dialect, comments=False)
    database.check(read_statement(f"SELECT 1 FROM {quote(table.name)} WHERE ({text}) IS NOT NULL", dialect))
    return text


def _name(written: str, schema: Schema) -> str:
    taken = {index.name.lower() for table in schema.tables for index in table.indexes}
    taken |= {table.name.lower() for table in schema.tables}
    if not _PLAIN_NAME.fullmatch(written) or written in taken:
        raise MentorError(f"{written or 'The index without a name'!s:.60} can not be the name of a new index.", _HOW)
    return written


def _method(method: exp.Expr | None) -> str:
    return "btree" if method is None else method.name.lower()


def _refuse_repetition(index: Index, table: Table) -> None:
    if index.where is not None or index.include:
        return
    keys = tuple((column.name.lower(), column.descending) for column in index.columns)
    for existing in usable(table):
        there = tuple((column.name.lower(), column.descending) for column in existing.columns)
        if there[: len(keys)] == keys and not any(column.expression for column in existing.columns):
            raise MentorError(f"{existing.name} on {table.name} does this already.", "Use the one that is there.")
