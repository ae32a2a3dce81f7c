"""The sidebar in JupyterLab: what a user sees and does there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.shop import ENDLESS, HOSTILE, SLOW

Open = Callable[..., Lab]
ENDLESSLY = "import time\nwhile True: time.sleep(0.1)"


def test_the_active_cell_is_reviewed_and_its_findings_are_marked_in_it(lab: Open) -> None:
    here = lab("a = 1", SLOW)
    here.review(1)
    expect(here.panel).to_contain_text("Take the rewrite date-text-to-range")
    expect(here.panel.get_by_role("tree", name="Plan")).to_be_visible()
    expect(here.cell(1).locator(".bm-mark")).to_have_text("date(made_on) = '2026-03-02'")
    expect(here.page.locator("#jp-main-statusbar")).to_contain_text("shop.db, read-only")


def test_every_theme_and_width_shows_it_without_a_violation_of_wcag(lab: Open, axe: str) -> None:
    here = lab(SLOW)
    here.review()
    for theme in ("JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light"):
        here.take_theme(theme)
        for width in (320, 700):
            here.widen_panel(width)
            here.shoot(f"sidebar {theme} {width}")
        assert here.violations("#backend-mentor-panel", axe) == []


def test_a_cell_is_reviewed_while_another_runs(lab: Open) -> None:
    here = lab(ENDLESSLY, SLOW)
    here.run(0)
    expect(here.cell(0).locator(".jp-InputPrompt")).to_have_text("[*]:")
    here.review(1)
    expect(here.panel).to_contain_text("date-text-to-range")
    expect(here.cell(0).locator(".jp-InputPrompt")).to_have_text("[*]:")


def test_a_review_that_goes_on_and_on_is_stopped(lab: Open) -> None:
    here = lab(ENDLESS)
    here.show_panel()
    here.command("backend-mentor:review", analyze=True)
    expect(here.panel).to_contain_text("Reviewing: plan")
    here.button("Stop").click()
    expect(here.panel).to_contain_text("Stopped.")
    expect(here.button("Review cell")).to_be_enabled()


def test_a_change_is_shown_before_it_is_made_and_can_be_taken_back(lab: Open) -> None:
    here = lab(f"%%backend\n{SLOW}")
    here.review()
    here.button("Show in cell").click()
    expect(here.panel.locator(".bm-pending .bm-added").first).to_contain_text("made_on >= '2026-03-02'")
    assert here.text_of(0) == f"%%backend\n{SLOW}"
    here.shoot("pending change")
    here.button("Replace").click()
    assert "made_on >= '2026-03-02'" in here.text_of(0)
    assert here.text_of(0).startswith("%%backend\n")
    here.button("Undo").click()
    assert here.text_of(0) == f"%%backend\n{SLOW}"
    here.button("Insert below").click()
    expect(here.cell(1)).to_contain_text("made_on >= '2026-03-02'")
    assert here.text_of(0) == f"%%backend\n{SLOW}"


def test_a_change_to_a_cell_that_has_changed_since_is_refused(lab: Open) -> None:
    here = lab(SLOW)
    here.review()
    here.cell(0).locator(".cm-content").fill("SELECT 1")
    here.button("Show in cell").click()
    expect(here.panel.get_by_role("alert")).to_contain_text("does not stand in the cell exactly once")
    assert here.text_of(0) == "SELECT 1"


def test_what_can_not_be_reviewed_names_the_cause_and_the_remedy(lab: Open, axe: str) -> None:
    here = lab("SELECT id FROM part")
    here.show_panel()
    here.button("Review cell").click()
    expect(here.panel.get_by_role("alert")).to_contain_text("the database has no table part")
    assert here.violations("#backend-mentor-panel", axe) == []
    here.shoot("failure")


def test_a_restarted_kernel_is_connected_to_again(lab: Open) -> None:
    here = lab(SLOW)
    here.review()
    here.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(here.button("Review cell")).to_be_enabled()
    here.button("Review cell").click()
    expect(here.panel).to_contain_text("Review finished.")


def test_a_kernel_without_the_mentor_is_told_how_to_get_it(lab: Open, bare_kernel: dict[str, str]) -> None:
    here = lab(SLOW, kernel=bare_kernel)
    here.command("backend-mentor:open")
    expect(here.panel.get_by_role("alert")).to_contain_text("%pip install backend-mentor")
    expect(here.button("Connect again")).to_be_enabled()


def test_a_connection_is_tried_and_made_by_the_form(lab: Open, axe: str) -> None:
    here = lab(SLOW)
    here.show_panel()
    here.button("Connect…").click()
    here.panel.get_by_label("Database").fill("nowhere.db")
    here.button("Test").click()
    expect(here.panel.get_by_role("alert")).to_contain_text("nowhere.db")
    assert here.violations("#backend-mentor-panel", axe) == []
    here.panel.get_by_label("Database").fill("shop.db")
    here.button("Test").click()
    expect(here.panel).to_contain_text("shop.db · SQLite")
    here.panel.get_by_label("Name").fill("store")
    here.panel.get_by_role("button", name="Connect", exact=True).click()
    expect(here.panel).to_contain_text("Connected to shop.db, read-only.")


def test_it_can_be_used_by_the_keyboard_alone(lab: Open) -> None:
    here = lab(SLOW)
    here.show_panel()
    here.select(0)
    here.page.keyboard.press("Control+Shift+B")
    expect(here.panel).to_contain_text("Review finished.")
    here.button("Review cell").focus()
    tree = here.panel.get_by_role("tree", name="Plan")
    for _ in range(30):
        here.page.keyboard.press("Tab")
        if tree.locator(":focus").count():
            break
    expect(tree.locator(":focus")).to_have_attribute("role", "treeitem")
    here.page.keyboard.press("End")
    here.page.keyboard.press("Home")
    expect(tree.get_by_role("treeitem").first).to_be_focused()


def test_hostile_names_and_values_stay_text(lab: Open) -> None:
    here = lab(f"""SELECT "{HOSTILE}" FROM "{HOSTILE}" WHERE "{HOSTILE}" > '{HOSTILE}'""")
    here.review()
    expect(here.panel.locator(".bm-review")).to_contain_text(HOSTILE)
    assert here.panel.locator("img").count() == 0
    assert here.page.evaluate("window.hurt") is None


def test_an_earlier_review_is_shown_again(lab: Open) -> None:
    here = lab(SLOW, "SELECT count(*) FROM parts")
    here.review(0)
    here.review(1)
    here.panel.locator(".bm-history summary").click()
    here.panel.locator(".bm-history").get_by_role("button", name="cell 1: Take the rewrite").click()
    expect(here.panel.locator(".bm-conclusion")).to_contain_text("Take the rewrite date-text-to-range")


def test_a_review_goes_on_while_another_notebook_is_looked_at(lab: Open) -> None:
    other = lab(SLOW).name
    here = lab(ENDLESS)
    here.show_panel()
    here.command("backend-mentor:review", analyze=True)
    expect(here.panel).to_contain_text("Reviewing: plan")
    here.command("docmanager:open", path=other)
    expect(here.button("Review cell")).to_be_enabled()
    here.button("Review cell").click()
    expect(here.panel).to_contain_text("date-text-to-range")
    here.command("docmanager:open", path=here.name)
    here.button("Stop").click()
    expect(here.panel).to_contain_text("Stopped.")
    expect(here.panel).not_to_contain_text("date-text-to-range")


def test_a_hint_keeps_the_answer_back_until_it_is_asked_for(lab: Open) -> None:
    here = lab(SLOW)
    here.show_panel()
    here.button("Hint").click()
    expect(here.panel.get_by_role("heading", name="Hints")).to_be_visible()
    expect(here.panel).not_to_contain_text("made_on >=")
    here.button("Show the answer").click()
    expect(here.panel.get_by_label("Copy: Compare made_on itself")).to_be_visible()


def test_a_cell_is_reviewed_on_postgres(lab: Open, postgres18: str, new_database: Callable[..., str]) -> None:
    url = new_database(postgres18, "CREATE TABLE parts (id integer PRIMARY KEY, made_at timestamp NOT NULL)")
    here = lab("SELECT id FROM parts WHERE made_at::date = '2026-03-02'")
    here.show_panel()
    here.button("Connect…").click()
    here.panel.get_by_label("Database").fill(url)
    here.panel.get_by_role("button", name="Connect", exact=True).click()
    expect(here.panel).to_contain_text("read-only.")
    here.review()
    expect(here.panel.locator(".bm-head")).to_contain_text("PostgreSQL test_")
    expect(here.panel.get_by_role("tree", name="Plan")).to_contain_text("parts")


def test_optimise_runs_the_query_and_measures_what_the_better_version_saves(lab: Open) -> None:
    here = lab(SLOW)
    here.show_panel()
    here.button("Optimise").click()
    expect(here.panel).to_contain_text("equivalent by rule, faster")
    expect(here.panel.get_by_role("heading", name="Better version")).to_be_in_viewport()
