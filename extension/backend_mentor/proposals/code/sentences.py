"""What a handler does in sentences, each read from its code: rows by their condition, answers, refusals."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import chain, last_name, own_nodes, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import FunctionNode, Handler
    from backend_mentor.domain.work import Query

_LONGEST_CODE = 60
_CHOOSES = frozenset({"where", "filter", "filter_by"})
_ONE = frozenset({"get", "get_one", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none"})
_COUNTS = frozenset({"count", "exists", "sum", "avg"})
_FIRST_ERROR = 400


def sentences_of(handler: Handler) -> tuple[str, ...]:
    """Return what the code shows; nothing where that is no more than its name.

    The first says what is answered, read or written; then come who is checked, and each refusal with its condition.
    """
    node = handler.node
    if node is None:
        return ()
    done = tuple(dict.fromkeys(each for query in handler.queries if (each := _of_query(node, query))))
    found = done or tuple(_of_answers(handler))
    if not found:
        return ()
    guards = (f"Runs after {', '.join(handler.guards)}.",) if handler.guards else ()
    return (*found, *guards, *dict.fromkeys(_of_refusals(handler)))


def _of_query(function: FunctionNode, query: Query) -> str | None:
    statement = _statement(query)
    if len(query.models) != 1 or statement is None:
        return None
    model, names = query.models[0], chain(statement)
    if _COUNTS & set(names) or "func" in {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}:
        return None
    chosen = "" if _is_put_together(function, query) else _choice(statement)
    if chosen is None:
        return None
    if query.writes:
        names = tuple(last_name(each) for each in ast.walk(statement) if isinstance(each, ast.Call))
        is_new = query.method == "add"
        verb = "Delete" if "delete" in names else "Change" if "update" in names else "Store" if is_new else None
        return None if verb is None else f"{verb} a new `{model}`." if is_new else f"{verb} the `{model}` rows{chosen}."
    is_one = (query.method or "") in _ONE or bool(set(_after(function, query)) & _ONE)
    verb = "Return" if _is_returned(function, query) else "Read"
    return f"{verb} the `{model}`{chosen}." if is_one else f"{verb} the `{model}` rows{chosen}."


def _statement(query: Query) -> ast.expr | None:
    if query.is_sql:
        return None
    try:
        return ast.parse(query.text, mode="eval").body
    except SyntaxError:
        return None


def _is_put_together(function: FunctionNode, query: Query) -> bool:
    """Return whether the statement is a variable that is bound more than once: its conditions are not all known."""
    names = {each.id for each in ast.walk(query.call) if isinstance(each, ast.Name)} if query.call else set()
    bound = [name for node in own_nodes(function) for name in targets(node) if name in names]
    return len(bound) != len(set(bound))


def _choice(statement: ast.expr) -> str | None:
    """Return by which condition rows are chosen, empty for all; None where it is too long to be told."""
    told: list[str] = []
    for call in (each for each in ast.walk(statement) if isinstance(each, ast.Call)):
        name = last_name(call)
        if name in {"get", "get_one"} and len(call.args) > 1 and not call.keywords:
            told.append(f"with the key {_code(call.args[1])}")
        if name in _CHOOSES:
            told += [_condition(each) for each in call.args]
            told += [f"whose `{each.arg}` is {_code(each.value)}" for each in call.keywords]
    if any("`" not in each or len(each) > _LONGEST_CODE for each in told):
        return None
    return "".join(f" {'and ' if number else ''}{each}" for number, each in enumerate(told))


def _condition(node: ast.expr) -> str:
    is_equal = isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq)
    if is_equal and isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute):
        return f"whose `{node.left.attr}` is {_code(node.comparators[0])}"
    return f"where {_code(node)}"


def _code(node: ast.expr) -> str:
    text = ast.unparse(node)
    return "" if "`" in text else f"`{text}`"


def _after(function: FunctionNode, query: Query) -> tuple[str, ...]:
    """Return the names of all that is asked of a query's result in one expression."""
    holding = (each for each in own_nodes(function) if isinstance(each, ast.Call) and _holds(query, each))
    widest = next(holding, None)
    names = chain(widest) if widest is not None else ()
    return names[names.index(query.method) :] if query.method in names else ()


def _is_returned(function: FunctionNode, query: Query) -> bool:
    held = {
        name
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and _holds(query, node.value)
        for name in targets(node)
    }
    bound = [name for node in own_nodes(function) for name in targets(node) if name in held]
    for node in own_nodes(function):
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            if isinstance(value, ast.Name) and value.id in held and len(bound) == len(held):
                return True
            if isinstance(value, ast.Call | ast.Await) and _holds(query, value) and not _is_made(value):
                return True
    return False


def _holds(query: Query, node: ast.AST) -> bool:
    return any(each is query.call for each in ast.walk(node))


def _is_made(value: ast.expr) -> bool:
    """Return whether a call makes something of the rows: they are not what is answered then."""
    inner = value.value if isinstance(value, ast.Await) else value
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)


def _of_answers(handler: Handler) -> Iterator[str]:
    for answer in handler.answers:
        node = answer.node.value if answer.node is not None else None
        if not isinstance(node, ast.Subscript | ast.Attribute | ast.BinOp | ast.ListComp):
            continue
        code = _code(node)
        if code and len(code) <= _LONGEST_CODE and "\n" not in code:
            when = f" where `{answer.condition}`" if _is_told(answer.condition) else ""
            yield f"Return {code}{when}."


def _is_told(condition: str | None) -> bool:
    return bool(condition) and len(condition or "") <= _LONGEST_CODE and not set(condition or "") & set('"`\n')


def _of_refusals(handler: Handler) -> Iterator[str]:
    for raised in handler.raises:
        if raised.status is None or raised.caught or raised.status < _FIRST_ERROR:
            continue
        said = f" ({raised.detail})" if raised.detail else ""
        known = _is_told(raised.condition) and not (raised.condition or "").startswith("except")
        yield f"Answers {raised.status}{said}{f' where `{raised.condition}`' if known else ''}."
