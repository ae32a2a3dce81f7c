"""The page without a server: what goes into it, without building it."""

from __future__ import annotations

import ast

import nbformat
import pytest

from tests.lite import _FIRST_CELL, LESSONS, ROOT, needed


@pytest.mark.parametrize("pattern", LESSONS)
def test_a_lesson_of_the_page_asks_for_no_server_and_runs_no_endpoint(pattern: str) -> None:
    (path,) = (ROOT / "notebooks").glob(f"{pattern}.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert [word for word in ("%backend postgres", "--run", "recipe", "subprocess") if word in code] == []


def test_what_a_package_needs_comes_with_it_however_its_name_is_written() -> None:
    packages = {
        "ipython": {"depends": ["prompt_toolkit"]},
        "prompt-toolkit": {"depends": ["wcwidth"]},
        "wcwidth": {"depends": []},
        "jedi": {"depends": []},
        "micropip": {"depends": []},
        "msgspec": {"depends": []},
        "numpy": {"depends": []},
    }
    assert needed(packages) == ["ipython", "jedi", "micropip", "msgspec", "prompt-toolkit", "wcwidth"]


def test_the_cell_that_is_put_first_is_python_but_for_its_magic() -> None:
    lines = [line for line in _FIRST_CELL.splitlines() if not line.startswith("%pip")]
    ast.parse("async def cell():\n" + "\n".join(f"    {line}" for line in lines))
