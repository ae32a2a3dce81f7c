"""A cell of Python code, read as far as it is Python; nothing of it is run."""

from __future__ import annotations

from dataclasses import replace

from backend_mentor.domain.cell import Cell
from backend_mentor.domain.endpoint import HandlerKind, Source
from backend_mentor.domain.errors import CellError
from backend_mentor.reading.endpoints.frameworks import framework_of
from backend_mentor.reading.endpoints.handlers import read_functions
from backend_mentor.reading.endpoints.magics import blank_magics
from backend_mentor.reading.endpoints.models import read_models
from backend_mentor.reading.endpoints.parse import parse
from backend_mentor.reading.endpoints.queries import read_queries
from backend_mentor.reading.endpoints.routers import read_routers
from backend_mentor.reading.endpoints.syntax import Reader, imports_of

_CALLED_BY_A_FRAMEWORK = (HandlerKind.ROUTE, HandlerKind.WEBSOCKET)


def read_source(cell: Cell) -> Source:
    """Return what the cell's Python holds; raises CellError where no statement of it can be read.

    Where only parts can be read, `Source.unread` says which parts were left out and why.
    """
    text = blank_magics(cell.text)
    tree, unread = parse(text)
    if not tree.body:
        raise _nothing_read(cell, unread[0].reason if unread else None)
    imports = imports_of(tree)
    framework = framework_of((full for _, full in imports), text)
    offsets = (0, *(at + 1 for at, character in enumerate(text) if character == "\n"))
    bare = Source(text, tree, framework, offsets, imports=imports, unread=unread)
    reader = Reader.of(bare)
    routers, models, queries = read_routers(reader), read_models(reader), read_queries(reader)
    functions = read_functions(reader, routers, models, queries)
    return replace(
        bare,
        handlers=tuple(each for each in functions if each.kind in _CALLED_BY_A_FRAMEWORK),
        functions=tuple(each for each in functions if each.kind not in _CALLED_BY_A_FRAMEWORK),
        queries=queries,
        models=models,
        routers=routers,
    )


def _nothing_read(cell: Cell, reason: str | None) -> CellError:
    if reason is None:
        return CellError(f"{cell.name} holds no Python.", "Put endpoint code into the cell.")
    return CellError(f"{cell.name} is not Python as it stands: {reason}.", "Mend the syntax and review the cell again.")
