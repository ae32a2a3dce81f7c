"""One PostgreSQL with the demo data, and one environment with the wheel, for all lessons."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from backend_mentor.demo.connect import RUNNING_SERVER
from backend_mentor.demo.data import make_postgres
from tests import servers
from tests.browser.environment import make_environment


@pytest.fixture(scope="package")
def demo_server(postgres18: str) -> Iterator[str]:
    """The address of a PostgreSQL with the demo data, which `%backend postgres` finds."""
    url = servers.make_database(postgres18)
    make_postgres(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RUNNING_SERVER, url)
        yield url


@pytest.fixture(scope="package")
def wheel_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a kernel in whose environment the wheel is installed, and nothing else of the project."""
    folder = tmp_path_factory.mktemp("installed")
    environment = make_environment(folder)
    spec = {
        "argv": [str(environment.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Wheel",
        "language": "python",
        "env": {name: value for name, value in environment.variables().items() if name.startswith(("PATH", "IPYTHON"))},
    }
    kernels = folder / "jupyter" / "kernels" / "wheel"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        yield "wheel"
