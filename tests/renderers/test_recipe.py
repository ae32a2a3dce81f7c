"""A request's review and a recipe's page: the design and the reasons are shown, long code is folded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.proof import Proof, TestRun
from backend_mentor.domain.review import Provenance, Review
from backend_mentor.proposals.recipes import cell_of_code, cell_of_tests, count_tests, propose_recipe
from backend_mentor.reading.request import explain_request, read_request
from backend_mentor.renderers import RENDERERS
from backend_mentor.renderers.recipe import list_recipes, recipe_bundle, tell_tests
from backend_mentor.renderers.view import View
from backend_mentor.rules.requests import ask_about, escalate_request
from backend_mentor.shelf import read_recipe, read_recipes

TEXT = "an endpoint for user authentication"


@pytest.fixture(scope="module")
def review() -> Review:
    request = read_request(TEXT, read_recipes())
    return Review(
        Cell(TEXT, CellKind.REQUEST),
        Provenance("0.1.0"),
        statement=TEXT,
        explanation=explain_request(request),
        proposals=propose_recipe(request.asked[0].recipe),
        questions=ask_about(request),
        escalations=escalate_request(request),
    )


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_senior_too_sees_the_design_the_reasons_and_what_is_left_out(review: Review, form: str) -> None:
    shown = " ".join(RENDERERS[form](review, View()).split())
    for words in ("hat i understood", "Price:", "left out", "Taken until you say otherwise", "PKCE is less code"):
        assert words.lower() in shown.lower()
    assert "query not run" not in shown


def test_long_code_is_folded_and_whole_where_it_can_be_opened(review: Review) -> None:
    code = review.proposals[0].after
    assert code.splitlines()[-2] not in RENDERERS["text"](review, View())
    assert "%backend apply 1 puts all of them into a cell" in RENDERERS["text"](review, View())
    markdown = RENDERERS["markdown"](review, View())
    assert f"<details><summary>The code</summary>\n\n```python\n{code.strip()}\n```" in markdown
    assert "```sql" not in markdown


def test_a_verdict_on_new_code_speaks_of_its_tests_and_of_nothing_else(review: Review) -> None:
    code = review.proposals[0]
    for tests, verdict, mark in (
        (None, "new, its tests not run here", "?"),
        (TestRun(36, 0), "new, its 36 tests pass", "✓"),
        (TestRun(35, 1), "new, 1 of its 36 tests fail", "✗"),
    ):
        tried = replace(code, proof=Proof(is_new=True, tests=tests))
        text = RENDERERS["text"](replace(review, proposals=(tried,)), View())
        assert f"{mark} {verdict}" in text
        assert "equivalence" not in text


def test_a_cell_of_several_files_is_one_module_without_imports_of_its_own() -> None:
    recipe = read_recipe("jwt-auth")
    code = cell_of_code(recipe)
    compile(code, "cell", "exec")
    assert "from auth_" not in code
    assert "class Settings" in code
    tests = cell_of_tests(recipe)
    compile(tests, "cell", "exec")
    assert "from auth_" not in tests
    assert "from jwt_auth" not in tests
    assert tests.rstrip().endswith("ipytest.run()")


def test_a_page_of_a_recipe_holds_all_that_its_description_says() -> None:
    recipe = read_recipe("caching")
    for text in recipe_bundle(recipe).values():
        shown = " ".join(text.replace("\\", "").split())
        for each in recipe.decisions:
            assert each.choice in shown
        for question in recipe.questions:
            assert question.default in shown
        for left in recipe.leaves_out:
            assert left in shown


def test_the_list_has_a_line_for_each() -> None:
    recipes = read_recipes()
    assert all(recipe.name in list_recipes(recipes) for recipe in recipes)


def test_the_result_of_a_run_shows_output_only_where_a_test_failed() -> None:
    recipe = read_recipe("caching")
    assert count_tests(recipe) > 10
    assert tell_tests(recipe, TestRun(17, 0, "dots")) == "caching: 17 tests passed, run here just now"
    assert "the reason" in tell_tests(recipe, TestRun(16, 1, "the reason"))
