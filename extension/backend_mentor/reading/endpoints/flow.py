"""What follows on what in a function: commits, awaits that are missing, files that are looked for and then opened."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.asking import names_session
from backend_mentor.reading.endpoints.trees import (
    argument,
    calls,
    chain,
    constant_text,
    dotted,
    enclosing,
    full_name,
    functions,
    last_name,
    own_calls,
    parents,
    walk,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source

_WRITES = frozenset({"add", "add_all", "delete", "execute", "merge"})
_SLOW = ("httpx", "requests", "client", "stripe", "asyncio")


def commit_pairs(source: Source, handler: Handler) -> Iterator[tuple[ast.Call, ast.Call, str]]:
    """Yield two commits of one session that follow each other in a handler's own block, with a write in between.

    None where something slow stands between them: there the first commit is what lets the connection go.
    """
    del source
    before: ast.Call | None = None
    wrote = slow = False
    for statement in handler.node.body if handler.node is not None else ():
        call = _commit(statement)
        if call is not None:
            same = before is not None and dotted(before.func) == dotted(call.func)
            if before is not None and same and wrote and not slow:
                yield before, call, dotted(call.func).rpartition(".")[0]
            before, wrote, slow = call, False, False
            continue
        inside = [each for each in within(statement) if isinstance(each, ast.Call)]
        wrote = wrote or any(last_name(each) in _WRITES for each in inside)
        slow = slow or any(chain(each)[:1] and chain(each)[0] in _SLOW for each in inside)
        slow = slow or any(isinstance(each, ast.Try) for each in within(statement))


def _commit(statement: ast.stmt) -> ast.Call | None:
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    names = chain(value) if isinstance(value, ast.Call) else ()
    is_commit = names[-1:] == ("commit",) and len(names) == 2 and names_session(names[0])
    return value if is_commit and isinstance(value, ast.Call) else None


def forgotten_awaits(source: Source) -> Iterator[tuple[ast.Call, ast.AsyncFunctionDef]]:
    """Yield each call of an `async def` of the cell, in another one, whose coroutine is certainly not awaited."""
    above = parents(source.tree)
    known = {
        each.name
        for each in functions(source.tree)
        if isinstance(each, ast.AsyncFunctionDef)
        and not each.decorator_list
        and isinstance(next(iter(enclosing(source.tree, each)), None), ast.Module)
        and not any(isinstance(node, ast.Yield) for node in ast.walk(each))
    }
    known -= {each.name for each in functions(source.tree) if isinstance(each, ast.FunctionDef)}
    known -= {each.id for each in walk(source.tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for function in functions(source.tree):
        for call in own_calls(function) if isinstance(function, ast.AsyncFunctionDef) else ():
            if (
                not isinstance(call.func, ast.Name)
                or call.func.id not in known
                or not isinstance(function, ast.AsyncFunctionDef)
            ):
                continue
            around = above.get(call)
            alone = isinstance(around, ast.Expr)
            used = isinstance(around, ast.Subscript | ast.Attribute) and around.value is call
            if isinstance(around, ast.Attribute) and around.attr in {"send", "throw", "close", "__await__"}:
                used = False
            if alone or used:
                yield call, function


@dataclass(frozen=True, slots=True)
class ExclusiveOpen:
    """A file that is opened for writing where it was not found."""

    call: ast.Call
    test: ast.If
    path: str
    mode: str
    mode_node: ast.expr


def exclusive_opens(source: Source) -> Iterator[ExclusiveOpen]:
    """Yield each `open(path, "w…")` under `if not …exists(path)`."""
    for call in calls(source.tree):
        mode_node = argument(call, 1, "mode")
        mode = constant_text(mode_node)
        if dotted(call.func) != "open" or not call.args or mode_node is None or not mode or "w" not in mode:
            continue
        path = ast.unparse(call.args[0])
        test = next((each for each in enclosing(source.tree, call) if isinstance(each, ast.If)), None)
        if test is not None and _asks_for(source, test.test, path) and call.lineno > test.test.lineno:
            in_body = any(call in list(ast.walk(each)) for each in test.body)
            if in_body:
                yield ExclusiveOpen(call, test, path, mode, mode_node)


def _asks_for(source: Source, test: ast.expr, path: str) -> bool:
    if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not) or not isinstance(test.operand, ast.Call):
        return False
    call = test.operand
    by_function = full_name(source.tree, call.func) in {"os.path.exists", "os.path.isfile"} and len(call.args) == 1
    by_method = isinstance(call.func, ast.Attribute) and call.func.attr in {"exists", "is_file"} and not call.args
    if by_function:
        return ast.unparse(call.args[0]) == path
    return by_method and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == path
