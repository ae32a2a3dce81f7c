"""Which values of a function come from its caller as text, and so can hold anything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.rules.endpoint.code import (
    Function,
    defaults,
    dotted,
    last_name,
    names_in,
    own_nodes,
    parameters,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

# These answer with a number, an identifier or a yes: no text of the caller's is left in it.
_CLEANERS = frozenset(
    {
        "int", "float", "bool", "len", "Decimal", "UUID", "round", "abs", "sum", "hash", "isinstance", "escape",
        "quote", "quote_plus", "secure_filename", "ord", "range", "date", "fromisoformat", "sha256", "uuid4",
    }
)  # fmt: skip
_TEXT_TYPES = frozenset({"str", "bytes", "dict", "list", "Any", "AnyStr", "SecretStr", "UploadFile"})
_REQUEST_PARTS = frozenset(
    {
        "args", "form", "values", "json", "get_json", "query_params", "path_params", "headers", "cookies", "GET",
        "POST", "data", "files", "body", "stream", "get_data", "META", "COOKIES",
    }
)  # fmt: skip
_SENT = frozenset(
    {ParameterKind.PATH, ParameterKind.QUERY, ParameterKind.FORM, ParameterKind.HEADER, ParameterKind.COOKIE}
)
_WRAPPERS = frozenset({"Annotated", "Optional", "Union", "list", "List", "Sequence", "set", "tuple", "dict", "Dict"})


def reads_request(node: ast.AST) -> bool:
    """Return whether an expression reads what the caller sent, from a `request`."""
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in _REQUEST_PARTS
        and dotted(each.value).rpartition(".")[2] in {"request", "req", "ws", "websocket"}
        for each in _unclean(node)
    )


def text_parameters(function: Function) -> frozenset[str]:
    """Return the parameters that hold text; one that is not annotated counts where its default is a text."""
    given = defaults(function)
    found = set()
    for each in parameters(function):
        default = given.get(each.arg)
        if last_name(default) in {"Depends", "Security"} or "Depends" in ast.dump(each.annotation or ast.Pass()):
            continue
        if (each.annotation is not None and _kinds(each.annotation) & _TEXT_TYPES) or (
            each.annotation is None and isinstance(default, ast.Constant) and isinstance(default.value, str)
        ):
            found.add(each.arg)
    return frozenset(found)


def caller_text(function: Function, sources: frozenset[str]) -> frozenset[str]:
    """Return the variables of a function that hold text of its caller: the sources, and what is made of them.

    Follows assignments in the order of the text. A variable that is checked against a fixed set of values
    (`if order in COLUMNS`) is trusted from its check on, whatever the branch: a wrong finding costs more.
    """
    found = set(sources)
    for node in own_nodes(function):
        value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
        if (isinstance(node, ast.AugAssign) and holds(node.value, frozenset(found))) or (
            value is not None and (holds(value, frozenset(found)) or reads_request(value))
        ):
            found |= targets(node)
        elif value is not None:
            found -= targets(node)
    return frozenset(found - _checked(function))


def holds(node: ast.AST, tainted: frozenset[str]) -> bool:
    """Return whether a value made by the expression can hold the text of one of the variables."""
    return any(isinstance(each, ast.Name) and each.id in tainted for each in _unclean(node))


def _unclean(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression whose text gets into its value."""
    if isinstance(node, ast.Call) and last_name(node) in _CLEANERS:
        return
    if isinstance(node, ast.Compare | ast.Lambda):
        return
    yield node
    # Of a choice only the two outcomes get into the value, of a look-up only what is looked up in.
    children = [node.body, node.orelse] if isinstance(node, ast.IfExp) else list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Subscript):
        children = [node.value]
    if isinstance(node, ast.Call) and last_name(node) == "get" and isinstance(node.func, ast.Attribute):
        children = [node.func.value, *node.args[1:]]
    for child in children:
        yield from _unclean(child)


def _checked(function: Function) -> frozenset[str]:
    """Return variables that are compared with a set of values, a literal or a pattern, or checked by a function."""
    found: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn | ast.Eq):
            found |= names_in(node.left)
        elif (isinstance(node, ast.Call) and last_name(node) in {
            "match", "fullmatch", "isidentifier", "isalnum", "isdigit", "isdecimal", "is_relative_to",
            "url_has_allowed_host_and_scheme", "startswith",
        }) or (isinstance(node, ast.Call) and last_name(node).lstrip("_").startswith(
            ("validate", "check", "is_", "ensure", "sanitize", "safe", "verify", "allow", "assert")
        )):  # fmt: skip
            found |= names_in(node)
    return frozenset(found)


def _kinds(annotation: ast.expr) -> frozenset[str]:
    """Return the types that an annotation allows, those of a wrapped one too."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return frozenset()
    if isinstance(annotation, ast.Subscript):
        name = last_name(annotation.value)
        if name == "Annotated" and isinstance(annotation.slice, ast.Tuple):
            return _kinds(annotation.slice.elts[0])
        if name not in _WRAPPERS:
            return frozenset()
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        return frozenset().union(*map(_kinds, parts))
    if isinstance(annotation, ast.BinOp):
        return _kinds(annotation.left) | _kinds(annotation.right)
    return frozenset({last_name(annotation)})


def text_of_callers(source: Source) -> Iterator[tuple[Function, frozenset[str]]]:
    """Yield the function of each handler of requests with the variables that hold text of its caller."""
    for handler in source.handlers:
        if handler.node is not None and handler.kind in (HandlerKind.ROUTE, HandlerKind.WEBSOCKET):
            sent = frozenset(each.name for each in handler.parameters if each.kind in _SENT)
            yield handler.node, caller_text(handler.node, text_parameters(handler.node) & sent)
