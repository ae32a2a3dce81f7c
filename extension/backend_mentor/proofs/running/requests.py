"""The requests to send: those that the user wrote, or the ones that the cell's routes call for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.trace import SentRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.schema import Schema
    from backend_mentor.proofs.running.apps import App

_CALL = re.compile(r"([A-Za-z]+)\s+(/\S*)(?:\s+(.+))?\s*", re.S)
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# FastAPI and Starlette write {id} and {id:int}; Flask and Django <id> and <int:id>.
_HOLE = re.compile(r"\{(?P<name>\w+)(?::(?P<type>\w+))?\}|<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<word>\w+)>")
_MOST_REQUESTS = 20


def read_call(text: str) -> SentRequest:
    """Return the request that a `--call` writes: a method, a path, and a JSON body where it has one."""
    found = _CALL.fullmatch(text.strip())
    if found is None or found[1].upper() not in _METHODS:
        raise MentorError(
            f"--call can not be read: {text!r}.",
            "Write a method, a path and a JSON body: --call 'POST /orders {\"total\": 3}'.",
        )
    method, path, body = found[1].upper(), found[2], found[3]
    if body is not None:
        try:
            json.loads(body)
        except ValueError as error:
            raise MentorError(
                f"The body of --call is not JSON: {error}.",
                "Write the whole option in single quotes, the JSON's own quotes stay: "
                "--call 'POST /orders {\"total\": 3}'.",
            ) from error
    return SentRequest(method, path, body, given=True)


def with_handler(request: SentRequest, source: Source) -> SentRequest:
    """Return a request that the user wrote with the route and the handler that its path fits."""
    path = request.path.partition("?")[0].rstrip("/")
    for handler in source.handlers:
        for route in handler.routes:
            if route.methods and request.method not in route.methods:
                continue
            template = "/" + (route.path or "").strip("/^$")
            if re.fullmatch(r"(?:.*)" + _as_pattern(template), path or "/"):
                return replace(request, template=template, handler=handler.name)
    return request


def _as_pattern(template: str) -> str:
    """Return a regular expression for the paths that a route's template fits."""
    return "[^/]+".join(map(re.escape, _HOLE.sub("\0", template.rstrip("/")).split("\0"))) or "/?"


def derive_requests(source: Source, app: App, identify: Callable[[str, str], object | None]) -> tuple[SentRequest, ...]:
    """Return one GET request for each route of the cell that answers one, in the order of the cell.

    `identify` is asked for the value of a path's parameter by its name and the path before it; it answers None where
    it knows no row."""
    documented = _documented(app)
    found: dict[str, SentRequest] = {}
    for path, handler in _routes(source, app):
        full, described = _described(path, documented)
        filled = _fill(full, handler, identify)
        query = urlencode(list(_query(described)))
        found.setdefault(
            full, SentRequest("GET", f"{filled}?{query}" if query else filled, template=full, handler=handler.name)
        )
    return tuple(found.values())[:_MOST_REQUESTS]


def named_column(schema: Schema, name: str, before: str) -> tuple[str, str] | None:
    """Return the table and column that a path's parameter is a value of, by its name and the path before it.

    `order_id` is the key of `orders`, `id` and `slug` are columns of what the path names last before it."""
    segments = [segment for segment in before.lower().split("/") if segment and "{" not in segment]
    words = [name.lower().removesuffix("_id").removesuffix("_pk"), *reversed(segments[-1:])]
    for word in words:
        for table in schema.tables:
            if not _names(word, table.name.lower()):
                continue
            column = table.column(name)
            if column is not None:
                return table.name, column.name
            if len(table.primary_key) == 1:
                return table.name, table.primary_key[0]
    return None


def named_place(schema: Schema, path: str) -> tuple[str, str] | None:
    """Return the table and column that the last parameter of a route's path is a value of."""
    holes = list(_HOLE.finditer(path))
    return named_column(schema, holes[-1]["name"] or holes[-1]["word"], path[: holes[-1].start()]) if holes else None


def _names(word: str, table: str) -> bool:
    """Return whether a word of a path names a table, a framework's prefix and the plural aside."""
    last = table.rpartition("_")[2]
    return any(_singular(word) == _singular(each) for each in (table, last)) or _singular(word) in table.split("_")


def _singular(word: str) -> str:
    word = word.replace("-", "_")
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ses", "xes", "ches")) else word.removesuffix("s")


def is_cut(requests: tuple[SentRequest, ...]) -> bool:
    """Return whether there were more routes than are tried."""
    return len(requests) >= _MOST_REQUESTS


def _routes(source: Source, app: App) -> Iterator[tuple[str, Handler]]:
    for handler in source.handlers:
        if handler.kind is not HandlerKind.ROUTE:
            continue
        for route in handler.routes:
            if route.path is not None and ("GET" in route.methods or not route.methods):
                yield "/" + route.path.lstrip("/^").rstrip("$"), handler


def _documented(app: App) -> dict[str, Any]:
    """Return the GET operations of the app's own OpenAPI description, by path; none where it makes none."""
    describe = getattr(app.target, "openapi", None)
    if not callable(describe):
        return {}
    try:
        described = describe()
    except Exception:  # noqa: BLE001  a model that can not be described is no reason not to call the app
        return {}
    named = described.get("components", {}).get("schemas", {})
    paths = described.get("paths", {})
    return {path: _resolved(methods["get"], named) for path, methods in paths.items() if "get" in methods}


def _resolved(operation: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """Return an operation whose parameters hold their schemas themselves, as of an enumeration."""
    parameters = []
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        for each in (schema, *schema.get("allOf", ())):
            schema = named.get(each.get("$ref", "").rpartition("/")[2], schema)
        parameters.append({**parameter, "schema": schema})
    return {"parameters": parameters}


def _described(path: str, documented: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the path as the app serves it, for a prefix can be added where it is included, and its description."""
    if path in documented:
        return path, documented[path]
    longer = [each for each in documented if each.endswith(path) and path != "/"]
    return (longer[0], documented[longer[0]]) if len(longer) == 1 else (path, {})


def _fill(path: str, handler: Handler, identify: Callable[[str, str], object | None]) -> str:
    def value(hole: re.Match[str]) -> str:
        name = hole["name"] or hole["word"]
        kind = hole["type"] or hole["kind"] or _type_of(handler, name)
        known = identify(name, path[: hole.start()])
        return quote(str(known if known is not None else _EXAMPLES.get(kind, 1)), safe="")

    return _HOLE.sub(value, path)


def _type_of(handler: Handler, name: str) -> str:
    kinds = [each.type or "" for each in handler.parameters_of(ParameterKind.PATH) if each.name == name]
    return kinds[0].lower() if kinds else ""


_EXAMPLES: dict[str, object] = {
    "uuid": "00000000-0000-0000-0000-000000000001",
    "date": "2026-01-01",
    "datetime": "2026-01-01T00:00:00",
    "float": 1.0,
    "bool": "true",
}


def _query(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a value that the description admits for each required parameter of the query string."""
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "query" and parameter.get("required"):
            yield parameter["name"], str(_admitted(parameter.get("schema", {})))


def _admitted(schema: dict[str, Any]) -> object:
    for key in ("example", "default", "const"):
        if key in schema:
            return schema[key]
    for key in ("enum", "examples"):
        if schema.get(key):
            return schema[key][0]
    if schema.get("anyOf"):
        return _admitted(schema["anyOf"][0])
    if schema.get("type") in ("integer", "number"):
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return max(1, least) if "maximum" not in schema else min(max(1, least), schema["maximum"])
    texts = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00", "uuid": _EXAMPLES["uuid"]}
    if schema.get("type") == "boolean":
        return "true"
    return texts.get(schema.get("format", ""), "a" * max(1, schema.get("minLength", 1)))
