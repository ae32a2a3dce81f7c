"""What an `except` clause does with an error, where the code around it shows that nothing is lost by it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT = re.compile(r"#\s*(?P<text>.*)")
_FOR_TOOLS = re.compile(r"(?:noqa|nosec|type:|pylint|pragma|todo|fixme|xxx)\b", re.IGNORECASE)
_FEWEST_WORDS = 3
_LOGS = re.compile(r"(?:^|[._])log(?:ger|ging)?(?:[._]|$)|log_|print_exc|capture_exception|report_exc", re.IGNORECASE)
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


def expects_what_it_names(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) names its exceptions: what it expects needs no traceback."""
    clauses = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    clause = max(clauses, key=lambda node: node.lineno, default=None)
    if clause is None or clause.type is None:
        return False
    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    return not {ast.unparse(each) for each in kinds} & {"Exception", "BaseException"}


def is_logged(tree: ast.Module, line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) tells a log what it caught, or raises something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.lineno == line:
            if any(isinstance(each, ast.Raise) for part in node.body for each in ast.walk(part)):
                return True
            called = [each.func for part in node.body for each in ast.walk(part) if isinstance(each, ast.Call)]
            return any(_LOGS.search(ast.unparse(each)) for each in called)
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
    """Return whether each statement of a `try` waits for a task, or is one call that closes or removes something."""
    return all(
        isinstance(part, ast.Expr)
        and (_awaits_task(part.value) or any(_CLEARS.search(name) for name in _called(part.value)))
        for part in tried.body
    )


def _awaits_task(node: ast.expr) -> bool:
    return isinstance(node, ast.Await) and isinstance(node.value, ast.Name | ast.Attribute)


def _called(node: ast.expr) -> list[str]:
    """Return what a call names: its function, and the one that it is given as in `to_thread(os.remove, path)`."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return []
    named = (call.func, *call.args)
    return [ast.unparse(each) for each in named if isinstance(each, ast.Attribute | ast.Name)]


def _is_told(tree: ast.Module, tried: ast.Try) -> bool:
    """Return whether the code stands in a clause already, or comes to a `raise` as soon as the clause has ended."""
    blocks = [
        (node, block)
        for node in ast.walk(tree)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(block, list)
    ]
    inner: ast.AST = tried
    follows: ast.stmt | None = None
    while around := next(((node, block) for node, block in blocks if inner in block), None):
        node, block = around
        if isinstance(node, ast.ExceptHandler):
            return True
        if follows is None:
            following = block[block.index(inner) + 1 :]
            follows = following[0] if following else None
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        inner = node
    return isinstance(follows, ast.Raise)
