"""Functions that a framework calls, with all that is known of each."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend_mentor.domain.endpoint import (
    FunctionNode,
    Handler,
    HandlerKind,
    Model,
    Parameter,
    ParameterKind,
    Route,
    Router,
)
from backend_mentor.domain.work import Query
from backend_mentor.reading.endpoints.failures import own_nodes, read_answers, read_raises, status_of
from backend_mentor.reading.endpoints.parameters import Setting, read_parameters
from backend_mentor.reading.endpoints.routers import dependency_names
from backend_mentor.reading.endpoints.routes import Registration, read_tables, registration_of
from backend_mentor.reading.endpoints.syntax import Reader, called, dotted, items, keyword, text_of
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.reading.endpoints.work import background_of, call_of, sessions_of, transaction_of

_GUARD = re.compile(
    r"(?:^|[_.])(?:auth\w*|login|logged|permissions?|roles?|scopes?|guards?|jwt|jwt_required|token|bearer|api_key"
    r"|current_\w*user|user|admin|superuser|verify\w*|oauth2\w*|credentials|principal|tenant)(?:$|[_.(])"
    r"|[iI]sAuth|IsAdmin|LoginRequired|PermissionRequired|CurrentUser|HTTPBearer|HTTPBasic|OAuth2|APIKey",
)
_NO_GUARD = re.compile(r"AllowAny|exempt|optional|login_url", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cellmates:
    """What the cell holds beside a function that says what the function is."""

    routers: Mapping[str, Router]
    tables: Mapping[str, tuple[Route, ...]]
    models: Mapping[str, Model]
    aliases: Mapping[str, ast.expr]
    queries: Mapping[str | None, tuple[Query, ...]]


def read_functions(
    reader: Reader, routers: tuple[Router, ...], models: tuple[Model, ...], queries: tuple[Query, ...]
) -> tuple[Handler, ...]:
    """Return every function and method of the cell, in order of appearance."""
    by_function: dict[str | None, tuple[Query, ...]] = {}
    for query in queries:
        by_function[query.handler] = (*by_function.get(query.handler, ()), query)
    mates = Cellmates(
        {each.name: each for each in routers}, read_tables(reader), {each.name: each for each in models},
        _aliases(reader), by_function,
    )  # fmt: skip
    nodes = sorted((each for each in walk(reader.tree) if isinstance(each, FunctionNode)), key=lambda at: at.lineno)
    found = [_function(reader, node, mates) for node in nodes]
    providers = {name for each in found for name in each.dependencies}
    return tuple(
        replace(each, kind=HandlerKind.DEPENDENCY)
        if each.kind is HandlerKind.FUNCTION and each.name in providers
        else each
        for each in found
    )


def _function(reader: Reader, node: FunctionNode, mates: Cellmates) -> Handler:
    name = reader.qualified(node) or node.name
    registration = registration_of(reader, node, mates.routers, mates.tables)
    call = registration.call if registration else None
    routes = registration.routes if registration else ()
    provided = _provided(call)
    setting = Setting(reader.source.framework, routes, mates.models, mates.aliases, provided)
    parameters = read_parameters(reader, node, setting)
    dependencies = _dependencies(parameters, registration, mates)
    decorators = tuple(reader.code(each) or "" for each in node.decorator_list)
    queries = mates.queries.get(name, ())
    handler = Handler(
        name=name,
        kind=registration.kind if registration else HandlerKind.FUNCTION,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        routes=routes,
        parameters=parameters,
        span=reader.span(node),
        decorators=decorators,
        dependencies=dependencies,
        guards=(*_named_guards(call), *_guards(reader, node, decorators, dependencies)),
        response_model=reader.code(keyword(call, "response_model")) if call else None,
        status_code=status_of(reader, keyword(call, "status_code")) if call else None,
        return_type=reader.code(node.returns),
        docstring=ast.get_docstring(node),
        raises=read_raises(reader, node),
        answers=read_answers(reader, node),
        queries=queries,
        node=node,
    )
    return _with_work(reader, handler, node)


def _with_work(reader: Reader, handler: Handler, node: FunctionNode) -> Handler:
    nodes = sorted(own_nodes(node), key=lambda each: (getattr(each, "lineno", 0), getattr(each, "col_offset", 0)))
    calls = [each for each in nodes if isinstance(each, ast.Call)]
    asked = {id(query.call) for query in handler.queries}
    name = handler.name
    steps = [(each, transaction_of(reader, each, name), background_of(reader, each, name)) for each in calls]
    plain = [call for call, step, later in steps if not step and not later and id(call) not in asked]
    return replace(
        handler,
        sessions=tuple(
            one for each in (node.args, *nodes) for one in sessions_of(reader, each, handler.parameters, name)
        ),
        transactions=tuple(step for _, step, _ in steps if step),
        background=tuple(later for _, _, later in steps if later),
        calls=tuple(found for each in plain if (found := call_of(reader, each, name))),
    )


def _dependencies(
    parameters: tuple[Parameter, ...], registration: Registration | None, mates: Cellmates
) -> tuple[str, ...]:
    found: list[str] = []
    if registration:
        for route in registration.routes:
            router = mates.routers.get(route.router or "")
            found += router.dependencies if router else ()
        found += dependency_names(keyword(registration.call, "dependencies")) if registration.call else ()
    found += [each.provider for each in parameters if each.kind is ParameterKind.DEPENDENCY and each.provider]
    return tuple(dict.fromkeys(found))


def _provided(call: ast.Call | None) -> dict[str, str]:
    """Return Litestar's `dependencies={"db": Provide(open_session)}` as the parameter's name and the function's."""
    given = keyword(call, "dependencies") if call else None
    if not isinstance(given, ast.Dict):
        return {}
    pairs = [(text_of(key), value) for key, value in zip(given.keys, given.values, strict=True)]
    return {
        key: dotted(value.args[0] if isinstance(value, ast.Call) and value.args else value) or ""
        for key, value in pairs
        if key
    }


def _guards(
    reader: Reader, node: FunctionNode, decorators: tuple[str, ...], dependencies: tuple[str, ...]
) -> tuple[str, ...]:
    named = [text.partition("(")[0] for text in decorators if not _is_route(text)]
    named += dependencies
    for text in node.decorator_list:
        if (called(text) or "").rpartition(".")[2] == "permission_classes" and isinstance(text, ast.Call):
            named += [name for each in (items(text.args[0]) if text.args else ()) if (name := dotted(each))]
    owner = reader.parents.get(node)
    if isinstance(owner, ast.ClassDef):
        named += [name for base in owner.bases if (name := dotted(base)) and name.endswith("Mixin")]
        for line in owner.body:
            if isinstance(line, ast.Assign) and dotted(line.targets[0]) == "permission_classes":
                named += [name for each in items(line.value) if (name := dotted(each))]
    return tuple(dict.fromkeys(each for each in named if _GUARD.search(each) and not _NO_GUARD.search(each)))


def _named_guards(call: ast.Call | None) -> tuple[str, ...]:
    # Litestar's `guards=[…]` may end a request before the handler, whatever they are called.
    given = items(keyword(call, "guards")) if call else ()
    return tuple(name for each in given if (name := dotted(each)))


def _is_route(decorator: str) -> bool:
    verb = decorator.partition("(")[0].rpartition(".")[2]
    return verb in {"get", "post", "put", "patch", "delete", "route", "api_route", "websocket", "permission_classes"}


def _aliases(reader: Reader) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in reader.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Subscript):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if (name := dotted(target)) and reader.full(node.value.value).rpartition(".")[2] == "Annotated":
                found[name] = node.value
    return found
