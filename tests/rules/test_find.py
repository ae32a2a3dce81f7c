"""What a review gets to see of the rules: gated, without repetition, in order, and switched off by a comment."""

from __future__ import annotations

import pytest

from backend_mentor.domain.finding import Finding, Severity
from backend_mentor.domain.schema import Column, Engine, Index, IndexColumn, Schema, Table
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.classify import read_cell
from backend_mentor.reading.plans import sqlite
from backend_mentor.reading.sql import read_statement
from backend_mentor.reading.statements import read_statements
from backend_mentor.rules import answered_first, find, suppressed

SQLITE = Engine("sqlite", (3, 45))
ORDERS = Table(
    "orders",
    (Column("id", "INTEGER", nullable=False), Column("placed_at", "TEXT"), Column("coupon_id", "INTEGER")),
    primary_key=("id",),
    indexes=(Index("orders_placed_at", "orders", (IndexColumn("placed_at"),)),),
    rows=200_000,
    analyzed=True,
)
SCHEMA = Schema(SQLITE, (ORDERS,))


def _found(sql: str, plan: str = "") -> list[str]:
    read = sqlite.read_plan_text(plan, SQLITE) if plan else None
    return [finding.rule for finding in find(Subject(read_statement(sql, "sqlite"), SCHEMA, read))]


def _find_all(cell: str) -> list[Finding]:
    statements = read_statements(read_cell(cell, dialect="sqlite"), "sqlite")
    return [finding for statement in statements for finding in find(Subject(statement, SCHEMA, None))]


def test_the_gravest_finding_comes_first() -> None:
    sql = "SELECT * FROM orders WHERE id NOT IN (SELECT coupon_id FROM orders) AND placed_at LIKE 'x' LIMIT 5"
    subject = Subject(read_statement(sql, "sqlite"), SCHEMA)
    severities = [finding.severity for finding in find(subject)]
    assert severities == sorted(severities, key=lambda each: -each.rank)
    assert severities[0] is Severity.CRITICAL


def test_rules_over_plans_are_silent_without_a_plan() -> None:
    assert _found("SELECT * FROM orders WHERE coupon_id = 7") == []


def test_a_scan_that_a_function_explains_is_reported_once() -> None:
    sql = "SELECT * FROM orders WHERE date(placed_at) = '2026-03-02'"
    assert _found(sql, "SCAN orders") == ["function-on-column"]


def test_a_scan_that_nothing_else_explains_is_reported() -> None:
    assert _found("SELECT * FROM orders WHERE coupon_id = 7", "SCAN orders") == ["full-scan-discards-rows"]


@pytest.mark.parametrize(
    "comment",
    [
        "-- backend-mentor: ignore full-scan-discards-rows",
        "-- backend-mentor: ignore limit-without-order, full-scan-discards-rows",
    ],
)
def test_a_comment_switches_a_rule_off(comment: str) -> None:
    assert _found(f"SELECT * FROM orders {comment}\nWHERE coupon_id = 7", "SCAN orders") == []


def test_a_comment_switches_off_only_what_it_names() -> None:
    assert suppressed("-- backend-mentor: ignore deep-offset") == {"deep-offset"}
    sql = "SELECT * FROM orders -- backend-mentor: ignore deep-offset\nWHERE coupon_id = 7"
    assert _found(sql, "SCAN orders") == ["full-scan-discards-rows"]


@pytest.mark.parametrize(
    "cell",
    [
        "-- backend-mentor: ignore deep-offset\n-- Nobody goes there.\n{}",
        "{} -- backend-mentor: ignore deep-offset",
        "{}; -- backend-mentor: ignore deep-offset\nSELECT 2",
    ],
)
def test_a_comment_around_a_statement_is_about_that_statement(cell: str) -> None:
    sql = "SELECT id FROM orders ORDER BY id LIMIT 10 OFFSET 90000"
    assert [each.rule for each in _find_all(sql)] == ["deep-offset"]
    assert [each.rule for each in _find_all(cell.format(sql))] == []


def test_a_comment_between_two_statements_is_about_the_second() -> None:
    sql = "SELECT id FROM orders ORDER BY id LIMIT 10 OFFSET 90000"
    told = _find_all(f"{sql};\n-- backend-mentor: ignore deep-offset\n{sql.replace('9', '8')}")
    assert [each.what for each in told] == [each.what for each in _find_all(sql)]


def test_a_finding_stands_where_the_trouble_is() -> None:
    sql = "SELECT *\nFROM orders\nWHERE date(placed_at) = '2026-03-02'"
    finding = find(Subject(read_statement(sql, "sqlite"), SCHEMA))[0]
    span = finding.place.span
    assert span is not None
    assert (span.line, span.column) == (3, 7)
    assert sql[span.start : span.end] == "date(placed_at) = '2026-03-02'"


def test_a_comparison_with_null_is_not_answered_with_an_index() -> None:
    found = _found("SELECT id FROM orders WHERE coupon_id = NULL", "SCAN orders")
    assert "comparison-with-null" in found
    assert "full-scan-discards-rows" not in found


def test_among_equally_grave_findings_the_one_that_the_best_proposal_answers_comes_first() -> None:
    sql = "SELECT * FROM orders WHERE id NOT IN (SELECT coupon_id FROM orders) AND placed_at LIKE 'x' LIMIT 5"
    found = find(Subject(read_statement(sql, "sqlite"), SCHEMA))
    last = found[-1].rule
    ordered = answered_first(found, (last,))
    assert [each.severity for each in ordered] == [each.severity for each in found]
    assert next(each for each in ordered if each.severity is found[-1].severity).rule == last
