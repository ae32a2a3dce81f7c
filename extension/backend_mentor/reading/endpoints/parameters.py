"""Where the value of each parameter of a handler comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend_mentor.domain.endpoint import FunctionNode, Model, ModelKind, Parameter, ParameterKind, Route
from backend_mentor.reading.endpoints.syntax import Reader, argument, dotted, items, keyword, text_of

_IN_PATH = re.compile(r"\{(?P<braced>\w+)(?::\w+)?\}|<(?:\w+(?:\([^)]*\))?:)?(?P<angled>\w+)>|\(\?P<(?P<group>\w+)>")
_MARKERS = {
    "Depends": ParameterKind.DEPENDENCY, "Security": ParameterKind.DEPENDENCY, "Path": ParameterKind.PATH,
    "Query": ParameterKind.QUERY, "Body": ParameterKind.BODY, "Form": ParameterKind.FORM, "File": ParameterKind.FILE,
    "Header": ParameterKind.HEADER, "Cookie": ParameterKind.COOKIE, "Parameter": ParameterKind.QUERY,
    "Dependency": ParameterKind.DEPENDENCY,
}  # fmt: skip
_TYPES = {
    "Request": ParameterKind.REQUEST, "WebSocket": ParameterKind.REQUEST, "HTTPConnection": ParameterKind.REQUEST,
    "HttpRequest": ParameterKind.REQUEST, "Response": ParameterKind.RESPONSE, "UploadFile": ParameterKind.FILE,
    "BackgroundTasks": ParameterKind.BACKGROUND, "SecurityScopes": ParameterKind.REQUEST,
}  # fmt: skip
_SCALARS = frozenset(
    {
        "str", "int", "float", "bool", "bytes", "UUID", "UUID4", "Decimal", "date", "datetime", "time", "timedelta",
        "Literal", "EmailStr", "HttpUrl", "PositiveInt", "NonNegativeInt", "conint", "constr",
    }
)  # fmt: skip
_BODIES = (ModelKind.PYDANTIC, ModelKind.SQLMODEL, ModelKind.DATACLASS)
_WRAPPERS = frozenset({"Optional", "Union", "Annotated", "list", "List", "set", "Sequence", "tuple", "frozenset"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What a handler's parameters are judged by."""

    framework: str | None
    routes: tuple[Route, ...]
    models: Mapping[str, Model]
    aliases: Mapping[str, ast.expr]
    """The cell's names for types, as in `CurrentUser = Annotated[User, Depends(get_user)]`."""
    provided: Mapping[str, str]
    """Litestar's dependencies by parameter name."""


def read_parameters(reader: Reader, function: FunctionNode, setting: Setting) -> tuple[Parameter, ...]:
    """Return a handler's parameters in order, `self` and `cls` left out."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    first_default = len(plain) - len(arguments.defaults)
    pairs = [
        (each, arguments.defaults[at - first_default] if at >= first_default else None) for at, each in enumerate(plain)
    ]
    pairs += list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    if isinstance(reader.parents.get(function), ast.ClassDef) and pairs and pairs[0][0].arg in {"self", "cls"}:
        pairs = pairs[1:]
    return tuple(_parameter(reader, each, default, setting) for each, default in pairs)


def names_in_path(routes: tuple[Route, ...]) -> frozenset[str]:
    """Return the parameters that the paths name: `{id}`, `{id:int}`, `<int:id>`, `(?P<id>…)`."""
    hits = [hit for route in routes for hit in _IN_PATH.finditer(route.path or "")]
    return frozenset(hit["braced"] or hit["angled"] or hit["group"] for hit in hits)


def _parameter(reader: Reader, node: ast.arg, default: ast.expr | None, setting: Setting) -> Parameter:
    annotation = node.annotation
    if isinstance(annotation, ast.Name):
        annotation = setting.aliases.get(annotation.id, annotation)
    shown, marks = _unwrapped(annotation)
    candidates = [mark for mark in (default, *marks) if isinstance(mark, ast.Call)]
    marker = next((mark for mark in candidates if _mark(reader, mark)), None)
    kind = _mark(reader, marker) if marker else _kind(reader, node.arg, shown, setting)
    provider: str | None = None
    scopes: tuple[str, ...] = ()
    if marker and kind is ParameterKind.DEPENDENCY:
        given = argument(marker, 0, "dependency")
        # `Depends()` calls the annotated class itself.
        provider = reader.code(given) if given is not None else reader.code(shown)
        scopes = tuple(text for each in items(keyword(marker, "scopes")) if (text := text_of(each)))
    elif node.arg in setting.provided:
        provider = setting.provided[node.arg]
    text = _default(reader, default, marker)
    return Parameter(
        node.arg, kind or ParameterKind.UNKNOWN, reader.code(shown), text, reader.span(node), provider, scopes, node
    )


def _default(reader: Reader, default: ast.expr | None, marker: ast.Call | None) -> str | None:
    if default is None or default is not marker:
        return reader.code(default)
    if _mark(reader, marker) is ParameterKind.DEPENDENCY:
        return None
    given = argument(marker, 0, "default", "default_factory")
    return None if isinstance(given, ast.Constant) and given.value is ... else reader.code(given)


def _unwrapped(annotation: ast.expr | None) -> tuple[ast.expr | None, tuple[ast.expr, ...]]:
    if isinstance(annotation, ast.Subscript) and (dotted(annotation.value) or "").rpartition(".")[2] == "Annotated":
        inner = items(annotation.slice)
        return (inner[0], inner[1:]) if inner else (annotation, ())
    return annotation, ()


def _mark(reader: Reader, call: ast.Call) -> ParameterKind | None:
    return _MARKERS.get(reader.full(call.func).rpartition(".")[2])


def _kind(reader: Reader, name: str, shown: ast.expr | None, setting: Setting) -> ParameterKind:
    names = {full.rpartition(".")[2] for full in _type_names(reader, shown)}
    if found := next((_TYPES[each] for each in sorted(names) if each in _TYPES), None):
        return found
    if name in names_in_path(setting.routes):
        return ParameterKind.PATH
    if name in {"request", "websocket", "socket"} and setting.framework != "FastAPI":
        return ParameterKind.REQUEST
    if setting.framework in {"Django", "Django REST framework"}:
        # Views get nothing but the request and what their address holds.
        return ParameterKind.PATH if setting.routes else ParameterKind.UNKNOWN
    if setting.framework == "Litestar" and name == "data":
        return ParameterKind.BODY
    if name in setting.provided:
        return ParameterKind.DEPENDENCY
    if setting.framework in {"FastAPI", "Litestar"} and setting.routes:
        return _by_type(names, shown, setting)
    return ParameterKind.UNKNOWN


def _by_type(names: set[str], shown: ast.expr | None, setting: Setting) -> ParameterKind:
    if any(each in setting.models and setting.models[each].kind in _BODIES for each in names):
        return ParameterKind.BODY
    if shown is None:
        return ParameterKind.QUERY
    inner = names - _WRAPPERS - {"None"}
    # FastAPI takes a list that is not marked from the body.
    if setting.framework == "FastAPI" and names & {"dict", "Dict", "list", "List", "set", "tuple", "Sequence"}:
        return ParameterKind.BODY
    return ParameterKind.QUERY if inner and inner <= _SCALARS else ParameterKind.UNKNOWN


def _type_names(reader: Reader, node: ast.expr | None) -> set[str]:
    """Return the names in an annotation, quoted ones too, but not the texts of a `Literal`."""
    if node is None:
        return set()
    if isinstance(node, ast.Constant):
        return set(re.findall(r"[\w.]+", node.value)) if isinstance(node.value, str) else set()
    if isinstance(node, ast.Name | ast.Attribute):
        return {reader.full(node)}
    if isinstance(node, ast.Subscript):
        outer = {reader.full(node.value)}
        return outer if "Literal" in (dotted(node.value) or "") else outer | _type_names(reader, node.slice)
    return {
        name
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.expr)
        for name in _type_names(reader, child)
    }
