"""The recipes that ship with the package, read from their folders."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.recipe import Recipe, RecipeFile

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

DESCRIPTION = "recipe.toml"


@cache
def recipe_names() -> tuple[str, ...]:
    """Return the names of all recipes, in alphabetical order."""
    return tuple(sorted(each.name for each in _shelf().iterdir() if each.joinpath(DESCRIPTION).is_file()))


@cache
def read_recipe(name: str) -> Recipe:
    """Return the recipe of that name with its code and tests; raises MentorError where there is none."""
    from msgspec import convert  # on first use: a review of a query needs no recipe

    if name not in recipe_names():
        raise _unknown(name)
    folder = _shelf().joinpath(name)
    described = tomllib.loads(folder.joinpath(DESCRIPTION).read_text("utf-8"))
    code = [_read(folder, each) for each in described.pop("files")]
    tests = [_read(folder, each) for each in described.pop("tests")]
    return convert({"name": name, **described, "files": code, "tests": tests}, Recipe)


@cache
def read_recipes() -> tuple[Recipe, ...]:
    """Return every recipe, by name."""
    return tuple(read_recipe(name) for name in recipe_names())


def write_recipe(recipe: Recipe, folder: Path) -> tuple[Path, ...]:
    """Write a recipe's code and tests into a folder and return the paths; raises MentorError before it replaces one."""
    paths = {folder / each.name: each.text for each in (*recipe.files, *recipe.tests)}
    taken = [path for path in paths if path.exists()]
    if taken:
        raise MentorError(f"{taken[0]} is there already.", "Give another folder, or move that file away first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            path.write_text(text, "utf-8")
    except OSError as error:
        raise MentorError(f"{folder} can not be written: {error.strerror}.", "Give a folder of your own.") from error
    return tuple(paths)


def _shelf() -> Traversable:
    return files("backend_mentor").joinpath("recipes")


def _read(folder: Traversable, name: str) -> RecipeFile:
    return RecipeFile(name, folder.joinpath(name).read_text("utf-8"))


def _unknown(name: str) -> MentorError:
    near = difflib.get_close_matches(name, recipe_names(), n=3, cutoff=0.5)
    names = ", ".join(near or recipe_names())
    return MentorError(f"There is no recipe {name}.", f"{'The nearest' if near else 'All there'} are: {names}.")
