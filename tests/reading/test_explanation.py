"""A statement is told in plain words: the user's names, the real row counts, the plan's own order."""

from __future__ import annotations

import pytest

from backend_mentor.domain.subject import Subject
from backend_mentor.reading.explanation import explain
from backend_mentor.reading.explanation.wording import count, day, listed, small, value
from backend_mentor.reading.sql import read_statement
from tests.reading.samples import shop, subject


def _where(condition: str) -> str:
    steps = explain(subject(f"SELECT id FROM orders WHERE {condition}")).steps
    return next(step.text for step in steps if step.clause == "WHERE").removeprefix("Keeps the rows where ")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("status = 'open'", "status is 'open'."),
        ("'open' = status", "status is 'open'."),
        ("5 < quantity", "quantity is above 5."),
        ("status <> 'open'", "status is not 'open'."),
        ("quantity >= 10000", "quantity is 10,000 or more."),
        ("quantity BETWEEN 1 AND 5", "quantity is between 1 and 5."),
        ("quantity NOT BETWEEN 1 AND 5", "quantity is not between 1 and 5."),
        ("status IN ('open', 'paid', 'lost')", "status is 'open', 'paid' or 'lost'."),
        ("status NOT IN ('open', 'paid')", "status is neither 'open' nor 'paid'."),
        ("id IN (1,2,3,4,5,6,7,8)", "id is one of 8 values."),
        ("note IS NULL", "note is NULL."),
        ("note IS NOT NULL", "note is not NULL."),
        ("note LIKE 'a%'", "note begins with 'a'."),
        ("note LIKE '%a'", "note ends with 'a'."),
        ("note NOT LIKE '%a%'", "note does not contain 'a'."),
        ("note LIKE 'a_b%'", "note matches the pattern 'a_b%'."),
        ("date(placed_at) = '2026-03-02'", "placed_at falls on 2 March 2026."),
        ("strftime('%Y-%m', placed_at) = '2026-03'", "placed_at falls in March 2026."),
        ("placed_at >= '2026-03-02' AND placed_at < '2026-03-03'", "placed_at falls on 2 March 2026."),
        ("placed_at >= '2026-03-01' AND placed_at < '2026-04-01'", "placed_at falls in March 2026."),
        ("placed_at >= '2026-03-01'", "placed_at is on or after 1 March 2026."),
        ("placed_at > '2026-03-01'", "placed_at is after the start of 1 March 2026."),
        ("placed_at <= '2026-03-01'", "placed_at is at or before the start of 1 March 2026."),
        (
            "placed_at BETWEEN '2026-03-01' AND '2026-03-31'",
            "placed_at is from 1 March 2026 to the first instant of 31 March 2026.",
        ),
        ("(status = 'open' OR quantity > 5) AND note IS NULL", "(status is 'open' or quantity is above 5) and note"),
        ("lower(status) = 'open'", "status in lower case is 'open'."),
        ("customer_id IN (SELECT id FROM customers WHERE country = 'FR')", "customer_id is among the id of customers"),
        (
            "NOT EXISTS (SELECT 1 FROM items WHERE order_id = orders.id)",
            "items holds no row where order_id equals orders.id.",
        ),
        ("quantity > (SELECT avg(quantity) FROM orders)", "quantity is above the result of a subquery (the average"),
        ("status = :state", "status is :state ('paid' here)."),
        ("status GLOB 'o*'", "`status GLOB 'o*'`."),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: str, words: str) -> None:
    assert words.rstrip(".") in _where(condition)


@pytest.mark.parametrize(
    ("sql", "summary"),
    [
        (
            "SELECT o.id, c.email FROM orders o CROSS JOIN customers c ON c.id = o.customer_id "
            "WHERE date(o.placed_at) = '2026-03-02' ORDER BY o.quantity DESC LIMIT 10",
            "Reads orders (1,200 rows) from end to end, keeps those where orders.placed_at falls on 2 March 2026, "
            "looks up each one's row in customers (100 rows) by its primary key, sorts them and returns the ten with "
            "the highest orders.quantity.",
        ),
        (
            "SELECT id FROM orders WHERE customer_id = 7 ORDER BY placed_at LIMIT 1",
            "Finds rows of orders (1,200 rows) by the index orders_customer, keeps those where customer_id is 7, sorts "
            "them and returns the oldest by placed_at.",
        ),
        (
            "SELECT status, count(*) AS n FROM orders GROUP BY status HAVING count(*) > 5 ORDER BY n DESC",
            "Reads orders (1,200 rows) from end to end, groups them by status, keeps the groups where the number of "
            "rows is above 5, sorts them by n, highest first, and returns the number of rows for each.",
        ),
        (
            "SELECT id, (SELECT c.email FROM customers c WHERE c.id = o.customer_id) FROM orders o",
            "looks up for each row the email of customers where",
        ),
        (
            "SELECT id FROM orders WHERE status = NULL",
            "keeps those where status compared with NULL is true, which no row meets,",
        ),
        (
            "SELECT max(placed_at) FROM orders",
            "Goes straight to one end of the index orders_placed of orders (1,200 rows) and returns one row: the "
            "highest placed_at.",
        ),
        (
            "SELECT id FROM orders ORDER BY placed_at DESC LIMIT 3",
            "Reads the whole index orders_placed of orders (1,200 rows), not the table, and stops at the three newest "
            "by placed_at.",
        ),
        (
            "WITH big AS (SELECT customer_id FROM orders WHERE quantity > 5) SELECT count(*) FROM big",
            "Works out big (the customer_id of orders where quantity is above 5).",
        ),
        (
            "SELECT email FROM customers UNION SELECT note FROM orders",
            "Takes the email of customers, adds the note of orders and drops the duplicates.",
        ),
        (
            "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id",
            "looks up each one's rows (if any) in orders (1,200 rows) by the index orders_customer",
        ),
        ("SELECT 1 + 1", "Returns 1 plus 1, reading no table."),
        ("DELETE FROM orders", "Would delete every row of orders (1,200 rows). It is only explained here, never run."),
        (
            "UPDATE orders SET status = 'lost', note = NULL WHERE id = 1",
            "Would set status to 'lost' and note to NULL in the rows of orders (1,200 in all) that meet its WHERE. "
            "Touches only the rows where id is 1. It is only explained here, never run.",
        ),
        (
            "INSERT INTO items VALUES (1, 2, 3), (1, 3, 4)",
            "Would add 2 rows to items (0 rows today). It is only explained here, never run.",
        ),
        (
            "INSERT INTO items SELECT id, 1, 2 FROM orders",
            "Would add to items (0 rows today) the id, 1 and 2 of orders.",
        ),
        (
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), text TEXT)",
            "Would create the table notes with 3 columns. Its primary key is id, its order_id refers to orders (id) "
            "and its text accepts NULL.",
        ),
        ("DROP TABLE orders", "Would drop the table orders with its 1,200 rows. It is only reviewed here, never run."),
        ("ALTER TABLE orders DROP COLUMN note", "It would drop the column note."),
        (
            "CREATE UNIQUE INDEX i ON orders (status) WHERE status = 'open'",
            "Would build the unique index i on orders (1,200 rows) over status. It would hold only rows where status "
            "is 'open'.",
        ),
        ("VACUUM", "`VACUUM` is a command to the database, not a query."),
    ],
)
def test_a_statement_is_told_in_one_paragraph(sql: str, summary: str) -> None:
    assert summary in explain(subject(sql)).summary


def test_the_steps_follow_the_order_of_the_work() -> None:
    sql = "SELECT DISTINCT status FROM orders WHERE quantity > 1 GROUP BY status HAVING count(*) > 1 ORDER BY 1 LIMIT 5"
    clauses = [step.clause for step in explain(subject(sql)).steps]
    assert clauses == ["FROM", "WHERE", "GROUP BY", "HAVING", "SELECT", "DISTINCT", "ORDER BY", "LIMIT"]


def test_each_step_knows_its_place_in_the_cell() -> None:
    cell = "-- paid\nSELECT status, count(*)\nFROM orders\nWHERE customer_id = {{who}}\nGROUP BY status\nLIMIT :page"
    found = {step.clause: step.span for step in explain(subject(cell, {"who": 7})).steps}
    shown = {clause: cell[span.start : span.end] for clause, span in found.items() if span}
    assert shown == {
        "FROM": "orders",
        "WHERE": "WHERE customer_id = {{who}}",
        "GROUP BY": "GROUP BY status",
        "SELECT": "SELECT status, count(*)",
        "LIMIT": "LIMIT :page",
    }


def test_tables_are_told_in_the_plans_order_with_the_condition_that_each_can_meet() -> None:
    sql = "SELECT 1 FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.placed_at > '2026-06-27'"
    steps = explain(subject(sql)).steps
    assert [(step.clause, step.text) for step in steps[:2]] == [
        ("FROM", "Finds rows of orders (1,200 rows) by the index orders_placed."),
        (
            "JOIN",
            "Looks up each one's row in customers (100 rows) by its primary key, where orders.customer_id equals "
            "customers.id.",
        ),
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (count(1), "1 row"),
        (count(200_000), "200,000 rows"),
        (count(2, "entry"), "2 entries"),
        (small(10), "ten"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (listed(["a and b", "c"]), "a and b, and c"),
        (day("2026-03-02"), "2 March 2026"),
        (day("2026-03-02T10:30:00Z"), "10:30 UTC on 2 March 2026"),
        (day("2026-13-02"), None),
        (value(True), "true"),
        (value(None), "NULL"),
        (value(1234567), "1,234,567"),
    ],
)
def test_figures_and_dates_are_written_as_people_write_them(said: str | None, words: str | None) -> None:
    assert said == words


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("note IS NOT NULL", "note is not NULL"),
        ("NOT note IS NULL", "note is not NULL"),
        ("note NOT LIKE '%a'", "note does not end with 'a'"),
        ("NOT note LIKE '%a'", "note does not end with 'a'"),
        ("note IS NULL", "note is NULL"),
    ],
)
def test_a_negation_is_never_lost_on_either_engine(engine: str, condition: str, words: str) -> None:
    statement = read_statement(f"SELECT id FROM orders WHERE {condition}", engine)
    assert words in explain(Subject(statement, shop())).summary
