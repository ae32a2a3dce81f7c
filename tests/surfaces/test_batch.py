"""`backend-mentor review` on folders, as a pipeline calls it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.fake_claude import FakeClaude, says
from tests.fake_claude.validation import KEY

SCHEMA = json.loads((Path(__file__).parents[1] / "renderers" / "sarif-2.1.0.schema.json").read_text())


def run(folder: Path, *arguments: object, command: str = "review") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "backend_mentor", command, *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment, check=False)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.executescript(
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL);"
        "CREATE INDEX parts_made_on ON parts (made_on);"
    )
    connection.close()
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "day.sql").write_text("\nSELECT id FROM parts WHERE date(made_on) = '2026-03-02';\n")
    (tmp_path / "queries" / "one.sql").write_text("SELECT made_on FROM parts WHERE id = 3;\n")
    return tmp_path


def test_a_folder_is_reviewed_to_valid_sarif_and_ends_in_1_where_it_finds_something(work: Path) -> None:
    ended = run(work, "queries", "--database", "shop.db", "--format", "sarif", "--jobs", 2)
    assert ended.returncode == 1, ended.stderr
    log = json.loads(ended.stdout)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "function-on-column"
    where = result["locations"][0]["physicalLocation"]
    assert (where["artifactLocation"]["uri"], where["region"]["startLine"]) == ("queries/day.sql", 2)


def test_fail_on_sets_from_where_a_finding_fails_the_build(work: Path) -> None:
    assert run(work, "queries", "--database", "shop.db", "--fail-on", "critical").returncode == 0
    assert run(work, "queries", "--database", "shop.db", "--fail-on", "warning").returncode == 1


def test_what_can_not_be_reviewed_ends_in_2(work: Path) -> None:
    (work / "queries" / "old.sql").write_text("SELECT 1 FROM nowhere")
    ended = run(work, "queries", "--database", "shop.db")
    assert ended.returncode == 2
    assert "the database has no table nowhere" in ended.stdout


def test_a_plan_that_became_worse_fails_the_build(work: Path) -> None:
    query = work / "queries" / "day.sql"
    query.write_text("SELECT id FROM parts WHERE made_on = '2026-03-02'")
    arguments = ("queries", "--database", "shop.db", "--baseline", "plans")
    assert "There is no baseline in plans" in run(work, *arguments).stderr
    assert run(work, *arguments, "--update-baseline").returncode == 0
    assert run(work, *arguments).returncode == 0
    connection = sqlite3.connect(work / "shop.db")
    connection.execute("DROP INDEX parts_made_on")
    connection.close()
    ended = run(work, *arguments)
    assert ended.returncode == 1
    assert "plan-regressed" in ended.stdout
    assert "parts is read whole" in ended.stdout


def test_a_run_is_taken_up_from_its_journal(work: Path) -> None:
    arguments = ("queries", "--database", "shop.db", "--resume", "journal")
    first, second = run(work, *arguments), run(work, *arguments)
    assert "by an earlier run" not in first.stdout
    assert "2 pieces of 2 files, 2 of them by an earlier run" in second.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere/", "queries"), "There is no file or folder nowhere/"),
        (("queries", "--format", "html"), "Many files can not be shown as html"),
        (("queries", "--update-baseline"), "--update-baseline wants to know where"),
        (("queries", "--jobs", "0"), "0 is no whole number above 0"),
        (("queries", "--dask", "tcp://127.0.0.1:1"), "No Dask scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_what_is_asked_wrongly_gets_one_line_and_2(work: Path, arguments: tuple[str, ...], says: str) -> None:
    ended = run(work, *arguments, "--database", "shop.db")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_password_in_the_address_is_not_in_the_journal(work: Path) -> None:
    ended = run(work, "queries", "--database", "postgresql://ada:hunter2@127.0.0.1:1/shop", "--resume", "journal")
    assert ended.returncode == 2
    assert "hunter2" not in ended.stdout + ended.stderr
    assert not (work / "journal").exists() or "hunter2" not in (work / "journal").read_text()


def test_a_notebook_gets_its_reviewed_copy_beside_it(work: Path) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": "%%sql\nSELECT id FROM parts WHERE date(made_on) = '2026-03-02'"}]
    (work / "a.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    ended = run(work, "a.ipynb", "--database", "shop.db", command="notebook")
    assert ended.returncode == 1, ended.stderr
    assert "The copy with the reviews is a.reviewed.ipynb." in ended.stdout
    assert "function-on-column" in (work / "a.reviewed.ipynb").read_text()


def test_narratives_are_sent_once_on_a_yes_and_stand_in_the_report(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("queries", "--database", "shop.db", "--resume", "journal", "--narratives", "claude")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with FakeClaude(forever=says("The function hides the column.")) as fake:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", fake.url)
        monkeypatch.setenv("HOME", str(work))
        refused = run(work, *arguments)
        assert refused.returncode == 2
        assert "--yes" in refused.stderr
        assert "day.sql" in refused.stdout
        assert not fake.requests
        told = run(work, *arguments, "--yes")
        again = run(work, *arguments)
        assert len(fake.batches.made) == 1
    assert told.returncode == again.returncode == 1, told.stderr
    assert "The function hides the column." in told.stdout
    assert "The function hides the column." in again.stdout


def test_narratives_want_a_place_for_the_batch(work: Path) -> None:
    ended = run(work, "queries", "--database", "shop.db", "--narratives", "claude", "--yes")
    assert ended.returncode == 2
    assert "--resume FILE" in ended.stderr


def test_without_narratives_nothing_of_claude_is_imported(work: Path) -> None:
    code = (
        "import sys; from backend_mentor.surfaces.cli import run; run(sys.argv[1:]); "
        "assert not {'anthropic', 'backend_mentor.mentor.batches'} & set(sys.modules)"
    )
    words = [sys.executable, "-c", code, "review", "queries", "--database", "shop.db"]
    ended = subprocess.run(words, capture_output=True, text=True, cwd=work, check=False)
    assert ended.returncode == 0, ended.stderr
