"""Placeholders come back as the author wrote them, or not at all where that would change what they mean."""

from __future__ import annotations

import pytest

from backend_mentor.domain.statement import Parameter, Statement, StatementKind
from backend_mentor.reading.sql import kind_of, parse


def statement(sql: str, *written: tuple[str, str]) -> Statement:
    parameters = tuple(Parameter(text, marker, 1, "a test") for text, marker in written)
    return Statement(sql, sql, "sqlite", StatementKind.QUERY, parse(sql, "sqlite"), parameters=parameters)


def test_a_name_comes_back_wherever_it_stands() -> None:
    before = statement("SELECT :a, :ab", ("{{a}}", ":a"), ("{{ab}}", ":ab"))
    assert before.as_written("SELECT :ab UNION SELECT :a UNION SELECT :ab") == (
        "SELECT {{ab}} UNION SELECT {{a}} UNION SELECT {{ab}}"
    )


def test_a_question_mark_comes_back_while_the_order_is_kept() -> None:
    before = statement("SELECT :p1 + 1, :p2", ("?", ":p1"), ("?", ":p2"))
    assert before.as_written("SELECT 1 + :p1, :p2") == "SELECT 1 + ?, ?"


@pytest.mark.parametrize("after", ["SELECT :p2, :p1", "SELECT :p1", "SELECT :p1, :p2, :p1"])
def test_a_question_mark_stays_named_where_its_order_changed(after: str) -> None:
    before = statement("SELECT :p1, :p2", ("?", ":p1"), ("?", ":p2"))
    assert before.as_written(after) == after


@pytest.mark.parametrize("sql", ["COPY t TO PROGRAM 'cat'", "COPY t FROM '/etc/passwd'", "COPY (SELECT 1) TO STDOUT"])
def test_copy_is_nothing_that_could_be_explained(sql: str) -> None:
    assert kind_of(parse(sql, "postgres")) is StatementKind.UTILITY
