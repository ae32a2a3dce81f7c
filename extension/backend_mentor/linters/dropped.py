"""Clauses that drop an error where the code around them shows that nothing is lost by it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT = re.compile(r"#\s*(?P<text>.*)")
_FOR_TOOLS = re.compile(r"(?:noqa|nosec|type:|pylint|pragma|todo|fixme|xxx)\b", re.IGNORECASE)
_FEWEST_WORDS = 3
_CLEARS = re.compile(r"close|unlink|rmtree|rmdir|os\.remove|terminate|kill|shutdown|cleanup|release|disconnect")


def nothing_is_lost(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) says why it drops the error, or an error is told.

    That is so where a comment gives the reason, where the clause stands in one that handles an error already, where the
    next statement raises one, and where only something is closed or removed that has had its use.
    """
    for tried in ast.walk(tree):
        if not isinstance(tried, ast.Try):
            continue
        for clause in tried.handlers:
            if clause.lineno == line:
                return is_explained(lines, clause) or _clears_away(tried) or _is_told(tree, tried)
    return False


def is_explained(lines: Sequence[str], clause: ast.ExceptHandler) -> bool:
    """Return whether a comment of at least three words stands in a clause, or in the line above it."""
    above = lines[clause.lineno - 2 : clause.lineno - 1] if clause.lineno > 1 else ()
    held = lines[clause.lineno - 1 : clause.end_lineno or clause.lineno]
    return any(_gives_reason(text) for text in (*(each for each in above if each.lstrip().startswith("#")), *held))


def _gives_reason(line: str) -> bool:
    found = _COMMENT.search(line)
    text = found["text"] if found else ""
    return not _FOR_TOOLS.match(text) and len(text.split()) >= _FEWEST_WORDS


def _clears_away(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` is one call that closes, removes or stops something."""
    return all(
        isinstance(part, ast.Expr) and any(_CLEARS.search(name) for name in _called(part.value)) for part in tried.body
    )


def _called(node: ast.expr) -> list[str]:
    """Return what a call names: its function, and the one that it is given as in `to_thread(os.remove, path)`."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return []
    named = (call.func, *call.args)
    return [ast.unparse(each) for each in named if isinstance(each, ast.Attribute | ast.Name)]


def _is_told(tree: ast.Module, tried: ast.Try) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and any(each is tried for part in node.body for each in ast.walk(part)):
            return True
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and tried in block:
                following = block[block.index(tried) + 1 :][:1]
                return bool(following) and isinstance(following[0], ast.Raise)
    return False
