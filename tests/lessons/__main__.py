"""Execute the lessons on the demo and keep their outputs: `python -m tests.lessons [NUMBER…]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat

from tests.lessons.running import LESSONS, execute, settle


def main(numbers: list[str]) -> int:
    """Execute the lessons of these numbers, all where there are none."""
    for path in LESSONS:
        if numbers and path.name.split("-")[0] not in numbers:
            continue
        with tempfile.TemporaryDirectory() as folder:
            notebook = execute(path, "SQLite", Path(folder))
        settle(notebook)
        nbformat.write(notebook, path)
        print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
