"""Where the demo database lives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from backend_mentor.demo import database
from backend_mentor.demo.database import cache_directory, is_whole, sqlite_path
from backend_mentor.domain.errors import ConnectError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo in a cache directory of the test's own."""
    monkeypatch.setenv("BACKEND_MENTOR_CACHE", str(tmp_path))
    path = tmp_path / f"demo-{database.generator_version()}.db"
    shutil.copyfile(sqlite_demo, path)
    return path


def test_it_is_made_once(made: Path) -> None:
    before = made.stat()
    assert sqlite_path() == made
    assert (made.stat().st_ino, made.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.9999])
def test_a_truncated_file_is_not_whole(made: Path, part: float) -> None:
    assert is_whole(made)
    with made.open("r+b") as file:
        file.truncate(int(made.stat().st_size * part))
    assert not is_whole(made)


def test_a_file_of_noise_is_made_anew(made: Path, sqlite_demo: Path) -> None:
    made.write_bytes(b"not a database " * 1_000)
    assert sqlite_path().stat().st_size == sqlite_demo.stat().st_size


def test_two_processes_at_once_leave_one_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKEND_MENTOR_CACHE", str(tmp_path))
    few = "import backend_mentor.demo.rows as rows; rows._ORDERS = 20_000"
    program = [sys.executable, "-c", f"{few}; from backend_mentor.demo.database import sqlite_path; sqlite_path()"]
    processes = [subprocess.Popen(program) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [sqlite_path().name]


def test_the_cache_is_in_the_users_own_cache_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BACKEND_MENTOR_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "backend-mentor"


def test_a_cache_that_can_not_be_written_is_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("no directory")
    monkeypatch.setenv("BACKEND_MENTOR_CACHE", str(tmp_path / "a file"))
    with pytest.raises(ConnectError, match="BACKEND_MENTOR_CACHE"):
        sqlite_path()
