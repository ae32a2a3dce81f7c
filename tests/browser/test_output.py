"""A review in a saved notebook, opened again without running anything."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
from nbformat.v4 import new_code_cell, new_output
from playwright.sync_api import expect

from backend_mentor.renderers.mime import REVIEW_TYPE, render
from tests.browser.lab import Lab
from tests.sample_reviews import SAMPLES

Open = Callable[..., Lab]
HOSTILE = (
    "</script></code><img src=x onerror=\"window.hurt=1\"><svg onload='window.hurt=1'> [a](javascript:window.hurt=1)"
)


def saved(name: str, change: Callable[[object], object] = lambda value: value) -> nbformat.NotebookNode:
    """A cell with the output that a review of the samples leaves behind."""
    bundle = render(*SAMPLES[name])
    bundle[REVIEW_TYPE] = change(bundle[REVIEW_TYPE])
    return new_code_cell("%%backend", outputs=[new_output("display_data", data=bundle)])


def with_hostile_texts(value: object) -> object:
    """The same JSON, every text in it a hostile one."""
    if isinstance(value, dict):
        return {key: with_hostile_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_hostile_texts(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


def test_a_saved_review_is_drawn_with_its_counterexample_and_without_a_violation_of_wcag(lab: Open, axe: str) -> None:
    here = lab(saved("slow_orders"), saved("unpaid_invoices"), saved("tempting_not_exists"))
    review = here.page.locator(".bm-output .bm-review").first
    expect(review.get_by_role("heading", name="Better version")).to_be_visible()
    expect(review.get_by_role("heading", name="Tempting, but wrong")).to_be_visible()
    expect(review.get_by_role("table").first.get_by_role("columnheader").first).to_have_text("id")
    expect(here.page.locator(".bm-output")).to_have_count(3)
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        here.take_theme(theme)
        here.shoot(f"output {theme}")
        assert here.violations(".bm-output", axe) == []


def test_a_review_of_another_version_says_so(lab: Open) -> None:
    here = lab(saved("leave_it", lambda _: {"version": "0"}))
    expect(here.page.locator(".bm-output")).to_contain_text("saved by another version")


def test_hostile_texts_stay_text(lab: Open) -> None:
    here = lab(saved("slow_orders", with_hostile_texts), saved("tempting_not_exists", with_hostile_texts))
    expect(here.page.locator(".bm-output").first).to_contain_text(HOSTILE)
    assert here.page.locator(".bm-output").locator("img, svg, script, a").count() == 0
    assert here.page.evaluate("window.hurt") is None
