"""Python source to a syntax tree, as far as the source is Python."""

from __future__ import annotations

import ast
import re
import warnings

from backend_mentor.domain.cell import Span
from backend_mentor.domain.endpoint import Unread
from backend_mentor.reading.endpoints.magics import logical_lines

_CONTINUES = re.compile(r"[ \t\n#)\]}]|(?:else|elif|except|finally|case)\b|\Z")
_CUTS_AT_MOST = 40
"""How many endings of a block are tried: the line that breaks stands near the end of what is being written."""


class _UnparsedError(Exception):
    """A piece of text is not Python; `line` counts from 1 within the piece."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parse(text: str) -> tuple[ast.Module, tuple[Unread, ...]]:
    """Return the tree of all that parses, and what was left out; the tree is empty where nothing parses."""
    try:
        return _tree(text), ()
    except _UnparsedError:
        pass
    body: list[ast.stmt] = []
    unread: list[Unread] = []
    for start, end in _blocks(text):
        statements, left = _read_block(text, start, end)
        body += statements
        unread += left
    return ast.Module(body=body, type_ignores=[]), tuple(unread)


def _tree(text: str) -> ast.Module:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(text, "<cell>", "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        raise _UnparsedError(error.msg, error.lineno or 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise _UnparsedError(str(error) or "it is nested too deeply", 1) from error
    assert isinstance(tree, ast.Module)  # noqa: S101 - for the type checker: what `exec` compiles to
    return tree


def _blocks(text: str) -> list[tuple[int, int]]:
    starts: list[int] = []
    decorated = False
    for start in logical_lines(text):
        if _CONTINUES.match(text, start):
            continue
        if not decorated:
            starts.append(start)
        decorated = text.startswith("@", start)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _read_block(text: str, start: int, end: int) -> tuple[list[ast.stmt], list[Unread]]:
    piece, above = text[start:end], text.count("\n", 0, start)
    try:
        return _moved(_tree(piece), above), []
    except _UnparsedError as error:
        whole = error
    lines = piece.splitlines(keepends=True)
    first_cut = min(len(lines) - 1, max(whole.line, 1))
    for kept in range(first_cut, max(first_cut - _CUTS_AT_MOST, 0), -1):
        cut = "".join(lines[:kept])
        try:
            statements = _moved(_tree(cut), above)
        except _UnparsedError:
            continue
        return statements, [_unread(text, start + len(cut), end, whole.reason)]
    return [], [_unread(text, start, end, whole.reason)]


def _moved(tree: ast.Module, lines: int) -> list[ast.stmt]:
    for statement in tree.body:
        ast.increment_lineno(statement, lines)
    return tree.body


def _unread(text: str, start: int, end: int, reason: str) -> Unread:
    stripped = len(text[start:end].rstrip())
    return Unread(Span.of(text, start, start + stripped), reason)
