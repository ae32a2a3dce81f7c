"""What the fix for injected SQL makes of a statement, run on real databases with input that means harm."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, StaticPool, create_engine, text

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.linters import lint
from backend_mentor.proposals.code.editing import apply_changes, first_apart
from backend_mentor.proposals.code.security.value_bound import ValueBound
from backend_mentor.proposals.code.security.values_bound_in_branches import ValuesBoundInBranches
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code

PLAIN = """import sqlite3
from flask import Flask, request
app = Flask(__name__)
CONNECTION = sqlite3.connect(":memory:")


@app.get("/people")
def people():
    name = request.args["name"]
    return CONNECTION.execute(f"SELECT id FROM people WHERE name = '{name}'").fetchall()
"""
CORE = """from fastapi import FastAPI
from sqlalchemy import Connection, text
app = FastAPI()


@app.get("/people")
def people(name: str, connection: Connection):
    return connection.execute(text(f"SELECT id FROM people WHERE name = '{name}'")).fetchall()
"""
ROWS = [(1, "Ada"), (2, "O'Brien"), (3, "Eve")]


def fixed(code: str) -> str:
    source = read_source(Cell(code, CellKind.ENDPOINT))
    found = [each for each in find_in_code(source, lint(source.text)) if each.rule == "sql-injection"]
    change = ValueBound().change(source, found[0])
    assert change is not None
    after = apply_changes(code, source, [change])
    assert after is not None
    return after


def statement_of(code: str) -> str:
    (line,) = [each for each in code.splitlines() if "SELECT" in each]
    return line.split("return ")[1]


def run_plain(code: str, name: str) -> list[tuple[int]]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
    connection.executemany("INSERT INTO people VALUES (?, ?)", ROWS)
    try:
        return list(eval(statement_of(code), {"CONNECTION": connection, "name": name}))
    finally:
        connection.close()


def run_core(code: str, name: str) -> list[tuple[int]]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
        connection.exec_driver_sql("INSERT INTO people VALUES (?, ?)", ROWS)
        found = eval(
            statement_of(code), {"connection": connection, "text": text, "name": name, "Connection": Connection}
        )
    engine.dispose()
    return [tuple(row) for row in found]


@pytest.mark.parametrize(("code", "run"), [(PLAIN, run_plain), (CORE, run_core)], ids=["sqlite3", "sqlalchemy"])
def test_the_bound_statement_answers_the_same_to_the_harmless_and_nothing_to_the_others(
    code: str, run: Callable[[str, str], list[tuple[int]]]
) -> None:
    after = fixed(code)
    assert run(code, "Ada") == run(after, "Ada") == [(1,)]
    assert run(code, "' OR 1=1 --") == [(1,), (2,), (3,)]
    assert run(after, "' OR 1=1 --") == []
    assert run(after, "O'Brien") == [(2,)]


GROWING = """
import sqlite3


def find(connection: sqlite3.Connection, name: str | None, city: str | None, order: str = "id"):
    if order not in ("id", "name"):
        raise ValueError(order)
    query = "SELECT id FROM people WHERE 1 = 1"
    if name:
        query += f" AND name LIKE '%{name}%'"
    if city:
        query = query + " AND city = '" + city + "'"
    query += f" ORDER BY {order}"
    return connection.execute(query).fetchall()
"""
JOINED = """
import sqlite3


def find(connection: sqlite3.Connection, name: str | None, city: str | None):
    query = "SELECT id FROM people"
    conditions = []
    if name:
        conditions.append("name LIKE '%{}%'".format(name))
    if city:
        conditions.append("city = '%s'" % city)
    if conditions:
        query += " WHERE " + " AND ".join(conditions)
    query += " ORDER BY id"
    return connection.execute(query).fetchall()
"""
NAMED = """
from sqlalchemy import text


def find(connection, name: str | None, city: str | None):
    query = "SELECT id FROM people WHERE 1 = 1"
    if name:
        query += f" AND name LIKE '%{name}%'"
    if city:
        query += f" AND city = '{city}'"
    return connection.execute(text(query)).all()
"""
PEOPLE = [(1, "Ada", "Bern"), (2, "O'Brien", "Genève"), (3, "Eve", "Bern"), (4, "Adam", "Genève")]


def found_by(code: str, name: str | None, city: str | None) -> list[tuple[int]]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    names: dict[str, Callable[..., list[tuple[int]]]] = {}
    exec(compile(code, "<cell>", "exec", dont_inherit=True), names)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, city TEXT)")
        connection.exec_driver_sql("INSERT INTO people VALUES (?, ?, ?)", PEOPLE)
        given = connection if "sqlalchemy" in code else connection.connection.driver_connection
        found = [tuple(row) for row in names["find"](given, name, city)]
    engine.dispose()
    return found


@pytest.mark.parametrize("code", [GROWING, JOINED, NAMED], ids=["growing", "joined", "named"])
def test_a_statement_put_together_in_branches_answers_the_same_in_each_of_them(code: str) -> None:
    after = fixed_everywhere(code)
    for name, city, expected in [
        (None, None, [1, 2, 3, 4]),
        ("Ad", None, [1, 4]),
        (None, "Genève", [2, 4]),
        ("Ad", "Genève", [4]),
    ]:
        assert found_by(code, name, city) == found_by(after, name, city) == [(number,) for number in expected]
    assert len(found_by(code, None, "' OR 1 = 1 --")) == len(PEOPLE)
    assert found_by(after, None, "' OR 1 = 1 --") == []
    assert found_by(after, "O'B", "Genève") == [(2,)]


def fixed_everywhere(code: str) -> str:
    source = read_source(Cell(code, CellKind.ENDPOINT))
    found = [each for each in find_in_code(source, lint(source.text)) if each.rule == "sql-injection"]
    changes = first_apart(change for each in found if (change := ValuesBoundInBranches().change(source, each)))
    after = apply_changes(code, source, changes)
    assert after is not None
    assert not [
        each for each in find_in_code(read_source(Cell(after, CellKind.ENDPOINT))) if each.rule == "sql-injection"
    ]
    return after
