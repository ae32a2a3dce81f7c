"""Every check in one command: `python -m tests.check` runs all of CHECKS, from format to tests."""

from __future__ import annotations

import subprocess
import sys
import time

CHECKS = (
    ("format", ("ruff", "format", "--check", "--quiet", "extension", "tests")),
    ("lint", ("ruff", "check", "--quiet", "extension", "tests")),
    ("types", ("mypy",)),
    ("floors", ("lint-imports", "--no-cache")),
    ("documents", ("tests.generated", "--check")),
    ("front end", ("tests.front_end",)),
    # In the order of the folders: the browser's tests, all in one process, are the longest and have to begin early.
    ("tests", ("pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "--quiet")),
)


def main() -> int:
    """Run each check, all of them even where one fails, and return 1 where any failed."""
    failed = [name for name, command in CHECKS if not passes(name, command)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one check in this Python's environment, with a line that names it."""
    print(f"--- {name}", flush=True)
    began = time.monotonic()
    status = subprocess.run([sys.executable, *_as_module(command)], check=False).returncode
    print(f"--- {name}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


def _as_module(command: tuple[str, ...]) -> tuple[str, ...]:
    if command[0] == "lint-imports":
        # import-linter has a command of its own and no `python -m`.
        return (
            "-c",
            "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()",
            *command[1:],
        )
    return ("-m", *command)


if __name__ == "__main__":
    sys.exit(main())
