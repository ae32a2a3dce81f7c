"""A batch's outcomes as text, Markdown, JSON and SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from backend_mentor.domain.batch import Offered, Outcome, Piece, Summary
from backend_mentor.domain.cell import Span
from backend_mentor.domain.finding import Finding, Place, Responsibility, Severity
from backend_mentor.renderers.summary import SUMMARIES

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text())


def finding(severity: Severity, line: int | None, what: str = "parts is read whole.") -> Finding:
    place = Place(Span(0, 4, line, 8)) if line else Place()
    return Finding("full-scan", severity, Responsibility.PERFORMANCE, what, "It is.", "Index it.", (), place)


SUMMARY = Summary(
    "0.1.0",
    "shop.db",
    "SQLite 3.40.1",
    (
        Outcome(
            Piece("queries/a b.sql", 3, "SELECT *\nFROM parts | x"),
            (finding(Severity.CRITICAL, 4, "a | b\n<script>"), finding(Severity.INFO, None)),
            (Offered("index", "Index made_on", "changes no rows, faster", "CREATE INDEX …"),),
            milliseconds=12.0,
        ),
        Outcome(Piece("n.ipynb", 1, "SELECT 1", 7), (finding(Severity.ADVICE, 1),)),
        Outcome(Piece("n.ipynb", 1, "SELECT", 9), failures=("Line 1: it ends.\nWrite more.",)),
    ),
    (("c.py", "it holds no SQL and no backend code"),),
    resumed=1,
)


def sarif(summary: Summary) -> dict:
    log = json.loads(SUMMARIES["sarif"](summary))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log["runs"][0]


@pytest.mark.parametrize("summary", [SUMMARY, Summary("0.1.0", "x", "SQLite 3", ())], ids=["full", "empty"])
def test_sarif_is_valid_under_the_standards_schema(summary: Summary) -> None:
    assert len(sarif(summary)["results"]) == summary.findings


def test_sarif_places_a_finding_on_the_files_line_and_a_notebooks_in_its_cell() -> None:
    first, second, third = sarif(SUMMARY)["results"]
    assert first["level"] == "error"
    where = first["locations"][0]["physicalLocation"]
    assert where == {"artifactLocation": {"uri": "queries/a%20b.sql"}, "region": {"startLine": 4, "startColumn": 8}}
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert third["locations"][0]["logicalLocations"][0]["name"] == "cell 7"


def test_a_fingerprint_stays_where_lines_are_added_above() -> None:
    def moved(lines: int) -> Summary:
        piece = Piece("a.sql", 1 + lines, "SELECT *\nFROM parts")
        return Summary("0.1.0", "x", "y", (Outcome(piece, (finding(Severity.INFO, 2 + lines),)),))

    prints = {json.dumps(sarif(moved(lines))["results"][0]["partialFingerprints"]) for lines in (0, 40)}
    assert len(prints) == 1


def test_what_was_not_reviewed_makes_the_run_unsuccessful() -> None:
    (invocation,) = sarif(SUMMARY)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "it ends" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_text_names_file_line_rule_and_the_better_version() -> None:
    text = SUMMARIES["text"](SUMMARY)
    assert "queries/a b.sql\n  ■ 4  full-scan" in text
    assert "better: Index made_on (changes no rows, faster)" in text
    assert "3 pieces of 2 files, 1 of them by an earlier run" in text
    assert "c.py: passed over" in text


def test_a_table_in_markdown_survives_what_the_text_holds() -> None:
    rows = [line for line in SUMMARIES["markdown"](SUMMARY).splitlines() if line.startswith("| queries")]
    assert rows[0].replace(r"\|", "").count("|") == 5
    assert "<script>" not in rows[0].replace(r"\<", "")
