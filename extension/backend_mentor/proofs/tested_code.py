"""Tests of proposed code, really run: in a process of their own, in a fresh folder, with limits."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError, TimeLimitError
from backend_mentor.domain.proof import TestRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backend_mentor.domain.recipe import Recipe

# Runs inside the new process: limits first, so that no line of the code under test runs without them.
_RUNNER = """
import json, sys
seconds, memory_bytes, file_bytes, result, *arguments = sys.argv[1:]
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_bytes), int(file_bytes)))

def stay_home(event, values):
    if event == "socket.connect" and isinstance(values[1], tuple) and values[1][0] not in ("127.0.0.1", "::1"):
        raise PermissionError("tests run without a network")
    if event == "socket.getaddrinfo" and values[0] not in ("127.0.0.1", "::1", "localhost", None):
        raise PermissionError("tests run without a network")

sys.addaudithook(stay_home)
sys.path.insert(0, "")
import pytest

class Count:
    passed = failed = 0
    def pytest_runtest_logreport(self, report):
        self.passed += report.when == "call" and report.passed
        self.failed += report.failed
    def pytest_collectreport(self, report):
        self.failed += report.failed

count = Count()
status = int(pytest.main(arguments, plugins=[count]))
with open(result, "w") as file:
    json.dump({"passed": count.passed, "failed": count.failed, "status": status}, file)
"""
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
# Each run would wait for what is installed beside pytest and does nothing in one small folder.
_UNUSED_PLUGINS = ("cacheprovider", "xdist", "xdist.looponfail", "faker", "platformdirs")
_OUTPUT_CHARACTERS = 20_000
_NOTHING_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class TestLimits:
    """How much a run of tests is given."""

    __test__ = False  # or pytest would collect it

    seconds: int = 300
    """Of the clock; a machine that is shared takes several times what the work needs."""
    processor_seconds: int = 120
    memory_bytes: int = 4 * 2**30
    """Of address space; argon2 alone asks for 64 MiB a hash, and each thread reserves 8 MiB."""
    file_bytes: int = 64 * 2**20
    """Of any one file written."""


def run_tests(files: Mapping[str, str], limits: TestLimits = TestLimits(), requires: Iterable[str] = ()) -> TestRun:
    """Write the files into a folder of their own, run pytest there and return what came of it.

    The process has no network but loopback, none of the caller's variables, and `limits`. That keeps honest code
    honest; it is no sandbox for hostile code. Raises NotSupportedError where something of `requires` is not installed,
    and TimeLimitError after `limits.seconds`.
    """
    _check_installed(("pytest", *requires))
    with tempfile.TemporaryDirectory(prefix="backend-mentor-tests-") as name:
        folder = Path(name)
        for each, text in files.items():
            (folder / each).write_text(text, "utf-8")
        output = _run(folder, limits)
        return _outcome(folder / "result.json", output)


def run_recipe_tests(recipe: Recipe, limits: TestLimits = TestLimits()) -> TestRun:
    """Run a recipe's own tests on its own code, as `run_tests` does."""
    files = {file.name: file.text for file in (*recipe.files, *recipe.tests)}
    return run_tests(files, limits, recipe.requires)


def _check_installed(requires: Iterable[str]) -> None:
    missing = [each for each in requires if not _is_installed(re.split(r"[\[<>=!~; ]", each)[0])]
    if missing:
        raise NotSupportedError(
            f"The tests need what is not installed here: {', '.join(missing)}.",
            'Install it: pip install "backend-mentor[recipes]"',
        )


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _run(folder: Path, limits: TestLimits) -> str:
    unused = [option for name in _UNUSED_PLUGINS for option in ("-p", f"no:{name}")]
    options = ["-q", *unused, "-W", "error", f"--rootdir={folder}", "-c", os.devnull, str(folder)]
    figures = [str(each) for each in (limits.processor_seconds, limits.memory_bytes, limits.file_bytes)]
    variables = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own interpreter; what it runs is what the user asked to run
        [sys.executable, "-c", _RUNNER, *figures, str(folder / "result.json"), *options],
        cwd=folder,
        env={**variables, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeLimitError(
                f"The tests did not end within {limits.seconds} s and were stopped.",
                "Look for a loop or a wait in them.",
            ) from error
        finally:
            _end(process)
    return output.decode(errors="replace")[-_OUTPUT_CHARACTERS:]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started; an interrupt of the caller comes through here too."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _outcome(result: Path, output: str) -> TestRun:
    try:
        counted = json.loads(result.read_text())
    except (OSError, ValueError):
        # The process ended before its tests did: a limit, a crash, an exit in the code under test.
        return TestRun(0, 1, output)
    failed = counted["failed"]
    if counted["status"] and not failed:
        failed = 1
        output += "No test was found.\n" if counted["status"] == _NOTHING_COLLECTED else ""
    return TestRun(counted["passed"], failed, output)
