"""`%backend review`: files and folders, on the notebook's own connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from backend_mentor.surfaces import magic


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.executescript(
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL);"
            "CREATE INDEX parts_made_on ON parts (made_on);"
        )
    connection.close()
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "day.sql").write_text("\nSELECT id FROM parts WHERE date(made_on) = '2026-03-02';\n")
    (tmp_path / "queries" / "one.sql").write_text("SELECT made_on FROM parts WHERE id = 3;\n")
    monkeypatch.chdir(tmp_path)
    made = InteractiveShell()
    magic.load(made).connect("shop.db")
    yield made
    magic.unload(made)


def test_a_folder_is_reviewed_on_what_the_notebook_is_connected_to(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_line_magic("backend", "review queries")
    told = capsys.readouterr().out
    assert "queries/day.sql\n  ▲ 2  function-on-column" in told
    assert "2 pieces of 2 files, reviewed on shop.db" in told


def test_without_a_path_it_says_how_a_cell_and_how_a_folder_is_reviewed(shell: InteractiveShell) -> None:
    with pytest.raises(Exception, match="wants files or folders") as raised:
        shell.run_line_magic("backend", "review")
    assert "%backend review queries, or %%backend, with two signs" in str(raised.value)


def test_a_folder_that_is_not_there_is_one_clear_error(shell: InteractiveShell) -> None:
    with pytest.raises(Exception, match="There is no file or folder nowhere"):
        shell.run_line_magic("backend", "review nowhere")
