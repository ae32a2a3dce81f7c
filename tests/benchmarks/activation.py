"""What the extension adds to JupyterLab's start, in 30 interleaved pairs: `python -m tests.benchmarks.activation`.

Two servers of one environment, in one of which the extension is switched off; the order changes from pair to pair.
Measured inside the page by `performance.measure`, from the navigation's start to the restored application.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.environment import NAME, Environment, make_environment
from tests.browser.server import start_server

PAIRS = 30
_RESTORED = "restored"
_ACTIVATION = "backend-mentor:plugin"
# The application is put into the window as it starts; from there on it tells when it is restored.
_WATCH = f"""
Object.defineProperty(window, 'jupyterapp', {{
  get() {{ return this.watched; }},
  set(app) {{ this.watched = app; app.restored.then(() => performance.measure('{_RESTORED}')); }}
}});
"""


def main() -> int:
    """Measure, and print one line for each figure."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "served").mkdir()
        environment = make_environment(folder)
        switched_off = {"JUPYTER_CONFIG_DIR": str(without_extension(environment))}
        servers = [
            stack.enter_context(start_server(environment, folder / "served", variables))
            for variables in ({}, switched_off)
        ]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context()
        context.add_init_script(_WATCH)
        report(measure(context, *servers))
        browser.close()
    return 0


def without_extension(environment: Environment) -> Path:
    """Return a folder of settings in which the extension is switched off, and nothing else differs."""
    folder = environment.folder / "jupyter" / "config without"
    (folder / "labconfig").mkdir(parents=True)
    (folder / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": {NAME: True}}))
    return folder


def measure(context: BrowserContext, with_it: str, without_it: str) -> list[tuple[float, float, float]]:
    """Return for each pair the milliseconds until all is restored with it and without it, and of its activation.

    The first page of each server fills the browser's cache and is left out.
    """
    pairs = []
    for number in range(PAIRS + 1):
        first, then = (with_it, without_it) if number % 2 else (without_it, with_it)
        taken = {first: open_page(context, first), then: open_page(context, then)}
        (restored, activated), (without, none) = taken[with_it], taken[without_it]
        assert activated, "the extension was not activated where it is switched on"
        assert not none, "the extension was activated where it is switched off"
        pairs.append((restored, without, activated))
    return pairs[1:]


def open_page(context: BrowserContext, server: str) -> tuple[float, float]:
    """Return the milliseconds until the application is restored, and of the extension's activation; 0 for none."""
    page = context.new_page()
    page.goto(f"{server}/lab?reset", wait_until="domcontentloaded")
    duration = "name => performance.getEntriesByName(name, 'measure')[0]?.duration ?? 0"
    page.wait_for_function(duration, arg=_RESTORED, timeout=120_000)
    restored, activated = (float(page.evaluate(duration, name)) for name in (_RESTORED, _ACTIVATION))
    page.close()
    return restored, activated


def report(pairs: list[tuple[float, float, float]]) -> None:
    """Print medians, and how the pairs differ: noise of the machine is in both sides of a pair."""
    with_it, without_it, activations = zip(*pairs, strict=True)
    differences = sorted(one - other for one, other in zip(with_it, without_it, strict=True))
    quarter = len(differences) // 4
    print(f"pairs                        {len(pairs)}")
    print(f"restored with the extension  {statistics.median(with_it):8,.0f} ms")
    print(f"restored without it          {statistics.median(without_it):8,.0f} ms")
    print(
        f"difference within a pair     {statistics.median(differences):8,.0f} ms, middle half"
        f" {differences[quarter]:,.0f} to {differences[-quarter - 1]:,.0f}"
    )
    print(f"activation itself            {statistics.median(activations):8.1f} ms, {max(activations):.1f} at most")


if __name__ == "__main__":
    sys.exit(main())
