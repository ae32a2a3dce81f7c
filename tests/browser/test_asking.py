"""Questions about a review, Claude's switch, fixes in the editor, the first look around and the choice of a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.environment import Environment
from tests.browser.lab import Lab
from tests.browser.shop import HOSTILE, SLOW, make_shop
from tests.fake_claude import FakeClaude, Fault, FaultKind, ToolUse, Turn, says, uses
from tests.fake_claude.turns import Text
from tests.fake_claude.validation import KEY

Open = Callable[..., Lab]
THEMES = ("JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light")
PANEL = "#backend-mentor-panel"
QUESTION = "Which column is slow?"
WORDS = f"The column made_on is wrapped in a function. It was {HOSTILE} 90x slower. " * 4


TURNED = "'2026-03-02' = date(made_on)"


def propose(condition: str) -> ToolUse:
    """Return the call by which Claude proposes another condition for the slow query."""
    after = SLOW.replace("date(made_on) = '2026-03-02'", condition)
    words = {"title": "Say it otherwise", "reason": "It asks for the same rows.", "price": "None.", "not_if": ""}
    return ToolUse("report_proposal", {"kind": "rewrite", "statement": 1, "after": after, **words})


def look(here: Lab, name: str, axe: str) -> None:
    """Keep pictures of the sidebar in each theme and width; axe finds nothing in any theme."""
    for width in (320, 700):
        here.widen_panel(width)
        for theme in THEMES:
            here.take_theme(theme)
            here.page.wait_for_selector("#jupyterlab-splash", state="detached")
            here.shoot(f"{name} {theme} {width}")
            if width == 320:
                assert here.violations(PANEL, axe) == []


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeClaude]:
    """A server that says what Claude says: it falls silent in the first answer, and proposes twice in the second."""
    stalls = Turn((Text(WORDS),), fault=Fault(FaultKind.STALL, at=40))
    proposes = uses(propose("made_on BETWEEN '2026-03-02' AND '2026-03-03'"), propose(TURNED))
    with FakeClaude([stalls, proposes, says("The column made_on again.")]) as running:
        yield running


@pytest.fixture(scope="module")
def kernels(environment: Environment, fake: FakeClaude, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two kernels: one whose environment names the server and a key, and one that has no key."""
    bare = {"ANTHROPIC_API_KEY": "", "ANTHROPIC_AUTH_TOKEN": "", "NO_PROXY": "127.0.0.1,localhost"}
    bare |= {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    named = {**bare, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": fake.url}
    for name, variables in (("keyless", bare), ("speaking", named)):
        argv = [str(environment.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": "python", "env": variables}
        folder = Path(environment.variables()["JUPYTER_DATA_DIR"]) / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))


def kernel(name: str) -> dict[str, str]:
    return {"name": name, "display_name": name, "language": "python"}


def test_a_review_answers_questions_and_its_findings_are_fixed_where_they_stand(lab: Open, axe: str) -> None:
    here = lab(SLOW)
    here.review()
    question = here.panel.get_by_label("A question about this review")
    question.fill("Why can the index not be used?")
    question.press("Enter")
    answer = here.panel.get_by_role("region", name="Answer to: Why can the index not be used?")
    expect(answer).to_contain_text("nothing left this machine")
    expect(answer).to_contain_text("function-on-column")
    question.fill("And the weather?")
    here.panel.get_by_role("button", name="Ask", exact=True).click()
    expect(here.panel).to_contain_text("This review says nothing about that.")
    look(here, "questions", axe)
    here.widen_panel(400)
    here.cell(0).locator(".bm-mark").first.hover()
    fix = here.page.get_by_role("button", name="Show the fix")
    expect(fix).to_be_visible()
    assert here.violations(".cm-tooltip", axe) == []
    here.shoot("fix of a finding")
    fix.click()
    expect(here.panel.locator(".bm-pending .bm-added").first).to_contain_text("made_on >= '2026-03-02'")
    assert here.text_of(0) == SLOW
    here.button("Cancel").click()
    here.command("backend-mentor:fix")
    here.button("Replace").click()
    assert "made_on >= '2026-03-02'" in here.text_of(0)
    expect(here.cell(0).locator(".bm-mark")).to_have_count(0)


def test_claude_answers_after_a_yes_to_the_very_bytes_and_is_stopped(
    lab: Open, axe: str, fake: FakeClaude, kernels: None
) -> None:
    here = lab(SLOW, kernel=kernel("speaking"))
    here.review()
    question = here.panel.get_by_label("A question about this review")
    question.fill(QUESTION)
    here.button("Let Claude answer").click()
    consent = here.panel.get_by_role("group", name="What would leave this machine")
    expect(consent).to_be_focused()
    expect(consent).to_contain_text("To whom: 127.0.0.1")
    _, _, shown = consent.locator(".bm-request").text_content().partition("\n\n")
    look(here, "consent", axe)
    consent.press("Escape")
    expect(consent).to_have_count(0)
    here.button("Let Claude answer").click()
    assert fake.requests == []
    here.button("Yes, for shop.db").click()
    expect(here.panel).to_contain_text("Claude answers for shop.db.")
    assert fake.requests == []
    question.press("Enter")
    answer = here.panel.get_by_role("region", name=f"Answer to: {QUESTION}")
    expect(answer).to_contain_text(f"It was {HOSTILE} 90x slower. [not verified: 90x")
    assert fake.requests[0].raw == shown.encode()
    here.button("Stop").click()
    expect(answer).to_contain_text("You stopped the answer")
    expect(answer).to_contain_text("The column made_on is wrapped in a function.")
    assert here.panel.locator("img").count() == 0
    assert here.page.evaluate("window.hurt") is None
    question.fill("What instead?")
    question.press("Enter")
    proposed = here.panel.get_by_role("region", name="Answer to: What instead?")
    wrong = proposed.locator("[data-part=rejected]")
    expect(wrong).to_contain_text("Tempting, but wrong")
    expect(wrong.get_by_role("table").first).to_contain_text("2026-03-03")
    look(here, "answer", axe)
    proposed.get_by_role("button", name="Show in cell").click()
    expect(here.panel.locator(".bm-pending .bm-added").first).to_contain_text(TURNED)
    assert here.text_of(0) == SLOW
    sent = len(fake.requests)
    here.button("Go offline").click()
    expect(here.panel).to_contain_text("nothing leaves this machine")
    assert len(fake.requests) == sent


def test_without_a_key_claude_can_not_be_let_and_the_remedy_is_named(lab: Open, kernels: None) -> None:
    here = lab(SLOW, kernel=kernel("keyless"))
    here.review()
    here.button("Let Claude answer").click()
    expect(here.panel.get_by_role("alert")).to_contain_text("Set ANTHROPIC_API_KEY before you start Jupyter")
    assert here.button("Yes").count() == 0
    here.button("Close").last.click()
    expect(here.panel.get_by_role("alert")).to_have_count(0)


def test_the_first_look_around_is_taken_once_and_a_database_is_picked_among_the_files(
    lab: Open, folder: Path, axe: str
) -> None:
    (folder / "kept").mkdir()
    make_shop(folder / "kept" / "sold.sqlite")
    here = lab(SLOW)
    here.show_panel()
    tour = here.panel.get_by_role("region", name="A first look around")
    expect(tour).to_contain_text("1 of 5")
    here.shoot("tour")
    assert here.violations(PANEL, axe) == []
    tour.get_by_role("button", name="Next").press("Enter")
    expect(tour).to_contain_text("2 of 5")
    expect(tour.get_by_role("button", name="Next")).to_be_focused()
    with here.page.expect_response(lambda made: "/api/workspaces" in made.url and made.request.method == "PUT"):
        here.page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    here.button("Connect…").click()
    here.button("Browse files").click()
    dialog = here.page.locator(".jp-Dialog")
    dialog.get_by_text("kept", exact=True).dblclick()
    dialog.get_by_text("sold.sqlite").click()
    here.shoot("file picker")
    dialog.get_by_role("button", name="Select").click()
    expect(here.panel.get_by_label("Database")).to_have_value("kept/sold.sqlite")
    here.button("Test").click()
    expect(here.panel).to_contain_text("sold.sqlite · SQLite")
    here.panel.get_by_role("button", name="Connect", exact=True).click()
    expect(here.panel).to_contain_text("Connected to sold.sqlite, read-only.")
    settings = {"mentor": "never", "level": "junior"}
    save = "([id, raw]) => window.jupyterapp.serviceManager.settings.save(id, raw)"
    here.page.evaluate(save, ["backend-mentor:plugin", json.dumps(settings)])
    here.page.goto(here.page.url.removesuffix("?reset"))
    here.page.wait_for_selector(".jp-Notebook .jp-Cell")
    here.page.wait_for_selector("#jupyterlab-splash", state="detached")
    here.page.evaluate(save, ["backend-mentor:plugin", "{}"])
    here.review()
    expect(tour).to_be_hidden()
    expect(here.panel.locator("[data-part=findings]")).to_contain_text("seen")
    expect(here.panel).to_contain_text("Offline: the review itself answers")
    assert here.button("Let Claude answer").count() == 0
