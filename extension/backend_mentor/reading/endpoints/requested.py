"""What a handler takes out of the request object itself, as those of Flask and Django do."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import constant_text, own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode

_WHERE = {
    "args": "the query string",
    "GET": "the query string",
    "query_params": "the query string",
    "form": "the form",
    "POST": "the form",
    "files": "the uploads",
    "FILES": "the uploads",
    "headers": "the headers",
    "META": "the headers",
    "cookies": "the cookies",
    "COOKIES": "the cookies",
    "session": "the session",
    "json": "the JSON body",
    "get_json": "the JSON body",
    "data": "the body",
    "body": "the body",
    "get_data": "the body",
    "values": "the query string or the form",
}
_NAMES = frozenset({"request", "req"})


def taken_from_request(function: FunctionNode) -> tuple[str, ...]:
    """Return what a function reads of `request`, as in ``the query string (`name`, `page`)``, in order."""
    found: dict[str, dict[str, None]] = {}
    for node in own_nodes(function):
        if not isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            continue
        attribute, key = _part(node)
        if attribute in _WHERE:
            names = found.setdefault(_WHERE[attribute], {})
            if key:
                names[f"`{key}`"] = None
    return tuple(f"{where} ({', '.join(names)})" if names else where for where, names in found.items())


def _part(node: ast.Attribute | ast.Subscript | ast.Call) -> tuple[str, str | None]:
    """Return which part of the request a node is, and the literal name that is asked of it."""
    if isinstance(node, ast.Attribute):
        owner = node.value
        own = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
        return (node.attr if own in _NAMES else ""), None
    if isinstance(node, ast.Subscript):
        inner = node.value
        return (_part(inner)[0] if isinstance(inner, ast.Attribute) else ""), constant_text(node.slice)
    asked = node.func
    if isinstance(asked, ast.Attribute) and asked.attr in {"get", "getlist"} and isinstance(asked.value, ast.Attribute):
        return _part(asked.value)[0], constant_text(node.args[0]) if node.args else None
    return "", None
