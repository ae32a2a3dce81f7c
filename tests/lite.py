"""Build a page without a server: `python -m tests.lite FOLDER` writes JupyterLite with the lessons on SQLite.

All is served from FOLDER, and an open page asks nobody else. It takes the extra `lite`, pip and npm. To look at it:
`python -m http.server --directory FOLDER`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from backend_mentor.demo.database import sqlite_path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ("01-*", "02-*", "03-*", "04-*")
# What the kernel loads before any cell; each needs the ones that Pyodide's own lock file names for it.
_KERNEL_NEEDS = ("ipython", "jedi", "micropip", "msgspec")
# Pyodide's lock file has none of these.
_BESIDE = ("sqlglot>=30.30,<31", "sqlparse>=0.5.3", "comm>=0.2")
_FIRST_CELL = """# Installs what is served with this page, and unpacks the demo database: half a minute.
%pip install -q comm backend-mentor
import gzip
from js import location
from pyodide.http import pyfetch
from backend_mentor.demo.database import cache_directory, generator_version

served = await pyfetch(location.href.split("/extensions/")[0] + "/files/demo.gz")
cache_directory().mkdir(parents=True, exist_ok=True)
_ = (cache_directory() / f"demo-{generator_version()}.db").write_bytes(gzip.decompress(await served.bytes()))
"""


def main(arguments: list[str]) -> int:
    """Build the page and return the exit status."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        pack_pyodide(work, PYODIDE_VERSION)
        write_contents(work / "contents")
        wheels = work / "wheels"
        pip("wheel", "--no-deps", "--wheel-dir", wheels, ROOT)
        pip("download", "--no-deps", "--dest", wheels, *_BESIDE)
        settings = {"PipliteAddon": {"piplite_urls": [str(wheel) for wheel in sorted(wheels.iterdir())]}}
        (work / "jupyter_lite_config.json").write_text(json.dumps(settings))
        (work / "jupyter-lite.json").write_text(json.dumps(page_settings()))
        command: list[str | Path] = [
            "jupyterlite_core.app",
            "build",
            "--lite-dir",
            work,
            "--contents",
            work / "contents",
        ]
        subprocess.run(
            [sys.executable, "-m", *command, "--output-dir", Path(arguments[0]).absolute()], cwd=work, check=True
        )
    return 0


def page_settings() -> dict[str, object]:
    """Return what tells the page that its Pyodide is its own."""
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.mjs"}
    settings = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": {"litePluginSettings": settings}}


def write_contents(folder: Path) -> None:
    """Write the lessons, each with a first cell for the browser, and the demo database."""
    folder.mkdir()
    for pattern in LESSONS:
        for path in sorted((ROOT / "notebooks").glob(f"{pattern}.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.insert(0, new_code_cell(_FIRST_CELL))
            notebook.metadata["kernelspec"] = {"name": "python", "display_name": "Python (Pyodide)"}
            nbformat.write(notebook, folder / path.name)
    (folder / "demo.gz").write_bytes(gzip.compress(sqlite_path().read_bytes(), mtime=0))


def pack_pyodide(work: Path, version: str) -> None:
    """Put Pyodide's core and the packages that the kernel needs where the page looks for them."""
    subprocess.run(["npm", "pack", "--silent", f"pyodide@{version}"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(work / f"pyodide-{version}.tgz") as packed:
        packed.extractall(work, filter="data")
    target = work / "static" / "pyodide"
    shutil.copytree(work / "package", target)
    lock = json.loads((target / "pyodide-lock.json").read_text())
    kept = {name: lock["packages"][name] for name in needed(lock["packages"])}
    for package in kept.values():
        wheel = fetch_wheel(package, target, lock["info"])
        package.update(file_name=wheel.name, sha256=hashlib.sha256(wheel.read_bytes()).hexdigest())
    (target / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": kept}))


def needed(packages: dict[str, dict[str, list[str]]]) -> list[str]:
    """Return the names of what the kernel needs, and of what that needs, as the lock file spells them."""
    spelled = {name.lower().replace("_", "-"): name for name in packages}
    found: dict[str, None] = {}
    waiting = list(_KERNEL_NEEDS)
    while waiting:
        name = spelled[waiting.pop().lower().replace("_", "-")]
        if name not in found:
            found[name] = None
            waiting += packages[name]["depends"]
    return sorted(found)


def fetch_wheel(package: dict[str, str], folder: Path, info: dict[str, str]) -> Path:
    """Fetch a package's wheel: a pure one of the lock file's version, else the newest one that is built for Pyodide."""
    words = ["--no-deps", "--only-binary", ":all:", "--python-version", info["python"]]
    name = package["name"]
    if package["file_name"].endswith("none-any.whl"):
        name = f"{name}=={package['version']}"
    else:
        number = "".join(info["python"].split(".")[:2])
        words += ["--implementation", "cp", "--abi", f"cp{number}"]
        words += ["--platform", f"pyemscripten_{info['abi_version']}_wasm32"]
    with tempfile.TemporaryDirectory() as made:
        pip("download", "--dest", made, *words, name)
        (wheel,) = Path(made).iterdir()
        shutil.copy(wheel, folder)
    package["version"] = wheel.name.split("-")[1]
    return folder / wheel.name


def pip(*words: object) -> None:
    """Run pip quietly."""
    command = [sys.executable, "-m", "pip", words[0], "--quiet", "--disable-pip-version-check", *words[1:]]
    subprocess.run([str(word) for word in command], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
