"""Build the front end anew and hold the committed build against it: `python -m tests.front_end`.

Needs Node's npm; where there is none, a line says so and nothing is checked.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).resolve().parent.parent / "extension"
SOURCE = EXTENSION / "labextension"
BUILT = (EXTENSION / "backend_mentor" / "labextension", EXTENSION / "backend_mentor" / "surfaces" / "panel")
MOST_BYTES = 300_000


def main() -> int:
    """Install, test and build; return 1 where that fails, the build is not what is committed, or it is too large."""
    if shutil.which("npm") is None:
        print("Node is not at hand here: the committed front end was not built anew to be compared.")
        return 0
    before = digests()
    # jupyter-builder is a command of this environment, which nobody has to have activated.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in (("ci",), ("test",), ("run", "build:prod")):
        done = subprocess.run(
            ["npm", *command], cwd=SOURCE, env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode != 0:
            print(f"npm {' '.join(command)} failed:\n{done.stdout}{done.stderr}", file=sys.stderr)
            return 1
    return report(before, digests())


def report(before: dict[str, str], after: dict[str, str]) -> int:
    """Say what differs and how large the build is; return the exit status."""
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if changed:
        print(f"The committed build was not its source's product; commit it as it is now: {', '.join(changed)}")
    size = sum(path.stat().st_size for path in BUILT[0].rglob("*.js"))
    print(f"The sidebar's scripts have {size:,} bytes, of {MOST_BYTES:,} at most.")
    return 1 if changed or size > MOST_BYTES else 0


def digests() -> dict[str, str]:
    """Return what each built file holds, by its path."""
    files = [
        path for folder in BUILT for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    return {str(path.relative_to(EXTENSION)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


if __name__ == "__main__":
    sys.exit(main())
