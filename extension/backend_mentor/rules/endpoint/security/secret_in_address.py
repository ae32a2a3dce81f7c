"""The rule secret-in-address."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, constant_text, dotted, last_name, names_in, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_secret, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

# A link in a mail carries its token in its address: it works once.
_LINKS = frozenset(
    {"verify", "verification", "confirm", "confirmation", "activate", "activation", "reset", "unsubscribe", "invite",
     "invitation", "callback", "accept", "magic", "download", "share", "shared", "token", "tokens", "password",
     "recover", "email", "success", "cancel",
     "return", "preview", "webhook", "oauth", "sso", "link", "introspect", "revoke", "signup"}
)  # fmt: skip


class SecretInAddress:
    """A secret travels in the address of a request.

    Addresses stand in the logs of each proxy, in the browser's history and in the Referer header.
    """

    name: ClassVar[str] = "secret-in-address"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders")
            def orders(api_key: str): ...
            """,
            says="orders takes api_key from the address",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI, WebSocket
            app = FastAPI()
            @app.websocket("/feed")
            async def feed(socket: WebSocket):
                token = socket.query_params["access_token"]
            """,
            says="feed takes access_token from the address",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Header
            app = FastAPI()
            @app.get("/orders")
            def orders(api_key: str = Header()): ...
            """,
            because="a header is not logged",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/verify")
            def verify(token: str): ...
            @app.get("/orders")
            def orders(page_token: str): ...
            """,
            because="one is a link sent by mail, used once; the other is no secret",
        ),
        PassesCode(
            """
            from itsdangerous import URLSafeSerializer
            @app.get("/logs")
            def logs(token: str | None = None):
                place = URLSafeSerializer(KEY).loads(token) if token else {}
                return read(place)
            """,
            because="it says where the list goes on, and is signed",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders")
            def orders(limit: int = 100, token: int = None): ...
            """,
            because="a number says where the list goes on",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each query or path parameter, and each read of the query, by whose name it is a secret."""
        for handler in source.handlers:
            if handler.node is None or _once(handler):
                continue
            for each in handler.parameters_of(ParameterKind.QUERY, ParameterKind.PATH):
                # A caller who is known already names somebody else's key by it, as to filter a list.
                in_address = each.kind is ParameterKind.QUERY or f"{{{each.name}" in (handler.route or "")
                read = _is_unsigned(handler, each.name)
                if each.type is not None and "int" in each.type.split():
                    continue  # a number says where a list goes on
                if _is_secret(each.name) and each.node is not None and in_address and not handler.guards and not read:
                    yield self._found(source, each.node, handler, each.name)
            told: set[str] = set()
            for call in own_nodes(handler.node):
                name = _read_from_query(call)
                # A token in a link that somebody else sends is used once; a socket's opens everything.
                opens = name != "token" or handler.kind is HandlerKind.WEBSOCKET
                if name is not None and name not in told and _is_secret(name) and opens:
                    told.add(name)
                    yield self._found(source, call, handler, name)

    def _found(self, source: Source, node: ast.AST, handler: Handler, name: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=f"{handler.name} takes {name} from the address.",
            why="Addresses stand in the logs of each proxy, in histories and in the Referer header (CWE-598).",
            instead="Take it from the Authorization header; for a WebSocket from a ticket that works once "
            "and for seconds.",
        )


def _is_unsigned(handler: Handler, name: str) -> bool:
    """Return whether the handler reads a signed value out of it, as where a list goes on: it opens nothing."""
    calls = own_calls(handler.node) if handler.node is not None else ()
    return any(last_name(call) == "loads" and "json" not in chain(call) and name in names_in(call) for call in calls)


def _is_secret(name: str) -> bool:
    words = set(words_of(name))
    return names_secret(name) and not words & {
        "signature",
        "csrf",
        "page",
        "next",
        "reset",
        "hmac",
        "device",
        "continuation",
    }


def _once(handler: Handler) -> bool:
    words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
    return bool(words & _LINKS)


def _read_from_query(node: ast.AST) -> str | None:
    """Return the name that is read from the query: `request.args["token"]`, `socket.query_params.get("token")`."""
    if isinstance(node, ast.Subscript):
        holder, key = node.value, node.slice
    elif isinstance(node, ast.Call) and last_name(node) == "get" and isinstance(node.func, ast.Attribute) and node.args:
        holder, key = node.func.value, node.args[0]
    else:
        return None
    return constant_text(key) if dotted(holder).endswith((".query_params", ".args", "request.GET")) else None
