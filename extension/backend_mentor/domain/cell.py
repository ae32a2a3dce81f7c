"""The text that the user asked about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a cell holds."""

    SQL = "sql"
    ENDPOINT = "endpoint"
    PLAN = "plan"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a cell, with the line and column (from 1) of its start."""

    start: int
    end: int
    line: int = 1
    column: int = 1

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Return the span of `text[start:end]`, its line and column counted."""
        line_start = text.rfind("\n", 0, start) + 1
        return cls(start, end, text.count("\n", 0, start) + 1, start - line_start + 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One notebook cell, file or pasted text."""

    text: str
    kind: CellKind
    name: str = "cell"
    """What the user calls it: a file's name, `cell`, `stdin`."""
    dialect: str | None = None
    framework: str | None = None
    spans: tuple[Span, ...] = ()
    """Where its statements or handlers stand."""

    @property
    def body(self) -> str:
        """The text after the line of its magic, where it has one."""
        return (self.text[self.spans[0].start :] if self.spans else self.text).strip()
