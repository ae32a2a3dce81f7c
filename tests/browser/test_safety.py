"""Nothing that a model, a name, a row or an exception says runs or fetches anything, wherever it is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.environment import Environment
from tests.browser.hostile import line, listen, literal, make_database, quote, texts
from tests.browser.lab import Lab
from tests.fake_claude import FakeClaude, ToolUse, Turn, says, uses
from tests.fake_claude.validation import KEY

Open = Callable[..., Lab]
HEAVY = 20
_SHOWN = (
    (1, ".bm-output"),
    (3, ".bm-output"),
    (5, ".jp-RenderedHTML"),
    (5, ".jp-RenderedMarkdown"),
    (5, ".jp-RenderedText"),
    (7, ".jp-RenderedText"),
    (8, ".jp-RenderedText"),
)
"""In which cell of the notebook which form stands."""
_KEPT = tuple((number, ".jp-OutputArea-output") for number in (1, 3, 5, 7, 8))
_EACH_FORM = """
for each in shown.outputs:
    for kind in ("text/html", "text/markdown", "text/plain"):
        if kind in each.data: display({kind: each.data[kind]}, raw=True)
"""
_TRUSTED = """
async name => {
  const ready = () => window.jupyterapp?.shell?.currentWidget?.context;
  while (ready()?.path !== name) await new Promise(done => requestAnimationFrame(done));
  await ready().ready;
  const cells = [...window.jupyterapp.shell.currentWidget.model.cells];
  return cells.filter(cell => cell.type === 'code').every(cell => cell.trusted);
}
"""
# Elements within what is ours, or a reader's rendering of it, that could act or ask.
_ALIVE = """
() => [...document.querySelectorAll('.jp-OutputArea-output *, #backend-mentor-panel *, .bm-widget *')].filter(element =>
  element.matches('script, iframe, object, embed, video, link, meta, base') ||
  [...element.attributes].some(({name, value}) => name.startsWith('on') || /^\\s*javascript:/i.test(value) ||
    // JupyterLab makes links of the addresses in plain text, which show where they go.
    (/https?:/.test(value) && !(element.matches('.jp-RenderedText a') && /^\\w*https?:/.test(element.textContent))))
).map(element => element.closest('.jp-OutputArea-output')?.className + ': ' + element.outerHTML.slice(0, 200))
"""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A database, a kernel and a model that say nothing but hostile texts."""

    said: tuple[str, ...]
    kernel: dict[str, str]
    asked: list[str]
    """The paths that something has fetched."""
    query: str


@pytest.fixture(scope="module")
def hostile(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    home = tmp_path_factory.mktemp("hostile")
    with listen() as (address, asked):
        said = texts(address)
        make_database(home / "hostile.db", said)
        query = (
            f"-- {line(' '.join(said[:4]))}\nSELECT a.{quote(said[0])} AS {quote(said[3])}, a.{quote(said[1])}\n"
            f"FROM {quote(said[0])} AS a WHERE a.id NOT IN (SELECT other FROM {quote(said[1])})\n"
            f"AND a.{quote(said[5])} = {literal(said[1])} AND upper(a.{quote(said[2])}) = {literal(said[0])}"
        )
        with FakeClaude(forever=lambda body: _next_turn(body, said, query)) as fake:
            named = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": fake.url, "NO_PROXY": "127.0.0.1"}
            named |= {"XDG_CACHE_HOME": str(home), "DATABASE_URL": str(home / "hostile.db")}
            yield Hostile(said, _make_kernel(environment, named), asked, query)


def _next_turn(body: dict[str, object], said: tuple[str, ...], query: str) -> Turn:
    """Return reports of hostile texts, then prose of them."""
    turns = body["messages"]
    assert isinstance(turns, list)
    if "tool_result" in json.dumps(turns[-1]):
        return says("\n\n".join((*said, *(f"It is {each} faster." for each in said))))
    more = {"title": said[0], "reason": said[1], "price": said[11], "not_if": said[12]}
    wrong = query.replace("a.id NOT IN", "a.id IN")
    share = {"responsibility": "database"}
    return uses(
        ToolUse("report_proposal", {"kind": "rewrite", "statement": 1, "after": wrong, **more}, "toolu_1"),
        ToolUse("report_proposal", {"kind": "index", "statement": 1, "after": said[0], **more}, "toolu_2"),
        ToolUse("ask_question", {"text": f"{said[2]}?", "why": said[4], **share}, "toolu_3"),
        ToolUse("escalate", {"text": said[4], "why": said[2], **share}, "toolu_4"),
    )


def _make_kernel(environment: Environment, named: dict[str, str]) -> dict[str, str]:
    argv = [str(environment.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Hostile", "language": "python", "metadata": {}, "env": named}
    folder = Path(environment.variables()["JUPYTER_DATA_DIR"]) / "kernels" / "hostile"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"name": "hostile", "display_name": "Hostile", "language": "python"}


@pytest.fixture
def watched(page: Page, hostile: Hostile) -> Iterator[Page]:
    """A page that fails its test where a dialog opened, a marker was set, or the listener was asked."""
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield page
    _nothing_came_alive(page)
    assert dialogs == []
    assert hostile.asked == []


def test_in_a_live_a_reopened_and_an_untrusted_notebook_nothing_runs_and_nothing_is_fetched(
    lab: Open, watched: Page, hostile: Hostile, folder: Path
) -> None:
    cells = (
        "%load_ext backend_mentor",
        f"%%backend\n{hostile.query}",
        "%backend mentor claude",
        f"%backend ask {line(hostile.said[0])} why?",
        f"%%capture shown\n%backend ask {line(hostile.said[7])} and?",
        _EACH_FORM,
        "%backend send",
        f"%%backend\nSELECT {quote(hostile.said[1])} FROM {quote(hostile.said[2])}",
        f"%backend connect {line(hostile.said[1])}",
    )
    here = lab(*cells, kernel=hostile.kernel)
    for number in range(len(cells)):
        here.run(number)
        expect(here.cell(number).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))
    _see_all(here, _SHOWN)
    here.command("docmanager:save")
    saved = nbformat.read(folder / here.name, 4)
    assert json.dumps(saved).count("onerror") > HEAVY
    untrusted = f"untrusted_{here.name}"
    saved.metadata["copied"] = True  # what is trusted is known by its signature
    nbformat.write(saved, folder / untrusted)
    for name in (here.name, untrusted):
        here.page.goto(f"{here.server}/lab/tree/{name}?reset", wait_until="domcontentloaded")
        trusted = here.page.evaluate(_TRUSTED, name)
        assert trusted == (name == here.name)
        _see_all(here, _KEPT)


def test_in_the_sidebar_and_the_widget_panel_nothing_runs_and_nothing_is_fetched(
    lab: Open, watched: Page, hostile: Hostile
) -> None:
    cells = ("%load_ext backend_mentor\n%backend connect $DATABASE_URL", hostile.query, "%backend mentor claude")
    here = lab(*cells, "%backend panel", kernel=hostile.kernel)
    for number in (0, 2, 3):
        here.run(number)
        expect(here.cell(number).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))
    here.review(1)
    question = here.panel.get_by_label("A question about this review")
    question.fill(f"{line(hostile.said[0])} why?")
    question.press("Enter")
    expect(here.panel.get_by_role("region", name="Answer to:")).to_contain_text("not verified")
    widget = watched.locator(".bm-widget")
    widget.get_by_label("What to review").fill(hostile.query)
    widget.get_by_role("button", name="Review", exact=True).click()
    expect(widget.locator(".bm-review")).to_contain_text("onerror")
    _nothing_came_alive(watched)
    widget.get_by_label("What to review").fill(f"SELECT {quote(hostile.said[1])} FROM {quote(hostile.said[2])}")
    widget.get_by_role("button", name="Review", exact=True).click()
    expect(widget.get_by_role("alert")).to_contain_text("onerror")


def _see_all(here: Lab, shown: tuple[tuple[int, str], ...]) -> None:
    """Look at these outputs, each scrolled to as a reader does, and find nothing alive in any."""
    for number, kind in shown:
        here.page.evaluate("n => void window.jupyterapp.shell.currentWidget.content.scrollToItem(n)", number)
        cell = here.page.locator(f'.jp-Cell[data-windowed-list-index="{number}"]')
        expect(cell.locator(kind).last).to_contain_text("=1")
        _nothing_came_alive(here.page)


def _nothing_came_alive(page: Page) -> None:
    # What is decoded or laid out late has its turn.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestIdleCallback(() => done())))")
    assert page.evaluate(_ALIVE) == []
    assert page.evaluate("window.hurt") is None
