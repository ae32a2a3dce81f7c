"""The SQL inside code, reviewed on a real database: where its findings stand, and what becomes of a better version."""

from __future__ import annotations

import sqlite3
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.databases.registry import connect
from backend_mentor.domain.proposal import ProposalKind
from backend_mentor.domain.review import Review
from backend_mentor.pipeline import review

SCHEMA = """
CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made_on TEXT NOT NULL);
CREATE INDEX parts_made_on ON parts (made_on);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
INSERT INTO parts SELECT n, 'part ' || n, date('2026-01-01', '+' || (n % 300) || ' days') FROM numbers;
ANALYZE;
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("sql") / "parts.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    connection.close()
    database = connect(f"sqlite:///{path}")
    yield database
    database.close()


def reviewed(database: Database, code: str) -> Review:
    return review(textwrap.dedent(code).lstrip("\n"), database)


LITERAL = '''
    import sqlalchemy

    def of_day(session):
        return session.execute(
            sqlalchemy.text(
                """
                SELECT name
                FROM parts
                WHERE date(made_on) = '2026-03-02'
                """
            )
        ).all()
'''


def test_a_finding_of_the_sql_stands_on_the_line_of_code_that_holds_it(parts: Database) -> None:
    (inside,) = reviewed(parts, LITERAL).further
    (found,) = [each for each in inside.findings if each.rule == "function-on-column"]
    assert found.place.span is not None
    line = textwrap.dedent(LITERAL).lstrip("\n").splitlines()[found.place.span.line - 1]
    assert line[found.place.span.column - 1 :].startswith("date(made_on)")


def test_a_proved_statement_is_offered_as_a_change_of_the_code_with_its_own_proof(parts: Database) -> None:
    (offer,) = [each for each in reviewed(parts, LITERAL).proposals if each.name == "date-text-to-range"]
    assert offer.kind is ProposalKind.CODE
    assert offer.proof.trials is not None
    assert offer.proof.verdict.startswith("equivalent by rule")
    assert "WHERE made_on >= '2026-03-02' AND made_on < '2026-03-03'" in offer.after
    assert offer.after.startswith("import sqlalchemy\n")
    assert compile(offer.after, "cell", "exec")


def test_a_statement_that_sqlalchemy_puts_together_is_planned_on_the_database(parts: Database) -> None:
    code = """
        from sqlalchemy import func, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase): ...

        class Part(Base):
            __tablename__ = "parts"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            made_on: Mapped[str]

        def of_day(session, day):
            return session.scalars(select(Part).where(func.lower(Part.made_on) == day)).all()
    """
    (inside,) = reviewed(parts, code).further
    assert inside.statement.endswith("WHERE lower(parts.made_on) = :day")
    assert inside.plan is not None
    assert inside.line == 13
    assert all(each.place.span is not None and each.place.span.line == 13 for each in inside.findings)


def test_a_mapped_class_of_another_database_is_passed_over_in_silence(parts: Database) -> None:
    code = """
        from sqlalchemy import select
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase): ...

        class Ship(Base):
            __tablename__ = "ships"
            id: Mapped[int] = mapped_column(primary_key=True)

        def ships(session):
            return session.scalars(select(Ship)).all()
    """
    result = reviewed(parts, code)
    assert result.further == ()
    assert result.skipped == ()


def test_literal_sql_that_the_database_can_not_plan_is_said_once_for_all_its_lines(parts: Database) -> None:
    code = """
        import sqlite3

        def both(cursor):
            cursor.execute("SELECT id FROM ships")
            cursor.execute("SELECT id FROM ships")
    """
    (skipped,) = reviewed(parts, code).skipped
    assert skipped.stage == "the SQL on lines 4 and 5"
    assert "ships" in skipped.reason


def test_code_whose_only_fault_is_in_its_sql_is_told_so(parts: Database) -> None:
    code = """
        import sqlite3

        def of_day(cursor):
            cursor.execute("SELECT name FROM parts WHERE date(made_on) = '2026-03-02'")
    """
    assert reviewed(parts, code).conclusion.startswith(
        "Nothing in the code itself calls for a change; the SQL on line 4 does: "
    )
