"""What an `except` clause does with an error, where the code around it shows that nothing is lost by it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.linters import attempts

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT = re.compile(r"#\s*(?P<text>.*)")
_FOR_TOOLS = re.compile(r"(?:noqa|nosec|type:|pylint|pragma|todo|fixme|xxx)\b", re.IGNORECASE)
_FEWEST_WORDS = 2
_TELLS = re.compile(
    r"(?:^|[._])log(?:ger|ging)?(?:[._]|$)|log_|^print$|traceback\.|capture_exception|report_exc|"
    r"^flash$|^messages\.\w+$|^abort$|(?:^|[._])(?:handle|handle_\w+|report|report_error|notify\w*|record_\w+|warn|warnings?)$",
    re.IGNORECASE,
)
_ANSWERS_PROBES = re.compile(
    r"(?:^|_)(?:health\w*|ready|readiness|live|liveness|ping|probe|test|check_connection)(?:_|$)"
)
_ASKS = re.compile(r"_*(?:is|has|can|supports|valid|verify|validate)_")
_TRIES = re.compile(r"#\s*(?:try|tries|attempt|best[ -]effort|if possible|optional)\b", re.IGNORECASE)


def nothing_is_lost(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) says why it drops the error, or an error is told.

    That is so where a comment gives the reason, where the clause stands in one that handles an error already, where the
    next statement raises one, where only something is closed or removed that has had its use, where a module is
    imported that may be missing, where a text of the caller is read that may not be what it should, where the next of
    several ways is tried until one works, and where a name of the module keeps the value that it had before.
    """
    tried, clause = clause_at(tree, line)
    if tried is None or clause is None:
        return False
    return (
        is_explained(lines, clause)
        or any(_TRIES.search(each) for each in lines[max(0, tried.lineno - 2) : tried.body[0].lineno])
        or attempts.only_reads_input(tried)
        or attempts.clears_away(tried)
        or _is_told(tree, tried)
        or attempts.only_imports(tried)
        or _tries_the_next(tree, tried, clause)
        or attempts.keeps_its_default(tree, tried)
    )


def explains_itself(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether a comment in a clause of the `try` around this one (its line from 1) says what it is for."""
    tried, _ = clause_at(tree, line)
    return tried is not None and any(is_explained(lines, each) for each in tried.handlers)


def is_for_import(tree: ast.Module, line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) is for modules that may be missing."""
    tried, _ = clause_at(tree, line)
    return tried is not None and attempts.only_imports(tried)


def expects_what_it_names(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) names its exceptions: what it expects needs no traceback."""
    clause = clause_around(tree, line)
    if clause is None or clause.type is None:
        return False
    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    return not {ast.unparse(each) for each in kinds} & {"Exception", "BaseException"}


def has_its_traceback(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) writes the traceback too, or is for a missing module."""
    clause = clause_around(tree, line)
    return clause is not None and (logs_traceback(clause) or is_for_import(tree, clause.lineno))


def is_expected(tree: ast.Module, line: int) -> bool:
    """Return whether the broad clause that begins in this line (from 1) is right to be broad, or hides nothing.

    That is so where it raises something or tells a log, its user or whoever handles errors; where a probe is to answer
    that something does not work, whatever the reason; where the lines above read the caller's own input and nothing
    else; where it waits and tries again; and where the error is kept for somebody to read.
    """
    tried, clause = clause_at(tree, line)
    if tried is None or clause is None:
        return False
    nodes = [each for part in clause.body for each in ast.walk(part)]
    if any(isinstance(each, ast.Raise) for each in nodes):
        return True
    called = [ast.unparse(each.func) for each in nodes if isinstance(each, ast.Call)]
    return (
        any(_TELLS.search(each) for each in called)
        or any(each.rpartition(".")[2] == "sleep" for each in called)
        or _is_kept(clause)
        or attempts.only_imports(tried)
        or attempts.only_reads_input(tried)
        or _is_probe(tree, line)
        or (attempts.only_sends(tried) and _is_told(tree, tried))
    )


def clause_around(tree: ast.Module, line: int) -> ast.ExceptHandler | None:
    """Return the innermost clause around a line (from 1)."""
    clauses = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(clauses, key=lambda node: node.lineno, default=None)


def logs_traceback(clause: ast.ExceptHandler) -> bool:
    """Return whether a clause writes the traceback of what it caught."""
    return any(
        ast.unparse(each.func).rpartition(".")[2] in {"exception", "aexception", "print_exc", "format_exc"}
        or any(keyword.arg == "exc_info" for keyword in each.keywords)
        for part in clause.body
        for each in ast.walk(part)
        if isinstance(each, ast.Call)
    )


def clause_at(tree: ast.Module, line: int) -> tuple[ast.Try, ast.ExceptHandler] | tuple[None, None]:
    """Return the clause that begins in a line (from 1), or names an exception there, and the `try` it belongs to."""
    for tried in ast.walk(tree):
        if isinstance(tried, ast.Try):
            for clause in tried.handlers:
                ends = clause.type.end_lineno if clause.type is not None else None
                if clause.lineno <= line <= (ends or clause.lineno):
                    return tried, clause
    return None, None


def _is_kept(clause: ast.ExceptHandler) -> bool:
    """Return whether a clause does something with its exception: what it was is known to somebody."""
    used = {each.id for part in clause.body for each in ast.walk(part) if isinstance(each, ast.Name)}
    return clause.name in used


def _is_probe(tree: ast.Module, line: int) -> bool:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    inner = max(around, key=lambda node: node.lineno, default=None)
    return inner is not None and (_ANSWERS_PROBES.search(inner.name) or _ASKS.match(inner.name)) is not None


def _tries_the_next(tree: ast.Module, tried: ast.Try, clause: ast.ExceptHandler) -> bool:
    """Return whether a `continue` goes on to the next of several ways, and the first that works ends the loop."""
    if not any(isinstance(part, ast.Continue | ast.Pass) for part in clause.body):
        return False
    ends = [*tried.body, *tried.orelse]
    for loop in [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.AsyncFor)]:
        after = loop.body[loop.body.index(tried) + 1 :] if tried in loop.body else []
        inside = tried in loop.body or any(tried in ast.walk(part) for part in loop.body if isinstance(part, ast.If))
        if inside and any(isinstance(part, ast.Return | ast.Break) for part in (*ends, *after)):
            return True
    return False


def is_explained(lines: Sequence[str], clause: ast.ExceptHandler) -> bool:
    """Return whether a comment of at least two words stands in a clause, or in the line above it."""
    above = lines[clause.lineno - 2 : clause.lineno - 1] if clause.lineno > 1 else ()
    held = lines[clause.lineno - 1 : clause.end_lineno or clause.lineno]
    return any(_gives_reason(text) for text in (*(each for each in above if each.lstrip().startswith("#")), *held))


def _gives_reason(line: str) -> bool:
    found = _COMMENT.search(line)
    text = found["text"] if found else ""
    reason = text.partition(" - ")[2] if _FOR_TOOLS.match(text) else text
    return len(reason.split()) >= _FEWEST_WORDS


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
