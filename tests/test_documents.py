"""Documents that fail the build when they lie."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from backend_mentor.surfaces.cli import _parser
from backend_mentor.surfaces.commands import _CELL_OPTIONS, COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PACKAGE = ROOT / "extension" / "backend_mentor"


def test_the_readme_names_every_command_of_the_magic() -> None:
    assert {name for name in COMMANDS if f"%backend {name}" not in README} == set()


def test_the_readme_names_every_option_of_a_cell() -> None:
    options = {word for example, _ in _CELL_OPTIONS for word in example.split() if word.startswith("--")}
    assert {option for option in options if option not in README} == set()


def test_the_readme_names_every_command_and_flag_of_the_command_line() -> None:
    (commands,) = [action.choices for action in _parser()._actions if isinstance(action.choices, dict)]
    flags = {flag for each in commands.values() for action in each._actions for flag in action.option_strings}
    missing = {name for name in commands if f"backend-mentor {name}" not in README}
    missing |= {flag for flag in flags - {"-h", "--help"} if flag not in README and not flag.startswith("--no-")}
    assert missing == set()


def test_the_code_map_names_exactly_the_folders_and_modules_of_the_top_floor_plan() -> None:
    text = (ROOT / "extension" / "README.md").read_text()
    table = text.split("| floor |")[1].split("##")[0]
    named = set(re.findall(r"`(\w+)(?:\.py)?`", table))
    there = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith(("_", ".", "py.typed"))}
    assert named == there - {"pyproject"}


def test_the_version_is_the_same_wherever_it_stands() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text()


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert {link for link in links if not (ROOT / link).exists()} == set()
