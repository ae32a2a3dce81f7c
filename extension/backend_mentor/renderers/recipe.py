"""A recipe before it is taken: the list of all, and one with its design, its questions and what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.renderers.figures import count
from backend_mentor.renderers.markdown import escape
from backend_mentor.renderers.wrapping import set_label, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backend_mentor.domain.proof import TestRun
    from backend_mentor.domain.recipe import Recipe

_WIDTH = 100


def list_recipes(recipes: Sequence[Recipe]) -> str:
    """Return one line for each recipe: its name, and what it answers."""
    label = max((len(recipe.name) for recipe in recipes), default=0) + 2
    lines = [line for each in recipes for line in set_label(each.name, each.answers, _WIDTH, 2, label)]
    return "\n".join([f"{count(len(recipes), 'recipe')}, each with its tests", *lines])


def recipe_bundle(recipe: Recipe) -> dict[str, str]:
    """Return the recipe's design for a notebook, by MIME type."""
    return {"text/plain": render_recipe(recipe), "text/markdown": render_recipe_markdown(recipe)}


def render_recipe(recipe: Recipe) -> str:
    """Return the recipe's design as text."""
    lines = [f"{recipe.name} · {recipe.title}", "", *wrap(_summary(recipe), _WIDTH, "  ")]
    for heading, rows in _sections(recipe):
        lines += ["", heading.upper(), *(line for label, text in rows for line in set_label(label, text, _WIDTH, 2, 9))]
    return "\n".join(line.rstrip() for line in lines)


def render_recipe_markdown(recipe: Recipe) -> str:
    """Return the recipe's design as Markdown."""
    blocks = [f"### {escape(recipe.title)}", escape(_summary(recipe))]
    for heading, rows in _sections(recipe):
        bullets = "\n".join(f"- *{label}:* {escape(text)}" if label else f"- {escape(text)}" for label, text in rows)
        blocks += [f"**{heading}**", bullets]
    return "\n\n".join(blocks)


def tell_tests(recipe: Recipe, run: TestRun) -> str:
    """Return what came of running a recipe's tests; the output of pytest only where one failed."""
    if run.failed:
        return f"{recipe.name}: {run.failed} failed, {count(run.passed, 'test')} passed\n\n{run.output.rstrip()}"
    return f"{recipe.name}: {count(run.passed, 'test')} passed, run here just now"


def _summary(recipe: Recipe) -> str:
    return " ".join(recipe.summary.split())


def _sections(recipe: Recipe) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    yield "Design", tuple(_design(recipe))
    yield "The whole", (("price", recipe.price), ("not if", recipe.not_if))
    yield "Questions, and the answers taken", tuple(_questions(recipe))
    yield "Left out on purpose", tuple(("", each) for each in recipe.leaves_out)
    if recipe.escalations:
        yield "Take it up", tuple(("", f"{each.text} {each.why}") for each in recipe.escalations)


def _design(recipe: Recipe) -> Iterable[tuple[str, str]]:
    for each in recipe.decisions:
        yield "decide", f"{each.choice}: {each.because}. Price: {each.price}."


def _questions(recipe: Recipe) -> Iterable[tuple[str, str]]:
    for each in recipe.questions:
        yield "ask", f"{each.text} {each.why} Taken: {each.default}."
