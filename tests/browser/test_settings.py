"""The settings, changed as a user changes them, and what the open sidebar makes of each at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.environment import Environment
from tests.browser.lab import Lab
from tests.browser.shop import ENDLESS, SLOW, make_shop
from tests.fake_claude.validation import KEY

Open = Callable[..., Lab]
_OURS = "backend-mentor:plugin"
_SAVE = "([id, raw]) => window.jupyterapp.serviceManager.settings.save(id, raw).then(() => null)"


@pytest.fixture
def keyed(environment: Environment) -> dict[str, str]:
    """A kernel with a key, for which nobody answers: what would be sent is only looked at."""
    argv = [str(environment.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    variables = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    spec = {"argv": argv, "display_name": "keyed", "language": "python", "env": variables}
    folder = Path(environment.variables()["JUPYTER_DATA_DIR"]) / "kernels" / "keyed"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"name": "keyed", "display_name": "keyed", "language": "python"}


@pytest.fixture
def usual(page: Page) -> Iterator[None]:
    """Let the tests that follow find the settings as they were."""
    yield
    page.evaluate(_SAVE, [_OURS, "{}"])


def change(here: Lab, key: str, value: str) -> None:
    """Write a value into the settings editor, and go back to the notebook once it is saved."""
    here.command("settingeditor:open", query="Backend Mentor")
    field = here.page.locator(f"[id='jp-SettingsEditor-{_OURS}_{key}']")
    with here.page.expect_response(lambda made: _OURS in made.url and made.request.method == "PUT"):
        field.fill(value)
        field.press("Tab")
    here.page.locator(".lm-TabBar-tab", has_text=here.name).first.click()


@pytest.mark.usefixtures("usual")
def test_connection_time_limit_and_language_are_taken_from_the_settings_at_once(
    lab: Open, folder: Path, keyed: dict[str, str]
) -> None:
    make_shop(folder / "depot.db")
    here = lab(SLOW, ENDLESS, kernel=keyed)
    here.show_panel()
    expect(here.panel).to_contain_text("DATABASE_URL, else the demo database")
    change(here, "alias", "depot.db")
    here.review(0)
    expect(here.panel.locator(".bm-where")).to_contain_text("depot.db · SQLite")
    change(here, "language", "Portuguese")
    here.button("Let Claude answer").click()
    sent = here.panel.get_by_role("group", name="What would leave this machine").locator(".bm-request")
    expect(sent).to_contain_text("Portuguese")
    here.panel.get_by_role("group", name="What would leave this machine").press("Escape")
    change(here, "seconds", "2")
    here.select(1)
    here.button("Optimise").click()
    expect(here.panel).to_contain_text("2,000 ms")
