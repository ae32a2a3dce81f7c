"""A notebook's copy with a review after each cell that asks a database or answers a request."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from backend_mentor.batch.gather import pieces_of
from backend_mentor.batch.outcomes import outcome_of
from backend_mentor.domain.batch import Outcome, Summary
from backend_mentor.domain.errors import CellError, ConnectError, MentorError, StoppedError
from backend_mentor.pipeline import review
from backend_mentor.renderers import markdown
from backend_mentor.renderers.summary import render_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nbformat import NotebookNode

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.batch import Piece
    from backend_mentor.renderers.view import View

MARK = "backend_mentor"
"""The key of the metadata by which a copy, and a cell that was put into one, are known as ours."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a notebook is reviewed."""

    database: Database
    version: str
    view: View
    analyze: bool | None = None
    progress: Callable[[str], None] = lambda _: None


def annotate(path: Path, target: Path, terms: Terms) -> Summary:
    """Write a copy of a notebook with a review after each cell of SQL or backend code, and return what came of it.

    The original is only read. Raises MentorError where `target` is the original, or a file that is no such copy;
    CellError where `path` holds no notebook.
    """
    import nbformat

    _check_target(path, target)
    text = _read(path)
    pieces = pieces_of(path, text, terms.database.engine.name)
    notebook = cast("NotebookNode", nbformat.reads(text, as_version=4))
    told = [(piece, *_review(piece, terms)) for piece in pieces]
    outcomes = tuple(outcome for _, outcome, _ in told)
    summary = Summary(terms.version, terms.database.name, terms.database.engine.title, outcomes)
    after: dict[int, list[str]] = {}
    for piece, _, words in told:
        after.setdefault(piece.cell or 0, []).append(words)
    nbformat.write(_copy(notebook, after, summary), target)
    return summary


def _check_target(path: Path, target: Path) -> None:
    if target.resolve() == path.resolve():
        raise MentorError("The notebook itself is never written over.", "Name another file with --to.")
    if target.exists() and not _is_copy(target):
        raise MentorError(f"{target} is there already, and is no reviewed copy.", "Name another file with --to.")


def _is_copy(target: Path) -> bool:
    import json

    try:
        return MARK in json.loads(target.read_text(encoding="utf-8"))["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise CellError(f"{path} can not be read: {error.strerror}.", "Give the path of a notebook.") from error
    except UnicodeDecodeError as error:
        raise CellError(f"{path} is not text in UTF-8.", "Give the path of a notebook.") from error


def _review(piece: Piece, terms: Terms) -> tuple[Outcome, str]:
    terms.progress(piece.name)
    try:
        found = review(piece.text, terms.database, name=piece.name, analyze=terms.analyze)
    except (ConnectError, StoppedError):
        raise
    except MentorError as error:
        return Outcome(piece, failures=(str(error),)), f"**Not reviewed.** {markdown.escape(str(error))}"
    return outcome_of(piece, found), markdown.render(found, terms.view)


def _copy(notebook: NotebookNode, after: Mapping[int, Iterable[str]], summary: Summary) -> NotebookNode:
    from nbformat.v4 import new_markdown_cell

    made = copy.deepcopy(notebook)
    head = f"## Review of this notebook\n\n{render_markdown(summary)}"
    cells = [new_markdown_cell(head, metadata={MARK: {"summary": True}})]
    for number, cell in enumerate(made.cells, start=1):
        cells.append(cell)
        cells += [new_markdown_cell(words, metadata={MARK: {"cell": number}}) for words in after.get(number, ())]
    made.cells = cells
    made.metadata[MARK] = {"reviewed": True}
    made.nbformat_minor = max(made.nbformat_minor, 5)
    return made
