"""From the click to the first result in the sidebar, for each demo query: `python -m tests.benchmarks.sidebar`.

In Debian's Chromium, on the installed wheel; the first review, which loads the package, is told apart.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from backend_mentor.demo.queries import QUERIES
from tests.browser.environment import make_environment
from tests.browser.lab import Lab
from tests.browser.server import start_server

_ACTIVATION = "performance.getEntriesByName('backend-mentor:plugin', 'measure')[0].duration"


def main() -> int:
    """Measure, and print one line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "served").mkdir()
        environment = make_environment(folder)
        with (
            start_server(environment, folder / "served", {"DATABASE_URL": "demo"}) as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.set_default_timeout(120_000)
            measure(page, Lab(page, url, folder / "served"))
            browser.close()
    return 0


def measure(page: Page, lab: Lab) -> None:
    """Review every query of the demo once, and print the seconds until something of it is shown."""
    lab.open(*(query.sql["sqlite"] for query in QUERIES))
    print(f"activation in the page: {page.evaluate(_ACTIVATION):.1f} ms")
    lab.show_panel()
    seconds = [first_result(lab, number) for number in range(len(QUERIES))]
    for query, taken in zip(QUERIES, seconds, strict=True):
        print(f"{query.name:<24} {taken:6.2f} s")
    first, then = seconds[0], statistics.median(seconds[1:])
    print(f"click to first result: {first:.2f} s with the package to load, then {then:.2f} s")


def first_result(lab: Lab, number: int) -> float:
    """Return the seconds from the click to the first look at a cell's review; the rest is awaited."""
    lab.select(number)
    lab.button("Review cell").and_(lab.page.locator(":enabled")).wait_for()
    began = time.perf_counter()
    lab.button("Review cell").click()
    lab.panel.locator(".bm-head", has_text=f"cell {number + 1} ").wait_for()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
