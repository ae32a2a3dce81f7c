"""What an interrupted batch leaves behind: one line of JSON for each outcome, so that the next run goes on."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.batch import Outcome
from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.batch import Piece


_HEADER = b'"backend-mentor journal 1"'


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome, and under which circumstances it came about."""

    key: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Journal:
    """A file of outcomes that grows as they come in."""

    path: Path
    circumstances: str
    """What an outcome depends on beside its piece: version, database, options. Another one makes it void."""

    def read(self) -> dict[str, Outcome]:
        """Return the outcomes of an earlier run by key; a last line that was cut off is left out.

        Raises MentorError where the file is none of ours.
        """
        from msgspec import DecodeError
        from msgspec.json import decode

        lines = self._whole_lines()
        found: dict[str, Outcome] = {}
        for number, line in enumerate(lines[1:], start=2):
            try:
                entry = decode(line, type=Entry)
            except DecodeError as error:
                raise self._refusal(f"line {number} can not be read") from error
            found[entry.key] = entry.outcome
        return found

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Append outcomes, so that they outlast a stop; raises MentorError where the file is none of ours."""
        from msgspec.json import encode

        lines = [encode(Entry(self.key_of(outcome.piece), outcome)) + b"\n" for outcome in outcomes]
        if not self._ends_whole():
            # What a stop cut off goes, so that the new lines begin at a line's beginning.
            self.path.write_bytes(b"".join(line + b"\n" for line in self._whole_lines() or (_HEADER,)))
        with self.path.open("ab") as file:
            file.write(b"".join(lines))

    def _ends_whole(self) -> bool:
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        with self.path.open("rb") as file:
            begins_whole = file.readline() == _HEADER + b"\n"
            file.seek(-1, os.SEEK_END)
            return begins_whole and file.read() == b"\n"

    def _whole_lines(self) -> list[bytes]:
        """Return the lines of the file but a last one that was cut off; the first is the header."""
        content = self.path.read_bytes() if self.path.exists() else b""
        *lines, _ = content.split(b"\n")
        if content and (not lines or lines[0] != _HEADER):
            raise self._refusal("its first line is another")
        return lines

    def _refusal(self, reason: str) -> MentorError:
        return MentorError(f"{self.path} is no journal of a review: {reason}.", "Name another file.")

    def key_of(self, piece: Piece) -> str:
        """Return what names a piece's outcome: the same text at the same place under the same circumstances."""
        parts = (self.circumstances, piece.path, str(piece.cell), str(piece.line), piece.text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
