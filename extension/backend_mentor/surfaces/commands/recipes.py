"""Commands on recipes: list them, show one and put it into the next cell, run its tests, write its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.domain.recipe import Recipe
    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _recipe(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.renderers.recipe import list_recipes
    from backend_mentor.shelf import read_recipe, read_recipes

    name, *part = options.arguments or ("",)
    if not name:
        print(list_recipes(read_recipes()))
    elif part and part != ["tests"]:
        raise MentorError(f"A recipe has no {' '.join(part)}.", f"Write %backend recipe {name} tests for its tests.")
    elif options.test:
        _run_tests(read_recipe(name))
    elif options.to is not None:
        _write(read_recipe(name), Path(options.to).expanduser())
    elif part:
        _insert_tests(read_recipe(name), shell)
    else:
        _insert_code(read_recipe(name), shell)


def _insert_code(recipe: Recipe, shell: InteractiveShell) -> None:
    from IPython.display import display

    from backend_mentor.proposals.recipes import cell_of_code
    from backend_mentor.renderers.recipe import recipe_bundle

    display(recipe_bundle(recipe), raw=True)
    # JupyterLab takes the first of several such payloads and drops the rest, so the tests are a command of their own.
    shell.set_next_input(cell_of_code(recipe))
    print(f"The code is in the next cell. Its tests: %backend recipe {recipe.name} tests")
    print(f"It needs: pip install {' '.join(repr(each) for each in recipe.requires)}")


def _insert_tests(recipe: Recipe, shell: InteractiveShell) -> None:
    from backend_mentor.proposals.recipes import cell_of_tests

    shell.set_next_input(cell_of_tests(recipe))
    print("The tests are in the next cell; they run on the code of the cell above, your changes included.")


def _run_tests(recipe: Recipe) -> None:
    from backend_mentor.proofs.tested_code import run_recipe_tests
    from backend_mentor.renderers.recipe import tell_tests

    run = run_recipe_tests(recipe)
    if run.failed:
        raise MentorError(tell_tests(recipe, run), "Compare the installed versions with the extra recipes.")
    print(tell_tests(recipe, run))


def _write(recipe: Recipe, folder: Path) -> None:
    from backend_mentor.shelf import write_recipe

    for path in write_recipe(recipe, folder):
        print(f"wrote {path}")


RECIPE_COMMANDS: dict[str, Command] = {
    "recipe": Command(
        "list the recipes; with a name: show its design and put its code into the next cell",
        "%backend recipe keyset-pagination",
        _recipe,
    ),
}
