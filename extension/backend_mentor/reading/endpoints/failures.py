"""What a handler raises, and what it answers: statuses, and the conditions that they stand under."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from http import HTTPStatus

from backend_mentor.domain.endpoint import FunctionNode
from backend_mentor.domain.work import Answer, Raised
from backend_mentor.reading.endpoints.syntax import Reader, argument, called, dotted, keyword, number_of, text_of

_CONSTANT = re.compile(r"(?:HTTP|WS)_(?P<status>\d{3,4})_\w+$")
_NAMED = {
    "django.http.Http404": 404,
    "django.core.exceptions.PermissionDenied": 403,
    "rest_framework.exceptions.NotFound": 404,
    "rest_framework.exceptions.PermissionDenied": 403,
    "rest_framework.exceptions.ValidationError": 400,
    "rest_framework.serializers.ValidationError": 400,
    "rest_framework.exceptions.ParseError": 400,
    "rest_framework.exceptions.Throttled": 429,
    "litestar.exceptions.NotFoundException": 404,
    "litestar.exceptions.NotAuthorizedException": 401,
    "litestar.exceptions.PermissionDeniedException": 403,
    "litestar.exceptions.ValidationException": 400,
    "litestar.exceptions.ClientException": 400,
    "litestar.exceptions.TooManyRequestsException": 429,
    "werkzeug.exceptions.BadRequest": 400,
    "werkzeug.exceptions.Unauthorized": 401,
    "werkzeug.exceptions.Forbidden": 403,
    "werkzeug.exceptions.NotFound": 404,
    "werkzeug.exceptions.Conflict": 409,
    "werkzeug.exceptions.TooManyRequests": 429,
}
_CARRIES_STATUS = frozenset({"HTTPException", "WebSocketException", "HttpError", "APIException"})
_NOT_FOUND = frozenset(
    {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "get_or_404", "first_or_404", "one_or_404"}
)
_RESPONSES = re.compile(r"(?:^|\.)(?:\w*Response\w*|make_response|redirect)$")


def read_raises(reader: Reader, function: FunctionNode) -> tuple[Raised, ...]:
    """Return the exceptions that a function raises itself, `abort(…)` and `get_object_or_404(…)` among them."""
    found = []
    for node in own_nodes(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            found.append(_raised(reader, node, function))
        elif isinstance(node, ast.Call):
            last = reader.full(node.func).rpartition(".")[2]
            if not last and isinstance(node.func, ast.Attribute):
                last = node.func.attr
            if reader.full(node.func) in {"flask.abort", "quart.abort", "werkzeug.exceptions.abort"}:
                status = status_of(reader, argument(node, 0, "code"))
                found.append(_fact(reader, node, "abort", status, text_of(argument(node, 1, "description")), function))
            elif last in _NOT_FOUND:
                found.append(_fact(reader, node, last, 404, None, function))
    return tuple(sorted(found, key=lambda each: each.span.start))


def read_answers(reader: Reader, function: FunctionNode) -> tuple[Answer, ...]:
    """Return what a function returns, in order."""
    found = [
        Answer(
            reader.code(node.value) or "",
            _answered(reader, node.value),
            condition_of(reader, node),
            reader.span(node),
            node,
        )
        for node in own_nodes(function)
        if isinstance(node, ast.Return) and node.value is not None
    ]
    return tuple(sorted(found, key=lambda each: each.span.start))


def status_of(reader: Reader, node: ast.AST | None) -> int | None:
    """Return a status: `404`, `status.HTTP_404_NOT_FOUND`, `HTTPStatus.NOT_FOUND`; None where it is none of these."""
    if (number := number_of(node)) is not None:
        return number
    name = dotted(node) or ""
    if hit := _CONSTANT.search(name):
        return int(hit["status"])
    owner, _, member = name.removesuffix(".value").rpartition(".")
    return HTTPStatus[member].value if owner.endswith("HTTPStatus") and member in HTTPStatus.__members__ else None


@lru_cache(maxsize=512)
def own_nodes(function: FunctionNode) -> tuple[ast.AST, ...]:
    """Return the nodes of a function's body, those of functions and classes inside it left out."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        found.append(node)
        waiting += ast.iter_child_nodes(node)
    return tuple(found)


def condition_of(reader: Reader, node: ast.AST) -> str | None:
    """Return the nearest `if` or `except` of its own function that a node stands under, as written."""
    below = node
    for each in reader.around(node):
        if isinstance(each, FunctionNode):
            return None
        if isinstance(each, ast.ExceptHandler):
            return f"except {reader.code(each.type)}" if each.type else "except"
        if isinstance(each, ast.If) and below is not each.test:
            test = reader.code(each.test) or ""
            return test if below in each.body else f"not ({test})"
        below = each
    return None


def _raised(reader: Reader, node: ast.Raise, function: FunctionNode) -> Raised:
    call = node.exc if isinstance(node.exc, ast.Call) else None
    target = call.func if call else node.exc
    name, full = dotted(target) or reader.code(target) or "", reader.full(target)
    status = _NAMED.get(full)
    detail = None
    if call and full.rpartition(".")[2] in _CARRIES_STATUS:
        at = 0 if full.rpartition(".")[2] != "APIException" else 9
        status = status_of(reader, argument(call, at, "status_code", "code"))
        detail = text_of(argument(call, 1, "detail", "reason", "description"))
    elif call:
        detail = text_of(argument(call, 0, "detail"))
    return _fact(reader, node, name, status, detail, function)


def _fact(
    reader: Reader, node: ast.AST, name: str, status: int | None, detail: str | None, function: FunctionNode
) -> Raised:
    caught = _is_caught(reader, node, name)
    return Raised(name, status, detail, condition_of(reader, node), reader.span(node), caught)


def _is_caught(reader: Reader, node: ast.AST, name: str) -> bool:
    below = node
    for each in reader.around(node):
        if isinstance(each, FunctionNode):
            return False
        if isinstance(each, ast.Try) and below in each.body and any(_takes(one, name) for one in each.handlers):
            return True
        below = each
    return False


def _takes(handler: ast.ExceptHandler, name: str) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(dotted(kind) in {name, "Exception", "BaseException"} for kind in kinds)


def _answered(reader: Reader, node: ast.expr) -> int | None:
    """Return the status that a returned value brings itself: `JSONResponse(…, status_code=202)`, `("…", 404)`."""
    framework = reader.source.framework
    if isinstance(node, ast.Tuple) and framework in {"Flask", "Quart"} and len(node.elts) in {2, 3}:
        return status_of(reader, node.elts[1])
    if isinstance(node, ast.Call) and _RESPONSES.search(called(node) or ""):
        if (given := keyword(node, "status_code", "status")) is not None:
            return status_of(reader, given)
        last = reader.full(node.func).rpartition(".")[2]
        return {"HttpResponseNotFound": 404, "HttpResponseForbidden": 403, "HttpResponseBadRequest": 400}.get(last)
    return None
