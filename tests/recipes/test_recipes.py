"""Every recipe keeps its form, passes the product's own review, and its tests pass."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.finding import Finding
from backend_mentor.domain.recipe import Accepted, Clarification, Decision, Recipe, Warrant
from backend_mentor.linters.ruff import lint
from backend_mentor.proofs.tested_code import run_tests
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code
from backend_mentor.shelf import read_recipe, recipe_names

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".mypy_cache"
SHELF = Path(str(files("backend_mentor").joinpath("recipes")))
PARTS = {
    "decisions": Decision,
    "questions": Clarification,
    "escalations": Warrant,
    "accepted_findings": Accepted,
}

each_recipe = pytest.mark.parametrize("name", recipe_names())


def fields(kind: type) -> set[str]:
    return {each.name for each in dataclasses.fields(kind)}


def findings(recipe: Recipe) -> list[tuple[str, Finding]]:
    sources = [(each.name, read_source(Cell(each.text, CellKind.ENDPOINT, each.name))) for each in recipe.files]
    return [(name, found) for name, source in sources for found in find_in_code(source, lint(source.text))]


@each_recipe
def test_its_description_holds_the_known_keys_and_no_empty_text(name: str) -> None:
    described = tomllib.loads((SHELF / name / "recipe.toml").read_text())
    assert described.keys() <= fields(Recipe) - {"name"}
    for key, kind in PARTS.items():
        for part in described.get(key, ()):
            assert part.keys() <= fields(kind)
    texts = [value for value in described.values() if isinstance(value, str)]
    texts += [value for key in PARTS for part in described.get(key, ()) for value in part.values()]
    assert all(texts)
    assert described["decisions"]
    assert described["questions"]
    assert described["leaves_out"]


@each_recipe
def test_its_signals_are_plain_lower_case_words(name: str) -> None:
    recipe = read_recipe(name)
    for signal in (*recipe.signals, *recipe.hints, *recipe.built_on):
        assert re.fullmatch(r"[a-z0-9]+(?:[ -][a-z0-9]+)*", signal), signal
    assert not set(recipe.signals) & set(recipe.hints)


@each_recipe
def test_every_file_of_its_folder_is_named_and_needed(name: str) -> None:
    recipe = read_recipe(name)
    there = {each.name for each in (SHELF / name).iterdir() if each.name != "__pycache__"}
    assert there == {"recipe.toml"} | {each.name for each in (*recipe.files, *recipe.tests)}


@each_recipe
def test_its_requirements_are_in_the_extra_that_users_install(name: str) -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["recipes"]
    plain = {re.split(r"[\[<>=]", each)[0] for each in extra}
    assert {re.split(r"[\[<>=]", each)[0] for each in read_recipe(name).requires} <= plain


@each_recipe
def test_our_own_rules_and_ruff_find_nothing_but_what_it_names(name: str) -> None:
    recipe = read_recipe(name)
    accepted = {each.rule for each in recipe.accepted_findings}
    found = [(file, each) for file, each in findings(recipe) if each.severity.rank > 0]
    assert [(file, each.rule, each.what) for file, each in found if each.rule not in accepted] == []
    assert accepted == {each.rule for _, each in found}


@each_recipe
def test_it_does_nothing_at_import_and_leaves_no_future_behind(name: str) -> None:
    for file in read_recipe(name).files:
        tree = ast.parse(file.text)
        assert not [each for each in tree.body if isinstance(each, ast.ImportFrom) and each.module == "__future__"]
        loose = [each for each in tree.body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
        assert [ast.unparse(each) for each in loose] == []


@each_recipe
def test_its_tests_import_names_and_replace_none(name: str) -> None:
    recipe = read_recipe(name)
    modules = {each.name.removesuffix(".py") for each in recipe.files}
    for file in recipe.tests:
        imported = [each for each in ast.walk(ast.parse(file.text)) if isinstance(each, ast.Import)]
        assert not modules & {alias.name for each in imported for alias in each.names}
        # In a notebook the names come from the cell above, and only imports at the top are left out for that.
        tree = ast.parse(file.text)
        inside = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each not in tree.body]
        assert not modules & {each.module for each in inside}
        # A notebook's own event loop is running already.
        assert "asyncio.run(" not in file.text
        assert "monkeypatch" not in file.text
        assert "sleep" not in file.text


@each_recipe
def test_its_own_tests_pass(name: str) -> None:
    recipe = read_recipe(name)
    run = run_tests({each.name: each.text for each in (*recipe.files, *recipe.tests)}, requires=recipe.requires)
    assert run.failed == 0, run.output
    assert run.passed >= 5


def test_the_types_of_all_hold_up_to_the_strict_check() -> None:
    # One process: it reads the frameworks once, and finds some of them in what the package's own check left behind.
    # It wants module names to differ, and says so where two are the same.
    folders = [SHELF / name for name in recipe_names()]
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version=3.11", f"--cache-dir={CACHE}"]
    command += ["--explicit-package-bases", "--config-file="]
    command += [str(file.relative_to(SHELF)) for folder in folders for file in sorted(folder.glob("*.py"))]
    here = {**os.environ, "MYPYPATH": os.pathsep.join(str(each) for each in folders)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SHELF, env=here)
    assert done.returncode == 0, done.stdout + done.stderr
