"""The lessons run top to bottom for whoever has installed the wheel, and are kept with their outputs."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import nbformat
import pytest

from backend_mentor.lessons import LESSONS as EXERCISES
from backend_mentor.lessons import goals
from backend_mentor.lessons.exercise import Exercise
from backend_mentor.surfaces.cli import _parser
from backend_mentor.surfaces.commands import COMMANDS
from backend_mentor.surfaces.commands.options import read_options
from tests.lessons.running import CONNECT, FOLDER, LESSONS, execute, machine_paths, outcomes

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path: Path) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(path, as_version=4).cells)


# A lesson that connects to nothing runs once.
RUNS = [
    pytest.param(path, engine, id=f"{path.stem}-{engine}")
    for path in LESSONS
    for engine in CONNECT
    if engine == "SQLite" or CONNECT["SQLite"] in path.read_text()
]


@pytest.mark.parametrize(("path", "engine"), RUNS)
def test_a_lesson_runs_top_to_bottom_from_the_wheel(
    path: Path, engine: str, wheel_kernel: str, demo_server: str, tmp_path: Path
) -> None:
    done = execute(path, engine, tmp_path, wheel_kernel)
    shown = json.dumps([cell.get("outputs", []) for cell in done.cells])
    assert ("PostgreSQL 18" in shown) == (engine == "PostgreSQL")
    assert not any(outcomes(done).values())
    assert list(outcomes(done)) == [exercise.number for exercise in exercises_of(path)]


@each_lesson
def test_a_lesson_is_kept_with_outputs_that_tell_nothing_of_a_machine(path: Path) -> None:
    for cell in cells(path):
        if cell.cell_type == "code" and cell.source != "%load_ext backend_mentor":
            assert cell.outputs, cell.source
        for output in cell.get("outputs", []):
            assert output.output_type != "error", output
    assert machine_paths(path.read_text()) == []


@each_lesson
def test_a_lesson_says_its_aim_what_to_remember_and_when_not_to(path: Path) -> None:
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    assert re.match(rf"# {int(path.name[:2])} · .+\n\n\*\*Aim:\*\* .+\.\n", text)
    assert "## What to remember" in text
    assert "## When not to" in text
    links = re.findall(r"\]\(([\w-]+\.ipynb)\)", text)
    assert links
    assert all((path.parent / link).exists() for link in links)


@each_lesson
def test_the_exercises_of_a_lesson_stand_in_it_with_their_starters(path: Path) -> None:
    sources = [cell.source for cell in cells(path)]
    for exercise in exercises_of(path):
        assert any(
            source.startswith(f"%%backend exercise {exercise.number}")
            and source.partition("\n")[2] == exercise.starter.rstrip()
            for source in sources
        ), exercise.number


@each_lesson
def test_every_command_and_option_that_a_lesson_names_exists(path: Path) -> None:
    text = "\n".join(cell.source for cell in cells(path))
    named = re.findall(r"^(%%?)backend\b([^\n]*)|`(%%?)backend\b([^`\n]*)`", text, re.MULTILINE)
    assert named
    for signs, line, signs_in_prose, line_in_prose in named:
        given = (line or line_in_prose).replace("…", "").strip()
        read_options(given, COMMANDS, is_cell=len(signs or signs_in_prose) == 2)
    for line in re.findall(r"`backend-mentor ([^`\n]+)`", text):
        _parser().parse_args(shlex.split(line))


def test_the_list_of_lessons_and_of_goals_is_whole() -> None:
    text = (FOLDER / "README.md").read_text()
    assert re.findall(r"^\| \[.*\]\(([\w-]+\.ipynb)\)", text, re.MULTILINE) == [path.name for path in LESSONS]
    assert set(re.findall(r"^ +\| `(\w+)` \|", text, re.MULTILINE)) == set(goals.__all__) - {"Folder"}


def exercises_of(path: Path) -> list[Exercise]:
    number = f"{int(path.name[:2])}."
    return [exercise for lesson in EXERCISES for exercise in lesson if exercise.number.startswith(number)]
