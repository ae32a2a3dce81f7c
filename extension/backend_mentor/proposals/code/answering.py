"""How a handler answers: its definition, the call that registers it, and what takes what it raises."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.proposals.code.fix import Edit
from backend_mentor.proposals.code.places import names_bound
from backend_mentor.reading.endpoints.trees import enclosing, full_name, functions, has_unpacked, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Handler, Source
    from backend_mentor.domain.finding import Finding

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_TAKES_ANSWERS = frozenset({"Exception", "BaseException", "HTTPException", "StarletteHTTPException"})


def function_of(source: Source, finding: Finding) -> FunctionNode | None:
    """Return the function that a finding speaks of by its `def` and name."""
    span = finding.place.span
    if span is None:
        return None
    return next((each for each in functions(source.tree) if source.span_of(each).start == span.start), None)


def handler_around(source: Source, node: ast.AST) -> Handler | None:
    """Return the handler of requests whose own body a node runs in; None in a function inside of it."""
    inner = next((each for each in (node, *enclosing(source.tree, node)) if _is_scope(each)), None)
    return next((each for each in source.handlers if each.node is inner), None) if inner is not None else None


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)


def route_call(source: Source, handler: Handler) -> ast.Call | None:
    """Return the one decorator that registers a route of FastAPI; None where it has several, or takes `**options`."""
    if source.framework != "FastAPI" or handler.kind is not HandlerKind.ROUTE or len(handler.routes) != 1:
        return None
    decorators = handler.node.decorator_list if handler.node is not None else []
    found = [
        each
        for each in decorators
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in _METHODS
    ]
    if len(found) != 1 or has_unpacked(found[0]) or not takes_arguments(source, found[0]):
        return None
    return found[0]


def takes_arguments(source: Source, call: ast.Call) -> bool:
    """Return whether one more argument can stand right behind the last: that one has no brackets around it."""
    given = [*call.args, *(each.value for each in call.keywords)]
    if not given:
        return True
    last = max(source.span_of(each).end for each in given)
    rest = re.sub(r"#[^\n]*", "", source.text[last : source.span_of(call).end])
    return not rest.strip(" \t\r\n,").removesuffix(")")


def is_caught(source: Source, node: ast.AST) -> bool:
    """Return whether an `except` around a node takes an HTTPException raised there, or a `finally` ends it."""
    inner = node
    for each in enclosing(source.tree, node):
        if _is_scope(each):
            return False
        if isinstance(each, ast.Try) and inner in each.body:
            kinds = [kind for clause in each.handlers for kind in _kinds(clause)]
            if any(kind in _TAKES_ANSWERS for kind in kinds):
                return True
        if isinstance(each, ast.Try) and any(
            isinstance(part, ast.Return | ast.Break | ast.Continue)
            for statement in each.finalbody
            for part in ast.walk(statement)
        ):
            return True
        inner = each
    return False


def _kinds(clause: ast.ExceptHandler) -> tuple[str, ...]:
    if clause.type is None:
        return ("BaseException",)
    return tuple(last_name(each) for each in getattr(clause.type, "elts", [clause.type]))


def clause_around(source: Source, node: ast.AST) -> ast.ExceptHandler | None:
    """Return the `except` that a node of the same function stands under."""
    for each in enclosing(source.tree, node):
        if _is_scope(each):
            return None
        if isinstance(each, ast.ExceptHandler):
            return each
    return None


def is_called_here(source: Source, function: FunctionNode) -> bool:
    """Return whether the cell uses a function's name anywhere: as a dependency, or in a call of its own."""
    return any(
        (isinstance(each, ast.Name) and each.id == function.name)
        or (isinstance(each, ast.Attribute) and each.attr == function.name and isinstance(each.ctx, ast.Load))
        for each in walk(source.tree)
        if each not in function.decorator_list
    )


def cause_of(source: Source, clause: ast.ExceptHandler) -> tuple[str, tuple[Edit, ...]] | None:
    """Return the name of what a clause has caught, and the edit that gives it one; None where it can have none."""
    if clause.name is not None:
        rebound = (names_bound(each) for each in clause.body)
        return None if any(clause.name in names for names in rebound) else (clause.name, ())
    if clause.type is None or "error" in {*names_bound(source.tree), *_read(source)}:
        return None
    end = source.span_of(clause.type).end
    # Brackets around the type are no part of its node.
    end += len(source.text[end : source.text.index(":", end)].rstrip())
    return "error", (Edit(end, end, " as error"),)


def ends_process(source: Source, tried: ast.Try) -> bool:
    """Return whether what is tried ends the process or the task by an exception of its own."""
    ends = {"sys.exit", "exit", "quit", "os._exit", "asyncio.CancelledError", "SystemExit", "KeyboardInterrupt"}
    named = (each for part in tried.body for each in ast.walk(part) if isinstance(each, ast.Name | ast.Attribute))
    return any(full_name(source.tree, each) in ends for each in named)


def _read(source: Source) -> set[str]:
    return {each.id for each in walk(source.tree) if isinstance(each, ast.Name)}
