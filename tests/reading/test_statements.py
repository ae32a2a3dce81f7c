"""Statements are cut, placed, and their faults shown where they stand."""

from __future__ import annotations

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import CellError, StatementSyntaxError
from backend_mentor.domain.statement import Statement, StatementKind
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.statements import read_statements


def _read(text: str, dialect: str = "sqlite") -> tuple[Statement, ...]:
    return read_statements(read_cell(text, dialect=dialect), dialect)


@pytest.mark.parametrize(
    ("text", "dialect", "statements"),
    [
        ("SELECT 1; SELECT 2;;", "sqlite", ["SELECT 1", "SELECT 2"]),
        ("-- first\nSELECT ';' ; -- tail\n\nselect \"a;b\" /* ; */ ;", "sqlite", ["SELECT ';'", 'select "a;b"']),
        ("SELECT 1\r\n;SELECT 2", "postgres", ["SELECT 1", "SELECT 2"]),
        ("DO $$ begin a; end $$; SELECT 1", "postgres", ["DO $$ begin a; end $$", "SELECT 1"]),
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM a; SELECT CASE WHEN 1 THEN 2 END; END; SELECT 1",
            "sqlite",
            ["CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM a; SELECT CASE WHEN 1 THEN 2 END; END", "SELECT 1"],
        ),
        ("%%sql --save a\nSELECT 1", "sqlite", ["SELECT 1"]),
        ("EXPLAIN QUERY PLAN SELECT 1", "sqlite", ["SELECT 1"]),
        ("EXPLAIN (ANALYZE, BUFFERS) SELECT 1", "postgres", ["SELECT 1"]),
        ("EXPLAIN ANALYZE VERBOSE (SELECT 1)", "postgres", ["(SELECT 1)"]),
    ],
)
def test_a_cell_is_cut_into_its_statements_each_in_its_place(text: str, dialect: str, statements: list[str]) -> None:
    found = _read(text, dialect)
    assert [each.text for each in found] == statements
    assert [text[each.span.start : each.span.end] for each in found] == statements


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT 1", StatementKind.QUERY),
        ("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", StatementKind.WRITE),
        ("SELECT * INTO u FROM t", StatementKind.WRITE),
        ("INSERT INTO t VALUES (1)", StatementKind.WRITE),
        ("COPY t FROM '/x'", StatementKind.UTILITY),
        ("CREATE EXTENSION pg_trgm", StatementKind.DEFINITION),
        ("ALTER TABLE t ADD COLUMN a int", StatementKind.DEFINITION),
        ("VACUUM t", StatementKind.UTILITY),
        ("REINDEX TABLE t", StatementKind.DEFINITION),
        ("SAVEPOINT a", StatementKind.UTILITY),
        ("SHOW work_mem", StatementKind.UTILITY),
    ],
)
def test_a_statement_is_known_by_what_it_does(text: str, kind: StatementKind) -> None:
    assert _read(text, "postgres")[0].kind is kind


@pytest.mark.parametrize(
    ("text", "line", "column", "says", "remedy"),
    [
        ("SELECT * FORM t", 1, 10, "`FORM` is no SQL word.", "Write FROM in its place."),
        ("SELCT * FROM t", 1, 1, "`SELCT` is no SQL word.", "Write SELECT in its place."),
        ("SELECT *\nFROM t\n WEHRE a = 1", 3, 2, "`WEHRE` is no SQL word.", "Write WHERE in its place."),
        ("SELECT 1;\nSELECT a b c FROM t", 2, 12, "`c` is not expected here.", "Is a comma missing after `b`?"),
        ("SELECT a, FROM t", 1, 9, "the comma before `FROM` has nothing after it.", "Remove the comma."),
        ("SELECT a FROM t GROUP a", 1, 23, "BY is missing after GROUP.", "Write GROUP BY."),
        ("SELECT a FROM t WHERE a = 'x", 1, 27, "the string that opens here is never closed.", "Close it with '"),
        ('SELECT "a FROM t', 1, 8, "the quoted name that opens here is never closed.", 'Close it with "'),
        ("SELECT (1 FROM t", 1, 8, "the parenthesis that opens here is never closed.", "Close it with )."),
        ("SELECT a FROM t WHERE (a = 1))", 1, 30, "this parenthesis closes nothing.", "Remove it"),
        ("SELECT 1 /* x", 1, 10, "the comment that opens here is never closed.", "Close it with */."),
        ("SELECT * FROM t WHERE", 1, 22, "something is missing after `WHERE`.", "Correct the SQL at the mark"),
        ("SELECT * FROM t WHERE {{since}} ande a = 1", 1, 33, "`ande` is no SQL word.", "Write AND in its place."),
    ],
)
def test_a_fault_is_shown_at_its_line_and_column(text: str, line: int, column: int, says: str, remedy: str) -> None:
    with pytest.raises(StatementSyntaxError) as caught:
        read_statements(Cell(text, CellKind.SQL), "sqlite", None, {"since": 1})
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert error.what == f"Line {line}, column {column}: {says}"
    assert error.remedy.startswith(remedy)
    shown, caret = error.excerpt.split("\n")
    assert shown == text.split("\n")[line - 1]
    assert caret.index("^") == column - 1


def test_a_long_line_is_cut_around_the_place() -> None:
    with pytest.raises(StatementSyntaxError) as caught:
        _read("SELECT " + ", ".join(f"column_{number}" for number in range(200)) + " FORM t")
    shown, caret = caught.value.excerpt.split("\n")
    assert len(shown) <= 102
    assert shown[caret.index("^") :].startswith("FORM")


def test_a_statement_that_nests_too_deeply_is_said_to_do_so() -> None:
    with pytest.raises(CellError, match="nests too deeply"):
        _read("SELECT " + "(" * 3000 + "1" + ")" * 3000)


def test_five_thousand_conditions_are_read() -> None:
    assert _read("SELECT 1 WHERE " + " AND ".join(f"1 = {each}" for each in range(5000)))[0].kind is StatementKind.QUERY
