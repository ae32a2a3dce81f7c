"""From files to the pieces that are reviewed: statements of .sql, modules of .py, cells of .ipynb."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.batch import Piece
from backend_mentor.domain.cell import CellKind, Span
from backend_mentor.domain.errors import CellError, MentorError
from backend_mentor.reading.classify import CHARACTERS_AT_MOST, read_cell
from backend_mentor.reading.statements import split_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SUFFIXES = (".sql", ".py", ".ipynb")
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "site-packages", "build", "dist", "venv", "env"})
_LINE_MAGIC = re.compile(r"^[ \t]*%(?:sql|backend)[ \t]+(?P<sql>(?:--?\w[\w-]*(?:[ =]\S+)?[ \t]+)*\S.*)$", re.MULTILINE)
_SQL_START = re.compile(r"\b(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES)\b.*", re.IGNORECASE)
_BACKEND_WORK = re.compile(
    r"\b(fastapi|flask|django|rest_framework|starlette|litestar|sqlalchemy|sqlmodel|sqlite3|psycopg\w*|asyncpg)\b"
    r"|\bread_sql(_query)?\(|\.execute\("
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The pieces of some paths, and the files that hold none."""

    pieces: tuple[Piece, ...]
    passed_over: tuple[tuple[str, str], ...]


def gather(paths: Iterable[str], dialect: str) -> Gathered:
    """Return the pieces of these files and folders, in the order of their names.

    Hidden folders, environments and built things are left out. Raises MentorError for a path that is not there; a
    file that can not be read is passed over with the reason.
    """
    pieces: list[Piece] = []
    passed_over: list[tuple[str, str]] = []
    for path in dict.fromkeys(file for each in paths for file in _files(each)):
        try:
            found = pieces_of(path, path.read_bytes().decode(), dialect)
        except OSError as error:
            passed_over.append((path.as_posix(), error.strerror or "it can not be read"))
        except UnicodeDecodeError:
            passed_over.append((path.as_posix(), "it is not text in UTF-8"))
        except CellError as error:
            passed_over.append((path.as_posix(), error.what))
        else:
            pieces += found
            if not found:
                passed_over.append((path.as_posix(), "it holds no SQL and no backend code"))
    return Gathered(tuple(pieces), tuple(passed_over))


def pieces_of(path: Path, text: str, dialect: str) -> tuple[Piece, ...]:
    """Return what is to be reviewed of one file; raises CellError for a notebook that is none."""
    name = path.as_posix()
    if path.suffix == ".ipynb":
        return tuple(_cells(name, text, dialect))
    if path.suffix == ".py":
        return (Piece(name, 1, text),) if _BACKEND_WORK.search(text) else ()
    return tuple(_statements(name, text, dialect))


def _files(path: str) -> Iterator[Path]:
    root = Path(path)
    if root.is_file():
        yield root
        return
    if not root.is_dir():
        raise MentorError(f"There is no file or folder {path}.", "Give the path of a .sql, .py or .ipynb, or a folder.")
    for folder, inside, files in os.walk(root):
        inside[:] = sorted(each for each in inside if each not in _LEFT_OUT and not each.startswith("."))
        yield from (Path(folder) / each for each in sorted(files) if Path(each).suffix in _SUFFIXES)


def _statements(name: str, text: str, dialect: str) -> Iterator[Piece]:
    if len(text) <= CHARACTERS_AT_MOST and text.strip() and _is_plan(text, name, dialect):
        yield Piece(name, 1, text)
        return
    for start, end in split_statements(text, dialect):
        yield Piece(name, Span.of(text, start, end).line, text[start:end])


def _is_plan(text: str, name: str, dialect: str) -> bool:
    try:
        return read_cell(text, name, dialect).kind is CellKind.PLAN
    except CellError:
        return False


def _cells(name: str, text: str, dialect: str) -> Iterator[Piece]:
    for number, source in code_cells(name, text):
        if source.lstrip().startswith("%%"):
            if re.match(r"\s*%%(sql|backend)\b", source) and "\n" in source.strip():
                yield Piece(name, 1, source, number)
            continue
        for match in _LINE_MAGIC.finditer(source):
            statement = _SQL_START.search(match["sql"])
            if statement:
                start = match.start("sql") + statement.start()
                yield Piece(name, Span.of(source, start, start).line, statement.group(), number)
        if _BACKEND_WORK.search(source) and _is_code(source, name, dialect):
            yield Piece(name, 1, source, number)


def _is_code(source: str, name: str, dialect: str) -> bool:
    try:
        return read_cell(source, name, dialect).kind is CellKind.ENDPOINT
    except CellError:
        return False


def code_cells(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1 among all cells, and the source of each code cell of a notebook's JSON."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"]
        for number, cell in enumerate(cells, start=1):
            if cell["cell_type"] == "code":
                source = cell["source"]
                yield number, source if isinstance(source, str) else "".join(source)
    except (ValueError, KeyError, TypeError) as error:
        raise CellError(
            f"{name} is no notebook of format 4.", "Open it in Jupyter and save it; that writes today's format."
        ) from error
