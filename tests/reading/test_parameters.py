"""Placeholders are found where they stand for a value, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from backend_mentor.domain.statement import Statement
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.parameters import VariableError
from backend_mentor.reading.statements import read_statements
from tests.reading.samples import read


def _read(text: str, dialect: str) -> Statement:
    return read_statements(read_cell(text, dialect=dialect), dialect, None, {"since": date(2026, 1, 2)})[0]


@pytest.mark.parametrize(
    ("text", "dialect", "sql"),
    [
        ("SELECT a FROM t WHERE a = ? AND b = ?", "sqlite", "SELECT a FROM t WHERE a = :p1 AND b = :p2"),
        ("SELECT a FROM t WHERE a = :x OR b = :x", "sqlite", "SELECT a FROM t WHERE a = :x OR b = :x"),
        ("SELECT a FROM t WHERE a = ?2 OR b = @y", "sqlite", "SELECT a FROM t WHERE a = :p2 OR b = :y"),
        ("SELECT a FROM t WHERE a > {{since}}", "sqlite", "SELECT a FROM t WHERE a > :since"),
        ("SELECT a FROM t LIMIT %s OFFSET %(skip)s", "sqlite", "SELECT a FROM t LIMIT :p1 OFFSET :skip"),
        ("SELECT a FROM t WHERE a = ? AND b = :x", "postgres", "SELECT a FROM t WHERE a = $1 AND b = $2"),
        ("SELECT a FROM t WHERE a = $2 AND b > {{since}}", "postgres", "SELECT a FROM t WHERE a = $2 AND b > $3"),
    ],
)
def test_a_placeholder_is_spelled_for_the_engine(text: str, dialect: str, sql: str) -> None:
    statement = _read(text, dialect)
    assert statement.text == text
    assert statement.sql == sql
    assert statement.as_written(sql) == text


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("SELECT '? :a $1 %s {{since}}' -- ? :a\n/* $1 */ FROM t", "sqlite"),
        ("SELECT a::int, b ? 'k', c ?| ARRAY['k'], d[1:n], e % 2 FROM t WHERE f LIKE '%s'", "postgres"),
        ("SELECT a %s FROM t", "postgres"),
        ("SELECT $$ :a ? $1 $$, $q$ %s $q$, E'it\\'s :a', \":b\"", "postgres"),
        ('SELECT [a?], `:b`, ":c" FROM t', "sqlite"),
    ],
)
def test_what_only_looks_like_a_placeholder_is_left_alone(text: str, dialect: str) -> None:
    statement = _read(text, dialect)
    assert statement.parameters == ()
    assert statement.sql == text


@pytest.mark.parametrize(
    ("text", "value", "source"),
    [
        ("SELECT id FROM orders WHERE status = ?", "paid", "the most common orders.status"),
        ("SELECT id FROM orders o WHERE :s = o.status", "paid", "the most common orders.status"),
        ("SELECT id FROM orders WHERE status IN (?)", "paid", "the most common orders.status"),
        ("SELECT id FROM orders LIMIT ?", 10, "a page of 10 rows"),
        ("SELECT id FROM orders LIMIT 5 OFFSET ?", 0, "the first page"),
        ("SELECT ? + 1", 1, "a default, since no column is compared with it"),
        ("SELECT id FROM orders WHERE note = ?", "a", "a default for orders.note, since no statistics are known"),
    ],
)
def test_a_placeholder_takes_a_typical_value_and_says_so(text: str, value: object, source: str) -> None:
    parameter = read(text).parameters[0]
    assert (parameter.value, parameter.source) == (value, source)


def test_a_range_begins_in_the_middle_of_the_column() -> None:
    parameter = read("SELECT id FROM orders WHERE placed_at >= ?").parameters[0]
    assert str(parameter.value).startswith("2026-0")
    assert parameter.source == "the middle of the range of orders.placed_at"


def test_a_notebook_variable_is_bound_and_named() -> None:
    parameter = _read("SELECT a FROM t WHERE a > {{ since }}", "postgres").parameters[0]
    assert (parameter.value, parameter.source) == (date(2026, 1, 2), "notebook variable since")


def test_a_variable_that_is_missing_brings_the_nearest_name() -> None:
    with pytest.raises(VariableError) as caught:
        _read("SELECT {{sinc}}", "sqlite")
    assert caught.value.what == "The notebook has no variable sinc."
    assert caught.value.remedy == "Did you mean since?"


def test_a_variable_that_is_no_plain_value_is_refused() -> None:
    with pytest.raises(VariableError, match="ids is a list; only text, numbers, dates"):
        read("SELECT {{ids}}", {"ids": [1, 2]})
