"""Set the project up on a fresh machine with the standard library only: `python3 tests/set_up.py demo|lab|check`.

`demo` makes .venv with what the main job needs and reviews ten slow queries; `lab` adds JupyterLab and all that the
lessons need, and opens it on them; `check` adds what the tests need (Debian's PostgreSQL 15 with HypoPG and its
Chromium too, where apt is at hand) and runs every check.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# What the tests need of Debian, and the file by which it is known to be there.
DEBIAN_PACKAGES = {
    "postgresql-15": Path("/usr/lib/postgresql/15/bin/postgres"),
    "postgresql-15-hypopg": Path("/usr/share/postgresql/15/extension/hypopg.control"),
    "chromium": Path("/usr/bin/chromium"),
    "fonts-dejavu-core": Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
}


def main(arguments: list[str]) -> int:
    """Set up, run what was asked for, and return its exit status."""
    if arguments[:1] not in (["demo"], ["lab"], ["check"]):
        print("Usage: python3 tests/set_up.py demo | lab | check", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  this file is what an older Python meets first
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if not make_environment():
        return 2
    if arguments[0] == "demo":
        install(".")
        status = run(PYTHON, "-m", "backend_mentor", "demo", *arguments[1:])
        print("\nNext: `python3 tests/set_up.py lab` opens JupyterLab on the lessons.")
        return status
    if arguments[0] == "lab":
        # What the lessons need is written down once, for Binder too.
        install((ROOT / "binder" / "requirements.txt").read_text().split()[0])
        return run(PYTHON, "-m", "jupyterlab", *arguments[1:], folder=ROOT / "notebooks")
    install(".[test]")
    install_debian_packages()
    return run(PYTHON, "-m", "tests.check", *arguments[1:])


def make_environment() -> bool:
    """Make .venv where it is not there yet; return whether it is there now."""
    if PYTHON.exists():
        return True
    made = run(sys.executable, "-m", "venv", VENV, quiet=True) == 0
    if not made:
        shutil.rmtree(VENV, ignore_errors=True)
        print("Python's venv module is missing: run `apt-get install python3-venv`, then this again.", file=sys.stderr)
    return made


def install(what: str) -> None:
    """Install the project editable with its extras: by uv where it can be had, by pip otherwise."""
    print(f"Installing {what} into .venv; a minute or less.", flush=True)
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv", quiet=True)
    # Where it fails pip tries the same, and has the last word.
    if uv.exists() and run(uv, "pip", "install", "--python", PYTHON, "--editable", what, quiet=True) == 0:
        return
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", what],
        cwd=ROOT,
        check=True,
    )


def install_debian_packages() -> None:
    """Install what the tests need of Debian where apt is at hand; say what to run where rights are missing."""
    missing = [name for name, file in DEBIAN_PACKAGES.items() if not file.exists()]
    if shutil.which("apt-get") is None or not missing:
        return
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print(f"{', '.join(missing)} missing: run `sudo {' '.join(command)}`, then this again.", file=sys.stderr)
        sys.exit(2)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "--quiet"], command):
        subprocess.run(step, check=True, env=environment, stdout=subprocess.DEVNULL)


def run(*command: object, quiet: bool = False, folder: Path = ROOT) -> int:
    """Run a command in the project's folder, or another one, and return its exit status."""
    output = subprocess.DEVNULL if quiet else None
    # A company's own certificates are the system's; uv asks it for them only where told.
    environment = {"UV_SYSTEM_CERTS": "true", **os.environ}
    words = [str(word) for word in command]
    with subprocess.Popen(words, cwd=folder, stdout=output, stderr=output, env=environment) as process:
        while True:
            # Ctrl-C reaches the command too, which knows how to end: JupyterLab asks first.
            with suppress(KeyboardInterrupt):
                return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
