"""What a `try` attempts, where that alone shows why its failure is expected."""

from __future__ import annotations

import ast
import re

from backend_mentor.reading.endpoints.trees import targets

_READS_INPUT = frozenset(
    {"loads", "json", "get_json", "decode", "int", "float", "UUID", "Decimal", "fromisoformat", "strptime",
     "b64decode", "urlsafe_b64decode", "parse", "urlparse", "urlsplit", "get", "strip", "lower", "split",
     "partition", "match", "group", "body", "read", "str",
     "rsplit", "rpartition", "split_contents", "encode", "urlencode", "unquote", "unquote_plus",
     "parse_qs", "parse_qsl", "ObjectId", "min", "max"}
)  # fmt: skip
_CONVERTS = re.compile(r"(?:^|_)(?:decode|parse|to_int|b2a_\w+)$|^parse_|^b64|^b2a_")
_SENDS = re.compile(r"send(?:_\w+)?$")
_CLEARS = re.compile(r"close|unlink|rmtree|rmdir|os\.remove|terminate|kill|shutdown|cleanup|release|disconnect")


def only_imports(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` imports something, or gives it a name."""
    return any(isinstance(part, ast.Import | ast.ImportFrom) for part in tried.body) and all(
        isinstance(part, ast.Import | ast.ImportFrom)
        or (isinstance(part, ast.Assign) and not any(isinstance(each, ast.Call) for each in ast.walk(part)))
        for part in tried.body
    )


def keeps_its_default(tree: ast.Module, tried: ast.Try) -> bool:
    """Return whether a `try` that runs as the module loads only gives a value to names that have one."""
    if any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= tried.lineno <= (node.end_lineno or 0)
        for node in ast.walk(tree)
    ):
        return False
    before = [part for part in tree.body if part.lineno < tried.lineno and getattr(part, "value", None) is not None]
    given = frozenset().union(*map(targets, before))
    return all(isinstance(part, ast.Assign) and targets(part) & given for part in tried.body)


def only_reads_input(tried: ast.Try) -> bool:
    """Return whether all that a `try` calls makes a value of a text, so that any failure means the same."""
    called = [
        each.func.attr if isinstance(each.func, ast.Attribute) else ast.unparse(each.func)
        for part in tried.body
        for each in ast.walk(part)
        if isinstance(each, ast.Call)
    ]
    reads = all(name in _READS_INPUT or _CONVERTS.search(name) for name in called)
    return reads and (bool(called) or len(tried.body) == 1)


def only_converts(tried: ast.Try) -> bool:
    """Return whether a `try` makes a value of a text by a call."""
    return only_reads_input(tried) and any(isinstance(each, ast.Call) for part in tried.body for each in ast.walk(part))


def only_sends(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` is one call that sends something."""
    return all(isinstance(part, ast.Expr) and any(_SENDS.search(n) for n in _called(part.value)) for part in tried.body)


def clears_away(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` waits for a task, or is one call that closes or removes something."""
    return all(
        isinstance(part, ast.Expr)
        and (_awaits_task(part.value) or any(_CLEARS.search(name) for name in _called(part.value)))
        for part in tried.body
        if not isinstance(part, ast.Import | ast.ImportFrom)
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
