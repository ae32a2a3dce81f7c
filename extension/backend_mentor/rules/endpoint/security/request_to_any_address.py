"""The rule request-to-any-address."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, dotted, full_name, last_name, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "urlopen"})

_WHOLE = (ast.Name, ast.Attribute, ast.Subscript)


class RequestToAnyAddress:
    """The server sends a request to an address that the caller has chosen.

    It reaches what only your machines reach: the cloud's metadata, the database's console, the neighbour's API.
    """

    name: ClassVar[str] = "request-to-any-address"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            import httpx
            app = FastAPI()
            @app.post("/preview")
            def preview(url: str):
                return httpx.get(url, timeout=3).text
            """,
            says="`httpx.get` goes to the address in url",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            import httpx
            app = FastAPI()
            @app.get("/weather")
            def weather(city: str):
                return httpx.get(f"https://weather.example/{city}", timeout=3).text
            """,
            because="the host is yours to choose",
        ),
        PassesCode(
            """
            import httpx
            def fetch(url: str):
                return httpx.get(url, timeout=3).text
            """,
            because="nothing says that the caller of an endpoint chooses it",
        ),
        PassesCode(
            """
            import requests
            from urllib.parse import urlparse
            @app.get("/proxy")
            def proxy(url: str):
                host = "{u.hostname}".format(u=urlparse(url))
                if host not in ALLOWED_HOSTS:
                    raise HTTPException(400)
                return requests.get(url, timeout=3).text
            """,
            because="its host is on a list",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each outgoing request of a handler whose address begins with text of the caller."""
        for function, tainted in text_of_callers(source):
            if any(_asks_a_list(node) for node in own_nodes(function)):
                continue
            for call in own_calls(function):
                module, _, method = full_name(source.tree, call.func).rpartition(".")
                if module not in {"requests", "httpx", "urllib.request"} or method not in _METHODS:
                    continue
                given = argument(call, 1, "url") if method == "request" else argument(call, 0, "url")
                sent = (
                    from_caller(given, tainted)
                    if given is not None and (isinstance(given, _WHOLE) or last_name(given) == "get")
                    else None
                )
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` goes to the address in {sent}, which the caller has chosen.",
                        why="It reaches what only your machines reach, such as 169.254.169.254 with the cloud's keys "
                        "(OWASP API7:2023).",
                        instead="Take the host from a fixed list; else resolve it, refuse private "
                        "addresses and redirects.",
                    )


_LIST = re.compile(r"allow|trusted|permitted|whitelist", re.IGNORECASE)


def _asks_a_list(node: ast.AST) -> bool:
    """Return whether a comparison asks whether something is on a list of what is allowed."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return False
    return any(_LIST.search(last_name(each)) for each in node.comparators)
