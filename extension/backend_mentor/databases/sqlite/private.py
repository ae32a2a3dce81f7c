"""Private temporary directories, which outlive no process for long."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "backend-mentor-"


def make_directory() -> tempfile.TemporaryDirectory[str]:
    """Return a directory of mode 0700; those that a killed process left behind are removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}[0-9]*-*"):
        if _is_orphan(left):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")


def _is_orphan(directory: Path) -> bool:
    """Tell whether the process that the directory is named for is gone; on Windows none is ever taken for gone."""
    number = directory.name.removeprefix(_PREFIX).split("-")[0]
    if os.name != "posix" or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
