"""Which values of a function come from its caller as text, and so can hold anything."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import Handler, HandlerKind, Parameter, ParameterKind
from backend_mentor.reading.endpoints.graphql import read_resolvers
from backend_mentor.rules.endpoint.code import (
    Function,
    defaults,
    dotted,
    last_name,
    own_calls,
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
# What these answer is still made of what they were given. Of any other function nothing is known: mostly it looks up.
_KEEPERS = frozenset(
    {
        "str", "bytes", "repr", "dict", "list", "set", "tuple", "sorted", "reversed", "next", "iter", "join",
        "format", "Path", "PurePath", "PosixPath", "joinpath", "loads", "unquote", "unquote_plus", "urljoin",
        "b64decode", "replace", "text", "SQL", "literal_column", "cast", "expanduser", "expandvars",
        "normpath", "abspath", "absolute", "dedent", "Markup", "StringIO", "BytesIO", "getattr", "fromstring",
        "deepcopy", "copy", "fsdecode", "force_str", "smart_str", "model_dump",
    }
)  # fmt: skip
_TEXT_TYPES = frozenset({"str", "bytes", "dict", "list", "Any", "AnyStr", "SecretStr", "UploadFile"})
_REQUEST_PARTS = frozenset(
    {
        "args", "form", "values", "json", "get_json", "query_params", "path_params", "headers", "cookies", "GET",
        "POST", "data", "files", "body", "stream", "get_data", "META", "COOKIES",
    }
)  # fmt: skip
_SENT = frozenset({ParameterKind.QUERY, ParameterKind.FORM, ParameterKind.HEADER, ParameterKind.COOKIE})
_PATTERNED = re.compile(r"\b(?:pattern|regex)\s*=")
# A part of a path that a framework has read as one of these, or that can hold no slash.
_CONVERTED = r"<(?:int|float|uuid|slug|any)[^:<>]*:{0}>|\{{{0}:(?:int|float|uuid)\}}"
_SEVERAL_PARTS = r"<path:{0}>|\{{{0}:path\}}|\(\?P<{0}>\.[*+]"
_CHECKS = frozenset(
    {
        "match", "fullmatch", "isidentifier", "isalnum", "isdigit", "isdecimal", "is_relative_to",
        "url_has_allowed_host_and_scheme", "startswith",
    }
)  # fmt: skip
_CHECKING = ("validate", "check", "is_", "ensure", "sanitize", "safe", "verify", "allow", "authorize", "assert")
_WRAPPERS = frozenset({"Annotated", "Optional", "Union", "list", "List", "Sequence", "set", "tuple", "dict", "Dict"})


def reads_request(node: ast.AST) -> bool:
    """Return whether an expression reads what the caller sent, from a `request`."""
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in _REQUEST_PARTS
        and dotted(each.value).rpartition(".")[2] in {"request", "req", "ws", "websocket"}
        for each in _unclean(node)
    )


@lru_cache(maxsize=512)
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


@lru_cache(maxsize=512)
def caller_text(function: Function, sources: frozenset[str]) -> frozenset[str]:
    """Return the variables of a function that hold text of its caller: the sources, and what is made of them.

    Follows assignments in the order of the text. A variable that is checked against a fixed set of values
    (`if order in COLUMNS`) is trusted from its check on, whatever the branch: a wrong finding costs more.
    """
    checked = _checked(function)

    def is_open(name: str) -> bool:
        return name not in checked and f"{name.partition('.')[0]}.*" not in checked

    found = {name for name in sources if is_open(name)}
    for node in own_nodes(function):
        value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
        if (isinstance(node, ast.AugAssign) and holds(node.value, frozenset(found))) or (
            value is not None and (holds(value, frozenset(found)) or reads_request(value))
        ):
            found |= {name for name in targets(node) if is_open(name)}
        elif value is not None:
            found -= targets(node)
    return frozenset(found)


def holds(node: ast.AST, tainted: frozenset[str]) -> bool:
    """Return whether a value made by the expression can hold the text of one of the variables or their fields."""
    return any(isinstance(each, ast.Name | ast.Attribute) and dotted(each) in tainted for each in _unclean(node))


def from_caller(node: ast.AST, tainted: frozenset[str]) -> str | None:
    """Return what of an expression is the caller's own text: a variable, a field, or the reading of the request."""
    names = sorted(name for name in tainted if holds(node, frozenset({name})))
    if names:
        return names[0]
    return "the request" if reads_request(node) else None


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
    if isinstance(node, ast.Call):
        children = _kept(node)
    for child in children:
        yield from _unclean(child)


def _kept(call: ast.Call) -> list[ast.AST]:
    """Return what of a call can be in its answer: the text that a method is of, and what is passed to a keeper."""
    receiver: list[ast.AST] = [call.func] if isinstance(call.func, ast.Attribute) else []
    if last_name(call) == "get" and receiver:
        return [*receiver, *call.args[1:]]
    given = [*call.args, *(each.value for each in call.keywords)] if last_name(call) in _KEEPERS else []
    return [*receiver, *given]


def _checked(function: Function) -> frozenset[str]:
    """Return variables that are compared with a set of values, a literal or a pattern, or checked by a function."""
    found: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Compare) and _names_values(node):
            found |= set(_named(node.left))
        elif isinstance(node, ast.Call) and _is_check(last_name(node)):
            found |= set(_named(node))
    return frozenset(found)


def _names_values(node: ast.Compare) -> bool:
    # A digest that is compared with what was stored says nothing of the text that it was made from.
    known = isinstance(node.ops[0], ast.In | ast.NotIn)
    return known or (isinstance(node.ops[0], ast.Eq) and isinstance(node.comparators[0], ast.Constant))


def _is_check(name: str) -> bool:
    # `check_output` and `check_call` of subprocess run what they are given.
    return name in _CHECKS or (name.lstrip("_").startswith(_CHECKING) and name not in {"check_output", "check_call"})


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the variables and fields in an expression; a variable used whole stands for its fields, as `body.*`."""
    if isinstance(node, ast.Attribute) and dotted(node):
        parts = dotted(node).split(".")
        yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        return
    if isinstance(node, ast.Name):
        yield from (node.id, f"{node.id}.*")
    for child in ast.iter_child_nodes(node):
        yield from _named(child)


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


def text_of_callers(source: Source, *, with_single_parts: bool = True) -> Iterator[tuple[Function, frozenset[str]]]:
    """Yield the function of each handler and GraphQL resolver with the variables that hold text of its caller.

    Then each function of the cell that a handler passes such text to, one call deep. Without `with_single_parts`
    a parameter that stands for one part of a path is left out: it holds no slash.
    """
    served: dict[Function, frozenset[str]] = {}
    for handler in source.handlers:
        if handler.node is not None and handler.kind in (HandlerKind.ROUTE, HandlerKind.WEBSOCKET):
            served[handler.node] = caller_text(handler.node, _sent(source, handler, with_single_parts))
    for resolver in read_resolvers(source):
        served[resolver.node] = caller_text(resolver.node, text_parameters(resolver.node) & set(resolver.arguments))
    reached: dict[Function, frozenset[str]] = {}
    for function, tainted in served.items():
        for inner, passed in _passed_on(source, function, tainted):
            if inner not in served:
                reached[inner] = reached.get(inner, frozenset()) | passed
    yield from served.items()
    yield from ((function, caller_text(function, passed)) for function, passed in reached.items())


def _sent(source: Source, handler: Handler, with_single_parts: bool) -> frozenset[str]:
    assert handler.node is not None  # noqa: S101 - for the type checker: the only caller has asked
    texts = text_parameters(handler.node)
    found: set[str] = set()
    for each in handler.parameters:
        if each.kind is ParameterKind.FILE and "list" not in (each.type or "").lower():
            found.add(f"{each.name}.filename")
        elif each.kind is ParameterKind.BODY:
            model = next((named for word in _words(each) if (named := source.model(word))), None)
            if model is None:
                found |= {each.name} & texts
            else:
                fields = [field for field in model.fields if not _PATTERNED.search(field.default or "")]
                found |= {f"{each.name}.{field.name}" for field in fields if _type_kinds(field.type) & _TEXT_TYPES}
        elif each.kind is ParameterKind.PATH:
            if _is_text_of_path(handler, each, texts, with_single_parts):
                found.add(each.name)
        elif each.kind in _SENT:
            found |= {each.name} & texts
    return frozenset(found)


def _is_text_of_path(handler: Handler, each: Parameter, texts: frozenset[str], with_single_parts: bool) -> bool:
    paths = [route.path for route in handler.routes if route.path]
    if any(re.search(_CONVERTED.format(re.escape(each.name)), path) for path in paths):
        return False
    several = any(re.search(_SEVERAL_PARTS.format(re.escape(each.name)), path) for path in paths)
    return (each.name in texts or (each.type is None and bool(paths))) and (several or with_single_parts)


def _passed_on(
    source: Source, function: Function, tainted: frozenset[str]
) -> Iterator[tuple[Function, frozenset[str]]]:
    known = {node.name: node for node in source.tree.body if isinstance(node, Function)}
    for call in own_calls(function):
        inner = known.get(dotted(call.func))
        if inner is None:
            continue
        given = dict(zip((each.arg for each in parameters(inner)), call.args, strict=False))
        given |= {each.arg: each.value for each in call.keywords if each.arg}
        takes = {
            each.arg for each in parameters(inner) if each.annotation is None or _kinds(each.annotation) & _TEXT_TYPES
        }
        passed = frozenset(name for name, value in given.items() if name in takes and from_caller(value, tainted))
        if passed:
            yield inner, passed


def _words(parameter: Parameter) -> list[str]:
    return re.findall(r"\w+", parameter.type or "")


def _type_kinds(text: str | None) -> frozenset[str]:
    return _kinds(ast.Constant(text)) if text else frozenset()
