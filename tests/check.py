"""Every check in one command: `python -m tests.check` runs all of CHECKS and then the tests."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

# Side by side, the longest first.
CHECKS = (
    ("types", ("mypy",)),
    ("front end", ("tests.front_end",)),
    ("format", ("ruff", "format", "--check", "--quiet", "extension", "tests")),
    ("lint", ("ruff", "check", "--quiet", "extension", "tests")),
    ("floors", ("lint-imports", "--no-cache")),
    ("documents", ("tests.generated", "--check")),
)
# In the order of the folders: the browser's tests, all in one process, are the longest and have to begin early.
TESTS = ("tests", ("pytest", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder", "--quiet"))


def main() -> int:
    """Run each check, all of them even where one fails, and return 1 where any failed."""
    with ThreadPoolExecutor(max_workers=2) as side_by_side:
        passed = [done.result() for done in [side_by_side.submit(passes, *check, is_quiet=True) for check in CHECKS]]
    passed.append(passes(*TESTS))
    failed = [name for (name, _), is_well in zip((*CHECKS, TESTS), passed, strict=True) if not is_well]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...], *, is_quiet: bool = False) -> bool:
    """Run one check in this Python's environment; a quiet one says what it has to say at its end."""
    began = time.monotonic()
    if not is_quiet:
        print(f"--- {name}", flush=True)
    done = subprocess.run(
        [sys.executable, *_as_module(command)],
        check=False,
        text=True,
        stdout=subprocess.PIPE if is_quiet else None,
        stderr=subprocess.STDOUT if is_quiet else None,
    )
    verdict = "passed" if done.returncode == 0 else "FAILED"
    print(f"{done.stdout or ''}--- {name}: {verdict} in {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


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
