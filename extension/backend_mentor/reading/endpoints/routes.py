"""At which addresses a function answers: by its decorators, by its class, or by a table of routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backend_mentor.domain.endpoint import FunctionNode, HandlerKind, Route, Router
from backend_mentor.reading.endpoints.syntax import Reader, argument, called, dotted, items, keyword, text_of
from backend_mentor.reading.endpoints.trees import walk

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_ACTIONS = {
    "list": "GET", "retrieve": "GET", "create": "POST", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE",
}  # fmt: skip
_NOT_REQUESTS = frozenset({"exception_handler", "errorhandler", "app_errorhandler"})
_MIDDLEWARE = frozenset({"middleware", "before_request", "after_request", "teardown_request", "teardown_appcontext"})
_LITESTAR = frozenset(f"litestar.{each}" for each in (*METHODS[:6], "route", "websocket", "websocket_listener"))
_VIEW_CLASS = re.compile(r"(?:^|\.)(?:\w*View|\w*ViewSet|HTTPEndpoint|WebSocketEndpoint|Resource|Controller)$")


@dataclass(frozen=True, slots=True)
class Registration:
    """How one function comes to be called: its routes, and the call that registers it where there is one."""

    kind: HandlerKind
    routes: tuple[Route, ...]
    call: ast.Call | None = None


def registration_of(
    reader: Reader, function: FunctionNode, routers: Mapping[str, Router], tables: Mapping[str, tuple[Route, ...]]
) -> Registration | None:
    """Return how a framework comes to call a function, or None where nothing in the cell says so."""
    found = [each for node in function.decorator_list if (each := _decorated(reader, node, routers))]
    if found:
        routes = tuple(route for each in found for route in each.routes)
        return Registration(found[0].kind, routes, found[0].call)
    owner = reader.parents.get(function)
    if isinstance(owner, ast.ClassDef):
        return _method(reader, owner, function, tables)
    if function.name in tables and isinstance(owner, ast.Module):
        routes = tables[function.name]
        kind = HandlerKind.WEBSOCKET if routes[0].methods == ("WEBSOCKET",) else HandlerKind.ROUTE
        return Registration(kind, routes)
    return _api_view(reader, function) or _django_view(reader, function)


def read_tables(reader: Reader) -> dict[str, tuple[Route, ...]]:
    """Return the routes that stand in tables and calls, by the view's name: `path(…)`, `Route(…)`."""
    found: dict[str, tuple[Route, ...]] = {}
    for node in walk(reader.tree):
        if isinstance(node, ast.Call):
            for view, route in _registered(reader, node):
                found[view] = (*found.get(view, ()), route)
    return found


def _decorated(reader: Reader, node: ast.expr, routers: Mapping[str, Router]) -> Registration | None:
    call = node if isinstance(node, ast.Call) else None
    target = call.func if call else node
    name, full = dotted(target) or "", reader.full(target)
    owner, _, verb = name.rpartition(".")
    if full in _LITESTAR:
        return _litestar(reader, node, full.rpartition(".")[2])
    if not owner:
        return None
    if verb in _NOT_REQUESTS:
        return Registration(HandlerKind.ERROR_HANDLER, (), call)
    if verb in _MIDDLEWARE:
        return Registration(HandlerKind.MIDDLEWARE, (), call)
    is_route = verb in METHODS or verb in {"route", "api_route", "websocket", "websocket_route"}
    # `@mock.patch("…")` is no route: a path starts with a slash, or the owner is a known router.
    if call is None or not is_route or not (owner in routers or _is_path(argument(call, 0, "path", "rule"))):
        return None
    kind = HandlerKind.WEBSOCKET if verb.startswith("websocket") else HandlerKind.ROUTE
    methods = _methods(call, verb)
    prefix = routers[owner].prefix if owner in routers else ""
    path = text_of(argument(call, 0, "path", "rule"))
    full_path = None if path is None else prefix + path
    return Registration(kind, (Route(full_path, methods, owner, reader.span(node)),), call)


def _is_path(node: ast.expr | None) -> bool:
    path = text_of(node)
    return path is not None and (not path or path.startswith("/"))


def _methods(call: ast.Call, verb: str) -> tuple[str, ...]:
    if verb.startswith("websocket"):
        return ("WEBSOCKET",)
    if verb in METHODS:
        return (verb.upper(),)
    given = keyword(call, "methods")
    named = tuple(text.upper() for each in items(given) if (text := text_of(each)))
    # Flask, Starlette and FastAPI's `api_route` answer GET where no methods are given.
    return named or (("GET",) if given is None else ())


def _litestar(reader: Reader, node: ast.expr, verb: str) -> Registration:
    call = node if isinstance(node, ast.Call) else None
    is_socket = verb.startswith("websocket")
    kind = HandlerKind.WEBSOCKET if is_socket else HandlerKind.ROUTE
    given = argument(call, 0, "path") if call else None
    path = text_of(given) if given is not None else "/"
    methods = ("WEBSOCKET",) if is_socket else () if verb == "route" else (verb.upper(),)
    function = reader.parents.get(node)
    owner = reader.parents.get(function) if function else None
    prefix = _class_text(owner, "path") if isinstance(owner, ast.ClassDef) else None
    if path is not None and prefix:
        path = "/" + "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
    return Registration(kind, (Route(path, methods, None, reader.span(node)),), call)


def _class_text(owner: ast.ClassDef, name: str) -> str | None:
    for each in owner.body:
        if isinstance(each, ast.Assign) and any(dotted(target) == name for target in each.targets):
            return text_of(each.value)
    return None


def _method(
    reader: Reader, owner: ast.ClassDef, function: FunctionNode, tables: Mapping[str, tuple[Route, ...]]
) -> Registration | None:
    if not any(_VIEW_CLASS.search(reader.full(base)) for base in owner.bases):
        return None
    if action := next((each for each in function.decorator_list if called(each) == "action"), None):
        assert isinstance(action, ast.Call)  # noqa: S101 - for the type checker: `called` names calls alone
        methods = tuple(text.upper() for each in items(keyword(action, "methods")) if (text := text_of(each)))
        return Registration(HandlerKind.ROUTE, (Route(None, methods or ("GET",), None, reader.span(action)),), action)
    if function.name in {"on_receive", "on_connect", "on_disconnect"}:
        return Registration(HandlerKind.WEBSOCKET, _with_method(tables, owner, "WEBSOCKET", reader))
    method = function.name.upper() if function.name in METHODS else _ACTIONS.get(function.name)
    return Registration(HandlerKind.ROUTE, _with_method(tables, owner, method, reader)) if method else None


def _with_method(
    tables: Mapping[str, tuple[Route, ...]], owner: ast.ClassDef, method: str, reader: Reader
) -> tuple[Route, ...]:
    known = tables.get(owner.name) or (Route(None, (), None, reader.span(owner)),)
    return tuple(Route(each.path, (method,), each.router, each.span) for each in known)


def _api_view(reader: Reader, function: FunctionNode) -> Registration | None:
    for node in function.decorator_list:
        if isinstance(node, ast.Call) and reader.full(node.func).rpartition(".")[2] == "api_view":
            methods = tuple(
                text.upper() for each in items(argument(node, 0, "http_method_names")) if (text := text_of(each))
            )
            return Registration(HandlerKind.ROUTE, (Route(None, methods or ("GET",), None, reader.span(node)),), node)
    return None


def _django_view(reader: Reader, function: FunctionNode) -> Registration | None:
    first = function.args.args[0] if function.args.args else None
    imported = any(full.startswith(("django.http", "django.shortcuts")) for full in reader.names.values())
    if (
        not imported
        or first is None
        or first.arg != "request"
        or function.name.startswith("_")
        or not isinstance(reader.parents.get(function), ast.Module)
        or _is_called(reader, function.name)
        or any(not _can_stand_in_path(each) for each in function.args.args[1:])
    ):
        return None
    return Registration(HandlerKind.ROUTE, (Route(None, _required(reader, function), None, reader.span(first)),))


def _can_stand_in_path(parameter: ast.arg) -> bool:
    """Return whether an address can give a parameter its value: one of Django's path converters makes its type."""
    if parameter.annotation is None:
        return True
    named = {each.id for each in ast.walk(parameter.annotation) if isinstance(each, ast.Name)}
    return named <= {"str", "int", "float", "UUID", "uuid", "Optional", "None", "Any", "slug", "date", "datetime"}


def _is_called(reader: Reader, name: str) -> bool:
    """Return whether the cell itself calls a function: then it helps the views that do."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(reader.tree)
    )


def _required(reader: Reader, function: FunctionNode) -> tuple[str, ...]:
    for node in function.decorator_list:
        name = reader.full(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]
        if name in {"require_GET", "require_POST"}:
            return (name.removeprefix("require_"),)
        if name == "require_safe":
            return ("GET", "HEAD")
        if name == "require_http_methods" and isinstance(node, ast.Call):
            return tuple(text for each in items(argument(node, 0)) if (text := text_of(each)))
    return ()


def _registered(reader: Reader, call: ast.Call) -> Iterator[tuple[str, Route]]:
    full = reader.full(call.func)
    name = full.rpartition(".")[2]
    methods: tuple[str, ...] = ()
    if name in {"path", "re_path"} and full.startswith("django"):
        view = argument(call, 1, "view")
    elif name in {"Route", "WebSocketRoute"} and (full.startswith("starlette") or "." not in full):
        view = argument(call, 1, "endpoint")
        methods = ("WEBSOCKET",) if name == "WebSocketRoute" else _methods(call, "route")
    elif name in {"add_url_rule", "add_api_route", "add_route", "add_api_websocket_route"}:
        view = argument(call, 2 if name == "add_url_rule" else 1, "view_func", "endpoint", "route")
        methods = ("WEBSOCKET",) if "websocket" in name else _methods(call, "route")
    else:
        return
    if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) and view.func.attr == "as_view":
        view, methods = view.func.value, ()
    if view_name := (dotted(view) or "").rpartition(".")[2]:
        path = text_of(argument(call, 0, "path", "rule", "route"))
        slashed = "/" + path if path is not None and full.startswith("django") and name == "path" else path
        yield view_name, Route(slashed, methods, None, reader.span(call))
