"""Cells, read."""

from __future__ import annotations

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.endpoint import Handler, Source
from backend_mentor.reading.endpoints import read_source


def read(text: str) -> Source:
    """Return what a cell of this text holds."""
    return read_source(Cell(text, CellKind.ENDPOINT))


def handler(source: Source, name: str) -> Handler:
    """Return the cell's function of this name."""
    return next(each for each in (*source.handlers, *source.functions) if each.name == name)
