"""A recipe as proposals: its code for one cell, and its tests for another."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.proof import TestRun
    from backend_mentor.domain.recipe import Recipe, RecipeFile

_TESTS_HEAD = (
    "import ipytest\n\nipytest.autoconfig(raise_on_error=True)\nipytest.clean()  # the tests of other cells\n\n"
)
_TESTS_END = "\n\nipytest.run()\n"


def propose_recipe(recipe: Recipe, tests: TestRun | None = None) -> tuple[Proposal, Proposal]:
    """Return the recipe's code and its tests as things to be added; `tests` is what came of running them."""
    proof = Proof(is_new=True, tests=tests, notes=() if tests else (how_to_test(recipe),))
    code = Proposal(
        ProposalKind.CODE,
        recipe.name,
        f"{recipe.title}: the code",
        "",
        cell_of_code(recipe),
        recipe.summary,
        Tradeoffs(recipe.price, recipe.not_if),
        proof=proof,
    )
    count = count_tests(recipe)
    cell = Proposal(
        ProposalKind.CODE,
        f"{recipe.name}-tests",
        f"{recipe.title}: {count} tests, for the cell below",
        "",
        cell_of_tests(recipe),
        "They run against the code of the cell above, your changes included.",
        Tradeoffs(f"needs {', '.join(recipe.requires)}, and ipytest in a notebook"),
        proof=proof,
    )
    return code, cell


def cell_of_code(recipe: Recipe) -> str:
    """Return the recipe's code as one notebook cell."""
    return _joined(recipe.files, _modules(recipe))


def cell_of_tests(recipe: Recipe) -> str:
    """Return the recipe's tests as one notebook cell that runs them on the code of the cells above."""
    return f"{_TESTS_HEAD}{_joined(recipe.tests, _modules(recipe))}{_TESTS_END}"


def count_tests(recipe: Recipe) -> int:
    """Return how many test functions a recipe has; one with several sets of parameters counts once."""
    trees = [ast.parse(file.text) for file in recipe.tests]
    return sum(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        for tree in trees
        for node in tree.body
    )


def how_to_test(recipe: Recipe) -> str:
    """Return the clause that says how its tests are run."""
    return (
        f"its {count_tests(recipe)} tests were not run in this review: %backend recipe {recipe.name} --test runs them"
    )


def _modules(recipe: Recipe) -> frozenset[str]:
    return frozenset(file.name.removesuffix(".py") for file in recipe.files)


def _joined(files: Iterable[RecipeFile], modules: frozenset[str]) -> str:
    return "\n\n".join(_without_imports(file.text, modules).strip("\n") for file in files) + "\n"


def _without_imports(text: str, modules: frozenset[str]) -> str:
    """Leave out imports of the recipe's own modules: in a notebook their names are there already."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines)
