"""What the rules ask of the handlers of WebSockets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import Handler, HandlerKind, ParameterKind
from backend_mentor.rules.endpoint.code import Function, chain, enclosing, last_name, own_calls, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_RECEIVES = frozenset({"receive", "receive_text", "receive_json", "receive_bytes"})


def socket_handlers(source: Source) -> Iterator[tuple[Handler, Function, str]]:
    """Yield each handler of a WebSocket as a function, with the variable that holds its socket."""
    for handler in source.handlers:
        if handler.node is None or handler.kind is not HandlerKind.WEBSOCKET:
            continue
        named = [each.name for each in handler.parameters_of(ParameterKind.REQUEST)]
        named += [each.arg for each in parameters(handler.node) if each.arg in {"websocket", "ws", "socket"}]
        if named:
            yield handler, handler.node, named[0]


def receives_of(function: Function, socket: str) -> tuple[ast.Call, ...]:
    """Return the calls that wait for a message of the socket."""
    return tuple(each for each in own_calls(function) if chain(each)[:1] == (socket,) and last_name(each) in _RECEIVES)


def loop_around(source: Source, node: ast.AST, function: Function) -> ast.While | None:
    """Return the endless loop of the function that a node runs in."""
    for each in enclosing(source.tree, node):
        if each is function:
            return None
        if isinstance(each, ast.While):
            return each
    return None
