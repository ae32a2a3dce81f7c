"""One environment, one server and one browser for all browser tests; a page and a notebook for each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.environment import Environment, make_environment
from tests.browser.lab import Lab
from tests.browser.server import start_server
from tests.browser.shop import make_shop

CHROMIUM = "chromium"
PACKAGE = Path(__file__).resolve().parent.parent.parent / "extension" / "labextension"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_MILLISECONDS = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a package of Node's where there is no npm."""
    if shutil.which("npm") is None:
        items[:] = [item for item in items if "axe" not in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="package")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment that holds the built wheel, where no Node is on the path."""
    return make_environment(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server serves, with the shop's database in it."""
    made = tmp_path_factory.mktemp("served")
    make_shop(made / "shop.db")
    return made


@pytest.fixture(scope="package")
def server(environment: Environment, folder: Path) -> Iterator[str]:
    """The address of a server with JupyterLab and Notebook 7, whose kernels take the shop for their database."""
    with start_server(environment, folder, {"DATABASE_URL": str(folder / "shop.db")}) as url:
        yield url


@pytest.fixture(scope="package")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Debian's Chromium, with one cache on disk for all pages: JupyterLab is large, and is compiled once there."""
    path = shutil.which(CHROMIUM)
    if path is None:
        pytest.fail("Chromium is missing: apt-get install chromium", pytrace=False)
    expect.set_options(timeout=_MILLISECONDS)
    # Its loop stays in this thread while it runs, and asyncio.run of other tests would refuse to start beside it: it
    # ends with this folder's tests.
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=path,
            args=list(_FLAGS),
            viewport={"width": 1400, "height": 1000},
        )
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def axe() -> str:
    """The script of axe-core, which finds violations of WCAG."""
    path = PACKAGE / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.fail("axe-core is missing: run `npm ci` in extension/labextension", pytrace=False)
    return path.read_text()


@pytest.fixture
def page(context: BrowserContext, server: str) -> Iterator[Page]:
    """An empty page; at its end the test fails where it asked anyone but the server, or a script of ours failed."""
    opened = context.new_page()
    opened.set_default_timeout(_MILLISECONDS)
    asked: list[str] = []
    failed: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: failed.append(f"{error} {error.stack}"))
    yield opened
    opened.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")
    opened.close()
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    # Notebook 7.6 has an error of its own as it starts. The widget's script is a blob.
    assert [error for error in failed if "backend-mentor" in error or "blob:" in error] == []


@pytest.fixture
def lab(page: Page, server: str, folder: Path) -> Callable[..., Lab]:
    """Open a notebook of these cells: `lab("SELECT 1", …)`."""
    return Lab(page, server, folder).open


@pytest.fixture(scope="package")
def bare_kernel(environment: Environment) -> dict[str, str]:
    """A kernel in whose environment the mentor is not installed."""
    start = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(name, path, target=None):\n"
        "        if name == 'backend_mentor': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent)\n"
        "from ipykernel.kernelapp import launch_new_instance\n"
        "launch_new_instance()"
    )
    argv = [str(environment.python), "-c", start, "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Bare", "language": "python", "metadata": {}}
    folder = Path(environment.variables()["JUPYTER_DATA_DIR"]) / "kernels" / "bare"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))
    return {"name": "bare", "display_name": "Bare", "language": "python"}
