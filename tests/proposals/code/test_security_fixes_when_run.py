"""What our diffs make of code that lets others in, run with input that means harm and with input that does not."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jwt
import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.linters import lint
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.editing import apply_changes
from backend_mentor.reading import endpoints
from backend_mentor.rules.endpoint import find_in_code

KEY = "a key of sixty-four bytes or more, which HS512 asks for, for these tests alone"


def corrected(cell: str, name: str) -> str:
    source = endpoints.read_source(Cell(cell, CellKind.ENDPOINT))
    (fix,) = [each for each in CODE_FIXES if each.name == name]
    findings = [each for each in find_in_code(source, lint(source.text)) if each.rule in fix.answers]
    changes = [change for each in findings if (change := fix.change(source, each)) is not None]
    assert changes, "nothing is noticed, or nothing is changed"
    after = apply_changes(cell, source, changes)
    assert after is not None
    assert after != cell
    return after


def run(cell: str, monkeypatch: pytest.MonkeyPatch, **given: object) -> dict[str, Any]:
    module = ModuleType("cell_of_this_test")
    vars(module).update(given)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), vars(module))
    return vars(module)


TOKENS = """\
import jwt


def write(claims):
    return jwt.encode(claims, KEY, algorithm="HS256")


def read(token):
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, KEY, algorithms=[header["alg"]])
"""


def test_a_token_that_names_another_algorithm_is_refused_and_its_own_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(TOKENS, monkeypatch, KEY=KEY)
    after = run(corrected(TOKENS, "algorithm-named"), monkeypatch, KEY=KEY)
    own = before["write"]({"sub": "é"})
    assert before["read"](own) == after["read"](own) == {"sub": "é"}
    other = jwt.encode({"sub": "é"}, KEY, algorithm="HS512")
    assert before["read"](other) == {"sub": "é"}
    with pytest.raises(jwt.InvalidAlgorithmError):
        after["read"](other)


PAGES = """\
from jinja2 import Environment, FileSystemLoader

pages = Environment(loader=FileSystemLoader(FOLDER))


def show(name):
    return pages.get_template("page.html").render(name=name)
"""


def test_a_name_with_a_script_is_shown_as_text_and_others_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text("<p>{{ name }}</p>", encoding="utf-8")
    before = run(PAGES, monkeypatch, FOLDER=tmp_path)["show"]
    after = run(corrected(PAGES, "templates-escaped"), monkeypatch, FOLDER=tmp_path)["show"]
    assert before("é Ada") == after("é Ada") == "<p>é Ada</p>"
    assert before("<script>") == "<p><script></p>"
    assert after("<script>") == "<p>&lt;script&gt;</p>"


COMMANDS = """\
import subprocess
import sys


def show(value: str):
    return subprocess.check_output(f"printf '%s.' first \'{value}\' x={value}", shell=True, text=True)
"""


def test_a_second_command_in_a_value_is_printed_and_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(COMMANDS, monkeypatch)["show"]
    after = run(corrected(COMMANDS, "command-without-shell"), monkeypatch)["show"]
    assert before("é") == after("é") == "first.é.x=é."
    assert before("a; printf harm") != after("a; printf harm") == "first.a; printf harm.x=a; printf harm."
    assert "harm" in before("a; printf harm").rpartition("x=a.")[2]


FILES = """\
import tempfile


def keep(data):
    path = tempfile.mktemp(suffix=".txt", dir=FOLDER)
    with open(path, "w", encoding="utf-8") as file:
        file.write(data)
    return path
"""


def test_a_temporary_file_holds_the_same_and_is_read_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(run(FILES, monkeypatch, FOLDER=tmp_path)["keep"]("é"))
    after = Path(run(corrected(FILES, "file-made-with-name"), monkeypatch, FOLDER=tmp_path)["keep"]("é"))
    assert before.read_text(encoding="utf-8") == after.read_text(encoding="utf-8") == "é"
    assert after.suffix == ".txt"
    assert after.stat().st_mode & 0o077 == 0
