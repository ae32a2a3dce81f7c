"""Small random databases on real engines, to see whether two statements ever answer differently."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import psycopg
from sqlglot import exp

from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.domain.schema import Column, Engine, Schema, Table
from backend_mentor.domain.subject import Fact, Subject
from backend_mentor.reading.sql import parse, read_statement

Rows = list[tuple[object, ...]]
Database = dict[str, Rows]


def subject_for(
    sql: str, ddl: str, engine: str, facts: tuple[Fact, ...] = (), version: tuple[int, ...] | None = None
) -> Subject:
    """Return the subject of a statement over the tables that the real engine makes of the DDL."""
    schema = schema_of(ddl, engine)
    if version is not None:
        schema = replace(schema, engine=Engine(engine, version))
    return Subject(read_statement(sql, engine), schema, facts=frozenset(facts))


def schema_of(ddl: str, engine: str) -> Schema:
    connection = sqlite3.connect(":memory:")
    connection.executescript(ddl)
    schema = read_schema(connection)
    connection.close()
    if engine == "sqlite":
        return schema
    tables = tuple(
        replace(table, foreign_keys=tuple(replace(key, holds=True) for key in table.foreign_keys))
        for table in schema.tables
    )
    return Schema(Engine("postgres", (18, 6)), tables)


def make_databases(schema: Schema, statements: tuple[str, ...], number: int, seed: int = 1) -> Iterator[Database]:
    """Yield databases of up to 5 rows per table that obey keys, NOT NULL and foreign keys that hold."""
    chance = random.Random(seed)
    literals = [value for sql in statements for value in _literals(sql, schema.engine.name)]
    for number_of_trial in range(number):
        tables: Database = {}
        for table in _parents_first(schema):
            most = 0 if chance.random() < 0.12 else chance.choice((1, 3, 5))
            tables[table.name] = list(_rows(table, tables, literals, most, chance, schema.engine.name))
        assert number_of_trial >= 0
        yield tables


def _parents_first(schema: Schema) -> list[Table]:
    return sorted(schema.tables, key=lambda table: len(table.foreign_keys))


def _rows(
    table: Table, made: Database, literals: list[object], most: int, chance: random.Random, engine: str
) -> Iterator[tuple[object, ...]]:
    keys = table.unique_keys()
    seen: set[object] = set()
    names = [column.name for column in table.columns]
    for _ in range(most):
        row = [_value(table, column, made, literals, chance, engine) for column in table.columns]
        if any(row[i] is None and not column.nullable for i, column in enumerate(table.columns)):
            continue
        marks = [(key, tuple(row[names.index(name)] for name in key)) for key in keys]
        marks = [mark for mark in marks if None not in mark[1]]
        if any(mark in seen for mark in marks):
            continue
        seen.update(marks)
        yield tuple(row)


def _value(
    table: Table, column: Column, made: Database, literals: list[object], chance: random.Random, engine: str
) -> object:
    if column.nullable and chance.random() < 0.25:
        return None
    for key in table.foreign_keys:
        parents = made.get(key.referenced_table)
        if column.name in key.columns and key.holds and parents is not None:
            return chance.choice(parents)[0] if parents else None
    rowid = table.primary_key == (column.name,) and column.type.upper() == "INTEGER"
    kind = column.type.lower()
    if engine == "sqlite" and not rowid and chance.random() < 0.03:
        return chance.choice(["x", 1.5, "2"] if kind != "text" else ["2026", 2460000.5, "12:00"])
    if column.name.endswith("_at"):
        return _moment(literals, chance)
    if "int" in kind:
        numbers = [each for each in literals if isinstance(each, int)]
        return chance.choice(
            [0, 1, 1, 2, 3, *numbers, *(each + 1 for each in numbers), *(each - 1 for each in numbers)]
        )
    texts = [each for each in literals if isinstance(each, str) and not re.match(r"\d{4}-", each)]
    return chance.choice(["a", "b", "A", "", "2", *texts, *texts])


def _moment(literals: list[object], chance: random.Random) -> str:
    days = [date.fromisoformat(each[:10]) for each in literals if isinstance(each, str) and _is_day(each[:10])]
    days = days or [date(2026, 1, 1)]
    day = chance.choice(days) + timedelta(days=chance.choice((-366, -31, -1, 0, 0, 1, 30)))
    return f"{day.isoformat()}{chance.choice(['', ' 00:00:00', ' 12:30:00', ' 23:59:59'])}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _literals(sql: str, engine: str) -> Iterator[object]:
    for literal in parse(sql, engine).find_all(exp.Literal):
        if literal.is_string:
            yield literal.name
        elif literal.name.isdigit():
            yield int(literal.name)


class SQLiteBench:
    """Runs two statements on made-up databases in memory."""

    def __init__(self, ddl: str) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(ddl)

    def fill(self, database: Database, facts: tuple[Fact, ...]) -> None:
        for name, rows in database.items():
            self.connection.execute(f"DELETE FROM {name}")
            for row in rows:
                self.connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        for fact in facts:
            self.connection.execute(f"DELETE FROM {fact.table} WHERE NOT ({fact.holds})")

    def answer(self, sql: str) -> tuple[list[str], Rows]:
        cursor = self.connection.execute(sql)
        return [each[0] for each in cursor.description], cursor.fetchall()

    def close(self) -> None:
        self.connection.close()


class PostgresBench:
    """Runs two statements on made-up databases in one rolled-back transaction."""

    def __init__(self, ddl: str, url: str) -> None:
        self.connection = psycopg.connect(url)
        self.connection.execute("SET client_min_messages = error; SET search_path = pg_temp; SET TIME ZONE 'UTC'")
        self.connection.execute(ddl.encode())

    def fill(self, database: Database, facts: tuple[Fact, ...]) -> None:
        assert not facts
        script = [f"DELETE FROM {name}" for name in reversed(database)]
        for name, rows in database.items():
            if rows:
                values = ", ".join("(" + ", ".join(map(_quoted, row)) + ")" for row in rows)
                script.append(f"INSERT INTO {name} VALUES {values}")
        self.connection.execute("; ".join(script).encode())

    def answer(self, sql: str) -> tuple[list[str], Rows]:
        cursor = self.connection.execute(sql.encode())
        assert cursor.description is not None
        return [each.name for each in cursor.description], cursor.fetchall()

    def close(self) -> None:
        self.connection.rollback()
        self.connection.close()


def _quoted(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def find_difference(
    before: str, after: str, ddl: str, engine: str, url: str = "", facts: tuple[Fact, ...] = (), trials: int = 200
) -> tuple[Database, Rows, Rows] | None:
    """Return the first made-up database on which the statements differ; raises where the first never returned a row."""
    bench = SQLiteBench(ddl) if engine == "sqlite" else PostgresBench(ddl, url)
    ordered = parse(before, engine).args.get("order") is not None
    telling = 0
    try:
        for database in make_databases(schema_of(ddl, engine), (before, after), trials):
            bench.fill(database, facts)
            rows = [bench.answer(sql)[1] for sql in (before, after)]
            telling += bool(rows[0])
            marked = [[tuple(map(repr, row)) for row in answer] for answer in rows]
            if marked[0] != marked[1] if ordered else Counter(marked[0]) != Counter(marked[1]):
                return database, rows[0], rows[1]
    finally:
        bench.close()
    assert telling > trials // 50, f"only {telling} of {trials} databases say anything about {before}"
    return None
