"""What of a folder is reviewed, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend_mentor.batch.gather import gather
from backend_mentor.domain.errors import MentorError


def test_each_statement_module_and_query_of_a_notebook_is_a_piece_with_its_place(folder: Path) -> None:
    gathered = gather([str(folder)], "sqlite")
    places = [(Path(piece.path).name, piece.cell, piece.line) for piece in gathered.pieces]
    assert places == [
        ("parts.ipynb", 2, 1),
        ("parts.ipynb", 4, 2),
        ("parts.ipynb", 5, 1),
        ("reports.sql", None, 2),
        ("reports.sql", None, 6),
        ("views.py", None, 1),
    ]
    assert gathered.pieces[1].text == "SELECT count(*) FROM suppliers"


def test_a_file_that_holds_nothing_for_a_backend_is_passed_over_with_the_reason(folder: Path) -> None:
    (folder / "latin.sql").write_bytes(b"SELECT '\xe9'")
    (folder / "broken.ipynb").write_text("{}")
    passed_over = {Path(path).name: reason for path, reason in gather([str(folder)], "sqlite").passed_over}
    assert passed_over["shapes.py"] == "it holds no SQL and no backend code"
    assert passed_over["latin.sql"] == "it is not text in UTF-8"
    assert "broken.ipynb is no notebook" in passed_over["broken.ipynb"]
    assert len(passed_over) == 3


def test_a_path_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(MentorError, match=r"There is no file or folder .*nowhere"):
        gather([str(folder / "nowhere")], "sqlite")


def test_a_file_named_twice_is_reviewed_once(folder: Path) -> None:
    twice = gather([str(folder), str(folder / "reports.sql")], "sqlite")
    assert len(twice.pieces) == 6


def test_a_comment_that_speaks_to_the_mentor_goes_with_its_statement(tmp_path: Path) -> None:
    path = tmp_path / "pages.sql"
    path.write_text(
        "-- What the support asks.\n-- backend-mentor: ignore leading-wildcard\nSELECT 1;\n\n"
        "SELECT 2; -- backend-mentor: ignore limit-without-order\n-- The rest.\nSELECT 3;\n"
    )
    assert [(piece.line, piece.text) for piece in gather([str(path)], "sqlite").pieces] == [
        (2, "-- backend-mentor: ignore leading-wildcard\nSELECT 1"),
        (5, "SELECT 2; -- backend-mentor: ignore limit-without-order"),
        (7, "SELECT 3"),
    ]
