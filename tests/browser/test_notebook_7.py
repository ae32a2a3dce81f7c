"""Notebook 7, which has no JupyterLab around it: the sidebar, and the panel that any host of widgets shows."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.shop import HOSTILE, SLOW

Open = Callable[..., Lab]
AT = "notebooks"


def test_the_sidebar_reviews_there_too(lab: Open) -> None:
    here = lab(SLOW, at=AT)
    here.command("backend-mentor:review")
    expect(here.panel).to_contain_text("date-text-to-range")
    expect(here.panel).to_contain_text("shop.db")
    here.shoot("notebook 7 sidebar")


def test_the_widget_panel_reviews_what_is_typed_and_takes_a_proposal(lab: Open, axe: str) -> None:
    here = lab("%load_ext backend_mentor\n%backend panel", at=AT)
    here.run(0)
    panel = here.page.get_by_role("region", name="Backend Mentor").and_(here.page.locator(".bm-widget"))
    text = panel.get_by_label("What to review")
    text.fill(SLOW)
    panel.get_by_role("button", name="Review").click()
    expect(panel).to_contain_text("date-text-to-range")
    panel.get_by_role("button", name="Put into the text above").click()
    assert "made_on >= '2026-03-02'" in text.input_value()
    here.shoot("widget panel")
    assert here.violations(".bm-widget", axe) == []
    here.page.keyboard.press("Control+Z")
    assert text.input_value() == SLOW
    text.fill(f'SELECT * FROM "{HOSTILE}" WHERE \'{HOSTILE.replace(chr(39), chr(39) * 2)}\' = "{HOSTILE}"')
    panel.get_by_role("button", name="Review").click()
    expect(panel.get_by_role("alert").or_(panel.locator(".bm-review"))).to_contain_text("onerror")
    assert panel.locator("img").count() == 0
    assert here.page.evaluate("window.hurt") is None
