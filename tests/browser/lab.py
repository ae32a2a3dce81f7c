"""What a user does in JupyterLab, and what they see there."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parent / "screenshots")
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
_numbers = itertools.count(1)
# The width of the icons to the right of the sidebar.
_ACTIVITY_BAR = 33
# What is judged is ours alone. It stands where the user's own headings and landmarks decide what is in order.
_AXE = """
async within => {
  const found = await axe.run(within, {resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: {region: {enabled: false}, 'heading-order': {enabled: false}}});
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`));
}
"""


@dataclass
class Lab:
    """JupyterLab or Notebook 7 with one notebook open."""

    page: Page
    server: str
    folder: Path
    name: str = ""
    """Of the notebook's file."""

    def open(
        self,
        *cells: str | nbformat.NotebookNode,
        kernel: dict[str, str] | None = None,
        at: str = "lab/tree",
    ) -> Lab:
        """Open a new notebook of these cells and wait until it can be worked with."""
        self.name = f"notebook_{next(_numbers)}.ipynb"
        made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        nbformat.write(new_notebook(cells=made, metadata={"kernelspec": kernel or _KERNEL}), self.folder / self.name)
        self.page.goto(f"{self.server}/{at}/{self.name}?reset", wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready.then(() => null)")
        return self

    @property
    def panel(self) -> Locator:
        """The sidebar."""
        return self.page.locator("#backend-mentor-panel")

    def button(self, name: str) -> Locator:
        """A button of the sidebar, by its name or the beginning of it."""
        return self.panel.get_by_role("button", name=name)

    def cell(self, number: int) -> Locator:
        """A cell of the notebook, from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def select(self, number: int) -> None:
        """Make a cell the active one, in command mode."""
        self.cell(number).locator(".jp-InputPrompt").click()

    def text_of(self, number: int) -> str:
        """Return the text of a cell as its model holds it."""
        text = self.page.evaluate(
            "number => window.jupyterapp.shell.currentWidget.content.widgets[number].model.sharedModel.getSource()",
            number,
        )
        assert isinstance(text, str)
        return text

    def command(self, name: str, **arguments: object) -> None:
        """Run a command of the front end and wait for its end."""
        self.page.evaluate(
            "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => null)", [name, arguments]
        )

    def run(self, number: int) -> None:
        """Run a cell and do not wait for its end."""
        self.select(number)
        self.page.keyboard.press("Control+Enter")

    def show_panel(self) -> None:
        """Open the sidebar and wait until it can be used."""
        self.command("backend-mentor:open")
        self.button("Review cell").and_(self.page.locator(":enabled")).wait_for()

    def review(self, number: int = 0) -> None:
        """Review a cell and wait for the whole result, which a first look comes before."""
        self.select(number)
        self.show_panel()
        self.button("Review cell").click()
        self.panel.locator(".bm-head", has_text=f"cell {number + 1} ").wait_for()
        self.button("Review cell").and_(self.page.locator(":enabled")).wait_for()

    def take_theme(self, name: str) -> None:
        """Change the theme and wait until it is there."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def widen_panel(self, pixels: int) -> None:
        """Drag the sidebar's edge until it has about this width."""
        edge = self.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle:visible").last.bounding_box()
        size = self.page.viewport_size
        assert edge is not None
        assert size is not None
        mouse = self.page.mouse
        mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 200)
        mouse.down()
        mouse.move(size["width"] - _ACTIVITY_BAR - pixels, edge["y"] + 200)
        mouse.up()

    def shoot(self, name: str) -> None:
        """Keep a screenshot for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def violations(self, within: str, axe: str) -> list[str]:
        """Return what axe, given as its script, finds wrong within the elements of a selector."""
        self.page.evaluate(axe)
        found = self.page.evaluate(_AXE, within)
        assert isinstance(found, list)
        return found
