"""A notebook's reviewed copy, written and run for real."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from backend_mentor.batch.annotate import Terms, annotate
from backend_mentor.databases.registry import connect
from backend_mentor.domain.errors import CellError, MentorError
from backend_mentor.renderers.view import View


@pytest.fixture
def terms(shop: Path) -> Terms:
    return Terms(connect(str(shop)), "0.1.0", View())


def test_each_reviewed_cell_is_followed_by_its_review_and_the_original_stays(folder: Path, terms: Terms) -> None:
    original, target = folder / "parts.ipynb", folder / "parts.reviewed.ipynb"
    before = original.read_bytes()
    summary = annotate(original, target, terms)
    assert original.read_bytes() == before
    made = nbformat.read(target, as_version=4)
    nbformat.validate(made)
    assert [cell.cell_type for cell in made.cells] == [
        "markdown", "markdown", "code", "markdown", "code", "code", "markdown", "code", "markdown",
    ]  # fmt: skip
    assert "Review of this notebook" in made.cells[0].source
    assert "full-scan" in made.cells[3].source
    assert len(summary.outcomes) == 3
    assert [cell.source for cell in made.cells if cell.cell_type == "code"] == [
        cell.source for cell in nbformat.read(original, as_version=4).cells if cell.cell_type == "code"
    ]


def test_the_copy_runs_as_the_original_does(tmp_path: Path, terms: Terms) -> None:
    original = tmp_path / "plain.ipynb"
    text = "import sqlite3\nrows = sqlite3.connect(':memory:').execute('SELECT 41 + 1').fetchall()\nrows"
    nbformat.write(new_notebook(cells=[new_code_cell(text)]), original)
    annotate(original, tmp_path / "copy.ipynb", terms)
    ran = NotebookClient(nbformat.read(tmp_path / "copy.ipynb", as_version=4)).execute()
    (cell,) = [each for each in ran.cells if each.cell_type == "code"]
    assert cell.outputs[0]["data"]["text/plain"] == "[(42,)]"


def test_a_second_review_replaces_the_first_copy_and_nothing_else(folder: Path, terms: Terms) -> None:
    target = folder / "copy.ipynb"
    annotate(folder / "parts.ipynb", target, terms)
    annotate(folder / "parts.ipynb", target, terms)
    mine = folder / "mine.ipynb"
    nbformat.write(new_notebook(), mine)
    content = mine.read_bytes()
    for wrong in (mine, folder / "parts.ipynb", folder / "reports.sql"):
        with pytest.raises(MentorError):
            annotate(folder / "parts.ipynb", wrong, terms)
    assert mine.read_bytes() == content


def test_a_cell_that_can_not_be_reviewed_says_why_in_its_place(tmp_path: Path, terms: Terms) -> None:
    original, target = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("%%sql\nSELECT 1 FROM nowhere")]), original)
    summary = annotate(original, target, terms)
    assert summary.failures == 1
    assert "the database has no table nowhere" in nbformat.read(target, as_version=4).cells[2].source


def test_what_is_no_notebook_is_named_and_nothing_is_written(tmp_path: Path, terms: Terms) -> None:
    (tmp_path / "a.ipynb").write_text("[1]")
    with pytest.raises(CellError, match="is no notebook"):
        annotate(tmp_path / "a.ipynb", tmp_path / "b.ipynb", terms)
    assert not (tmp_path / "b.ipynb").exists()
