"""What is bigger than the cell goes to the team, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.schema import Engine
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.sql import read_statement
from backend_mentor.rules.escalations import escalate
from tests.reading.samples import shop


def _subject(sql: str, engine: str, rows: int) -> Subject:
    tables = tuple(replace(table, rows=rows) for table in shop().tables)
    return Subject(read_statement(sql, engine), replace(shop(), engine=Engine(engine, (18,)), tables=tables))


@pytest.mark.parametrize(
    ("sql", "engine", "rows", "says"),
    [
        ("UPDATE orders SET status = 'x'", "sqlite", 1_200, "It changes every row of orders (1,200 rows)."),
        ("DELETE FROM orders", "postgres", 1_200, "It deletes every row of orders (1,200 rows)."),
        ("DROP TABLE orders", "sqlite", 1_200, "orders (1,200 rows) would be gone."),
        ("TRUNCATE orders", "postgres", 1_200, "orders (1,200 rows) would be gone."),
        ("ALTER TABLE orders DROP COLUMN note", "postgres", 10, "Code that still reads the dropped column of orders"),
        ("CREATE INDEX i ON orders (note)", "postgres", 200_000, "blocks every write to orders (200,000 rows)"),
        ("ALTER TABLE orders ALTER COLUMN id TYPE bigint", "postgres", 200_000, "This blocks orders (200,000 rows)"),
        (
            "ALTER TABLE orders ALTER COLUMN note SET NOT NULL",
            "postgres",
            200_000,
            "Add CHECK (… IS NOT NULL) NOT VALID",
        ),
        ("ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0)", "postgres", 200_000, "Add it NOT VALID"),
        ("SELECT email, password_hash FROM customers", "sqlite", 10, "The result carries customers.password_hash."),
        ("SELECT * FROM customers", "sqlite", 10, "The result carries customers.password_hash."),
        ("SELECT id FROM orders", "postgres", 900_000_000, "orders (900,000,000 rows) is outgrowing one server."),
    ],
)
def test_what_is_bigger_than_the_cell_goes_to_the_team(sql: str, engine: str, rows: int, says: str) -> None:
    assert any(says in each.text for each in escalate(_subject(sql, engine, rows), ()))


@pytest.mark.parametrize(
    ("sql", "engine", "rows", "because"),
    [
        ("UPDATE orders SET status = 'x' WHERE id = 1", "sqlite", 1_200, "it has a WHERE"),
        ("CREATE INDEX CONCURRENTLY i ON orders (note)", "postgres", 200_000, "it lets writes go on"),
        ("CREATE INDEX i ON orders (note)", "postgres", 500, "the table is small"),
        ("CREATE INDEX i ON orders (note)", "sqlite", 200_000, "SQLite has no concurrent build"),
        ("ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0) NOT VALID", "postgres", 200_000, "nothing is checked"),
        ("ALTER TABLE orders ALTER COLUMN note DROP NOT NULL", "postgres", 200_000, "no row is read"),
        ("ALTER TABLE orders ADD COLUMN a int", "postgres", 200_000, "only the catalogue changes"),
        ("SELECT email FROM customers", "sqlite", 10, "no secret is selected"),
        ("SELECT id FROM orders", "postgres", 2_000_000, "one server carries that"),
        ("DROP INDEX i", "sqlite", 10, "an index can be built again"),
    ],
)
def test_what_one_person_can_settle_stays_in_the_cell(sql: str, engine: str, rows: int, because: str) -> None:
    assert because
    assert escalate(_subject(sql, engine, rows), ()) == ()


def test_secrets_are_a_matter_of_security() -> None:
    found = escalate(_subject("SELECT password_hash FROM customers", "sqlite", 10), ())
    assert [each.responsibility for each in found] == [Responsibility.SECURITY]
