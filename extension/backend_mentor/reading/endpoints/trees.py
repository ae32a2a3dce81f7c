"""Questions that rules and fixes ask of Python's syntax trees."""

from __future__ import annotations

import ast
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ASKED_OFTEN = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, as `ast.walk` does; those of a cell or a function are gone through once only.

    A hundred rules ask for the same nodes: without this they took most of the time of a review.
    """
    return iter(_walked(root)) if isinstance(root, _ASKED_OFTEN) else ast.walk(root)


@lru_cache(maxsize=256)
def _walked(root: ast.AST) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(root))


@lru_cache(maxsize=32)
def origins(tree: ast.Module) -> Mapping[str, str]:
    """Return what each imported name stands for, as in `{"post": "requests.post"}`."""
    found: dict[str, str] = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}
    return MappingProxyType(found)


@lru_cache(maxsize=32)
def parents(tree: ast.Module) -> Mapping[ast.AST, ast.AST]:
    """Return the node that each node stands in."""
    return MappingProxyType({child: node for node in walk(tree) for child in ast.iter_child_nodes(node)})


def dotted(node: ast.AST | None) -> str:
    """Return a name as written, `session.query`; empty for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def full_name(tree: ast.Module, node: ast.AST | None) -> str:
    """Return a name with its import undone: `requests.post` for `post` after `from requests import post`."""
    first, dot, rest = dotted(node).partition(".")
    return f"{origins(tree).get(first, first)}{dot}{rest}" if first else ""


def last_name(node: ast.AST | None) -> str:
    """Return the last part of what is named or called: `where` for `select(x).where`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(root: ast.AST) -> Iterator[ast.Call]:
    """Yield each call in a tree."""
    if isinstance(root, _ASKED_OFTEN):
        return iter(_calls(root))
    return (node for node in ast.walk(root) if isinstance(node, ast.Call))


@lru_cache(maxsize=256)
def _calls(root: ast.AST) -> tuple[ast.Call, ...]:
    return tuple(node for node in walk(root) if isinstance(node, ast.Call))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield each function in a tree."""
    return iter(_functions(tree))


@lru_cache(maxsize=32)
def _functions(tree: ast.Module) -> tuple[Function, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, Function))


def own_nodes(function: Function | ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body in the order of the text, without those of functions inside it."""
    return iter(_own(function))


@lru_cache(maxsize=512)
def _own(function: Function | ast.Module) -> tuple[ast.AST, ...]:
    return tuple(node for statement in function.body for node in within(statement))


def within(root: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and those below it in the order of the text, without the insides of functions and classes."""
    yield root
    if not isinstance(root, _SCOPES):
        for child in ast.iter_child_nodes(root):
            yield from within(child)


def own_calls(function: Function) -> Iterator[ast.Call]:
    """Yield the calls of a function's own body."""
    return iter(_own_calls(function))


@lru_cache(maxsize=512)
def _own_calls(function: Function) -> tuple[ast.Call, ...]:
    return tuple(node for node in own_nodes(function) if isinstance(node, ast.Call))


def enclosing(tree: ast.Module, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes around a node, from the inside out."""
    above = parents(tree)
    while node in above:
        node = above[node]
        yield node


def enclosing_function(tree: ast.Module, node: ast.AST) -> Function | None:
    """Return the function that a node runs in; None at the top level and in a lambda."""
    for each in enclosing(tree, node):
        if isinstance(each, Function):
            return each
        if isinstance(each, ast.Lambda):
            return None
    return None


def is_async(tree: ast.Module, node: ast.AST) -> bool:
    """Return whether the node runs on the event loop."""
    return isinstance(enclosing_function(tree, node), ast.AsyncFunctionDef)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument's value."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument that is given by position or by name."""
    if len(call.args) > position and not any(isinstance(each, ast.Starred) for each in call.args[: position + 1]):
        return call.args[position]
    return keyword(call, name)


def has_unpacked(call: ast.Call) -> bool:
    """Return whether `**options` are passed, which can hold anything."""
    return any(each.arg is None for each in call.keywords)


def constant(node: ast.AST | None) -> object:
    """Return a literal's value, None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def constant_text(node: ast.AST | None) -> str | None:
    """Return a literal text."""
    value = constant(node)
    return value if isinstance(value, str) else None


def is_true(node: ast.AST | None) -> bool:
    """Return whether the node is the literal True."""
    return constant(node) is True


def is_false(node: ast.AST | None) -> bool:
    """Return whether the node is the literal False."""
    return constant(node) is False


def names_in(node: ast.AST | None) -> frozenset[str]:
    """Return the variables that an expression reads."""
    if node is None:
        return frozenset()
    return frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def root_name(node: ast.AST) -> str:
    """Return the variable at the start of a chain: `session` for `session.query(User).all()`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def chain(node: ast.AST) -> tuple[str, ...]:
    """Return the names of a chain of calls from its start: `("session", "query", "filter", "all")`."""
    found: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        found.append(node.id)
    return tuple(reversed(found))


def targets(node: ast.AST) -> frozenset[str]:
    """Return the variables that an assignment, loop or `with` gives a value."""
    match node:
        case ast.Assign(targets=given):
            found: list[ast.AST] = list(given)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target) | ast.NamedExpr(target=target):
            found = [target]
        case ast.For(target=target) | ast.AsyncFor(target=target) | ast.comprehension(target=target):
            found = [target]
        case ast.withitem(optional_vars=target) if target is not None:
            found = [target]
        case _:
            return frozenset()
    return frozenset(
        each.id
        for one in found
        for each in ast.walk(one)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )


def unreachable_lines(tree: ast.Module) -> frozenset[int]:
    """Return the lines (from 1) of statements behind one that ends their block in any case, as `raise` does."""
    blocks = (
        block
        for node in walk(tree)
        for name in ("body", "orelse", "finalbody")
        if isinstance(block := getattr(node, name, None), list)
    )
    found: set[int] = set()
    for block in blocks:
        end = next((place for place, part in enumerate(block) if _ends_block(part)), len(block))
        for part in block[end + 1 :]:
            found |= set(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    return frozenset(found)


def _ends_block(part: ast.AST) -> bool:
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
        return isinstance(part.value.func, ast.Name) and part.value.func.id == "abort"
    return isinstance(part, ast.Return | ast.Raise | ast.Continue | ast.Break)


def lines_of_tests(tree: ast.Module) -> frozenset[int]:
    """Return the lines (from 1) of tests: functions by the name of `test_`, and classes that hold such methods."""
    tests = [node for node in walk(tree) if isinstance(node, Function | ast.ClassDef) and _is_test(node)]
    return frozenset(line for node in tests for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _is_test(node: Function | ast.ClassDef) -> bool:
    if isinstance(node, ast.ClassDef):
        return any(isinstance(each, Function) and _is_test(each) for each in node.body)
    return node.name.startswith("test_")


def loops_around(tree: ast.Module, node: ast.AST) -> Iterator[tuple[frozenset[str], ast.expr]]:
    """Yield the variables and the iterable of each loop of the same function that runs the node again and again."""
    inner = node
    for each in enclosing(tree, node):
        if isinstance(each, Function | ast.Lambda | ast.ClassDef):
            return
        if isinstance(each, ast.For | ast.AsyncFor) and inner in each.body:
            yield targets(each), each.iter
        elif isinstance(each, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            for part in each.generators:
                if inner is not part:
                    yield targets(part), part.iter
        inner = each


def parameters(function: Function) -> tuple[ast.arg, ...]:
    """Return all named parameters."""
    given = function.args
    return (*given.posonlyargs, *given.args, *given.kwonlyargs)


def defaults(function: Function) -> Mapping[str, ast.expr]:
    """Return the defaults of a function's parameters."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    found = {
        each.arg: value
        for each, value in zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True)
    }
    found |= {
        each.arg: value for each, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None
    }
    return MappingProxyType(found)
