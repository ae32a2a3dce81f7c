"""A command line that is really run, in folders where it has to end in different ways."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.lesson import Outcome

if TYPE_CHECKING:
    from backend_mentor.session import Session

_SECONDS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Folder:
    """Files in which a command line is run, and how it has to end there."""

    holds: str
    """What is in it, as a sentence names it: `one critical finding`."""
    files: tuple[tuple[str, str], ...]
    """Path and text of each."""
    status: int


@dataclass(frozen=True, slots=True)
class CommandEnds:
    """The attempt is one line of `command`, and it ends as wanted in each of the folders, on the demo."""

    command: str
    """Its first words, as in `backend-mentor review`."""
    folders: tuple[Folder, ...]

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return how the line ended; see `Goal`. No shell reads it, so it is nothing but this command."""
        words = _words(attempt)
        if words[:2] != self.command.split():
            return Outcome(False, f"The line begins with {self.command}.")
        for folder in self.folders:
            status, said = _run(words[1:], folder)
            if status != folder.status:
                says = f"With {folder.holds} in the folder it ends with {status}, and {folder.status} is wanted. {said}"
                return Outcome(False, says.rstrip())
        ends = "; ".join(f"with {folder.holds} it ends with {folder.status}" for folder in self.folders)
        return Outcome(True, f"It was run: {ends}.")


def _words(attempt: str) -> list[str]:
    lines = [line.strip() for line in attempt.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) != 1:
        raise MentorError(f"One line is wanted, and {len(lines) or 'none'} came.", "Hand in one command line.")
    try:
        return shlex.split(lines[0].removeprefix("!"))
    except ValueError as error:
        raise MentorError(f"The line can not be read: {error}.", "Close every quote that you open.") from error


def _run(words: list[str], folder: Folder) -> tuple[int, str]:
    """Return the exit status, and the last line of complaint where it could not be done."""
    # The user's own database has no part in it: with nothing named, the command is about the demo.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory() as root:
        for path, text in folder.files:
            Path(root, path).parent.mkdir(parents=True, exist_ok=True)
            Path(root, path).write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run(  # noqa: S603  the reader's own command, and no shell reads it
                [sys.executable, "-m", "backend_mentor", *words],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS_AT_MOST,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise MentorError(
                f"The command did not end in {_SECONDS_AT_MOST} seconds.", "Give it the folder alone."
            ) from error
    complaint = ended.stderr.strip().rpartition("\n")[2] if ended.returncode not in (0, 1) else ""
    return ended.returncode, complaint
