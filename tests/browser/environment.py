"""An environment that holds the built wheel alone, Node out of reach, over the packages of this one."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "backend-mentor"
# Where Debian keeps what the tools themselves call; Node is not among it.
_PLAIN_PATH = "/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python with the wheel, and the variables under which it runs."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def variables(self) -> dict[str, str]:
        """Return variables under which nothing of the user's own Jupyter is read or written."""
        own = self.folder / "jupyter"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        return {
            **kept,
            "PATH": f"{self.folder / 'bin'}:{_PLAIN_PATH}",
            "JUPYTER_CONFIG_DIR": str(own / "config"),
            "JUPYTER_DATA_DIR": str(own / "data"),
            "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
            "IPYTHONDIR": str(own / "ipython"),
            "XDG_DATA_HOME": str(own / "share"),
        }

    def run(self, *words: str) -> str:
        """Run its Python and return what it printed, both streams together."""
        return subprocess.run(
            [self.python, *words], check=True, text=True, env=self.variables(), stdout=-1, stderr=subprocess.STDOUT
        ).stdout


def make_environment(folder: Path) -> Environment:
    """Build the wheel, install it alone into a new environment in `folder`, and return that."""
    wheel = _build_wheel(folder / "wheel")
    venv.create(folder / "env", symlinks=True)
    made = Environment(folder / "env")
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(made.folder)}))
    # The packages it needs are this environment's; an editable install of the project itself is not seen through this.
    (packages / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    _link_jupyter(Path(sys.prefix), made.folder)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", made.python, "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )
    return made


def _build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*command, folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _link_jupyter(source: Path, target: Path) -> None:
    """Let the new environment have JupyterLab's own files and the other packages' extensions."""
    shared = source / "share" / "jupyter"
    for each in [*shared.iterdir(), *(shared / "labextensions").iterdir()]:
        if each.name not in ("labextensions", NAME):
            link = target / each.relative_to(source)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(each)
    (target / "etc").mkdir()
    (target / "etc" / "jupyter").symlink_to(source / "etc" / "jupyter")
