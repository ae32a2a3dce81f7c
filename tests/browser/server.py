"""A JupyterLab server of a test's own, with Notebook 7 beside it, on a folder of the test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.browser.environment import Environment

_SECONDS_TO_START = 60
# No question about news, which would lie over the page.
_SETTINGS = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}


@contextmanager
def start_server(environment: Environment, folder: Path, variables: dict[str, str]) -> Iterator[str]:
    """Serve `folder` and yield the address; the server and its kernels, which see `variables`, end with the block."""
    for name, values in _SETTINGS.items():
        path = Path(environment.variables()["JUPYTERLAB_SETTINGS_DIR"]) / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port = _free_port()
    log = environment.folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [environment.python, "-m", "jupyterlab", *_options(port, folder)],
            env={**environment.variables(), **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(url, process, log)
            yield url
        finally:
            _end(process)


def _options(port: int, folder: Path) -> list[str]:
    return [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/status", timeout=1):
                return
        except (URLError, OSError):
            continue
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(15)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
