"""What can not be shared: one error, its remedy, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from IPython.testing.globalipapp import start_ipython
from nbformat.v4 import new_code_cell, new_notebook

from backend_mentor.domain.errors import MentorError
from backend_mentor.sharing.folder import check_target
from backend_mentor.sharing.requirements import requirements_of
from backend_mentor.surfaces.cli import run

OLD = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}


def share(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert run(["share", *map(str, words)]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SELECT 1", "is no notebook.\nGive the path of an .ipynb"),
        ("[1]", "is no notebook.\nGive the path of an .ipynb"),
        ("{}", "is no notebook.\nOpen it in Jupyter and save it"),
        (json.dumps(OLD), "is a notebook of format 3, and 4 is read.\nOpen it in Jupyter and save it"),
        (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}), "is no notebook."),
        ("\udcff", "is no notebook."),
    ],
)
def test_what_is_no_notebook_is_refused(
    content: str, said: str, tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert said in share(capsys, path, "--database", shop, "--yes")
    assert [each.name for each in tmp_path.iterdir()] == ["a.ipynb"]


def test_a_notebook_that_is_not_there_is_said(tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "can not be read: No such file" in share(capsys, tmp_path / "b.ipynb", "--database", shop)


def test_a_database_that_is_not_there_is_said(
    notebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = share(capsys, notebook, "--database", tmp_path / "none.db", "--yes", "--to", tmp_path / "out")
    assert "none.db" in told
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_there_is_never_written_over(
    notebook: Path, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = share(capsys, notebook, "--database", shop, "--to", tmp_path, "--yes")
    assert "is there already, and is not written over.\nName another folder with --to." in told
    with pytest.raises(MentorError):
        check_target(tmp_path)


def test_a_place_that_can_not_be_written_is_said(
    notebook: Path, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    told = share(capsys, notebook, "--database", shop, "--to", tmp_path / "file" / "shared", "--yes")
    assert "can not be written: Not a directory.\nName another folder" in told


def test_modules_of_the_authors_own_are_named_and_never_asked_for() -> None:
    found = requirements_of(
        ["import nbformat, sqlite3\nfrom our_shop import prices\n%matplotlib inline", "%%sql\nfrom x"]
    )
    assert found.unknown == ("our_shop",)
    assert f"nbformat=={nbformat.__version__}" in found.pins
    assert not any("shop" in pin or "sqlite" in pin for pin in found.pins)


def test_a_yes_in_the_notebook_writes_what_was_shown(
    tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = start_ipython()
    shell.run_line_magic("load_ext", "backend_mentor")
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell('shown = "kept in_a_variable_7"')]), path)
    shell.user_ns["api_token"] = "kept in_a_variable_7"
    shell.run_line_magic("backend", f"connect {shop}")
    shell.run_line_magic("backend", f"share {path}")
    assert "Nothing is written yet. Add --yes to write it." in capsys.readouterr().out
    assert not (tmp_path / "a-shared").exists()
    shell.run_line_magic("backend", f"share {path} --yes")
    assert b"kept in_a_variable_7" not in (tmp_path / "a-shared" / "a.ipynb").read_bytes()
