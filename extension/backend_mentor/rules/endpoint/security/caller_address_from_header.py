"""The rule caller-address-from-header."""

from __future__ import annotations

import ast
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, enclosing, functions, last_name, own_nodes, root_name, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
_INSTEAD = MappingProxyType(
    {
        "Flask": "Let werkzeug's `ProxyFix(app.wsgi_app, x_for=1)` set the address, with the number of your proxies, "
        "and read `request.remote_addr`; or count from the right.",
        "Django": "Count from the right, as many as you have proxies, or let the server set `REMOTE_ADDR` and read "
        "that.",
    }
)
_INSTEAD_OF_OTHERS = (
    "Let the server set the address, `--forwarded-allow-ips` with your proxies, and read `request.client.host`; or "
    "count from the right."
)


class CallerAddressFromHeader:
    """The caller's address is read from a header that he writes himself.

    A limit or a log by that address is his to choose.
    """

    name: ClassVar[str] = "caller-address-from-header"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/login")
            def login(request: Request):
                address = request.headers.get("X-Forwarded-For", "").split(",")[0]
                limit(address)
            """,
            says="address is the first entry of X-Forwarded-For",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/login")
            def login(request: Request):
                limit(request.client.host)
            """,
            because="the server tells it, with trusted proxies set",
        ),
        PassesCode(
            """
            def address_of(request):
                if request.client.host in TRUSTED_PROXIES:
                    return request.headers["X-Forwarded-For"].split(",")[0]
                return request.client.host
            """,
            because="it asks first who has written the header",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each first entry taken from X-Forwarded-For in a function that names no proxy to be trusted."""
        if not re.search("x.forwarded.for", source.text, re.IGNORECASE):
            return
        for function in functions(source.tree):
            held = {
                name
                for node in own_nodes(function)
                if isinstance(node, ast.Assign) and _reads_header(node.value)
                for name in targets(node)
            }
            if re.search("trust|prox|allowed|behind", source.code_of(function), re.IGNORECASE):
                continue
            for node in own_nodes(function):
                if not isinstance(node, ast.Subscript) or constant(node.slice) != 0 or not _splits(node.value):
                    continue
                if _reads_header(node.value) or root_name(node.value) in held:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{_name_of(source, node)} is the first entry of X-Forwarded-For.",
                        why="Each proxy appends, so the first entry is what the caller wrote: limits, "
                        "bans and logs by it "
                        "are his to choose (CWE-348).",
                        instead=_INSTEAD.get(source.framework or "", _INSTEAD_OF_OTHERS),
                    )


def _reads_header(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and each.value.upper().replace("-", "_").removeprefix("HTTP_") == "X_FORWARDED_FOR"
        for each in ast.walk(node)
    )


def _splits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node) in {"split", "getlist"}


def _name_of(source: Source, node: ast.AST) -> str:
    for each in enclosing(source.tree, node):
        if isinstance(each, ast.Assign):
            return next(iter(targets(each)), "The address")
    return "The address"
