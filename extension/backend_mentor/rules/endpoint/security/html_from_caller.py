"""The rule html-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    constant_text,
    dotted,
    full_name,
    keyword,
    last_name,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class HtmlFromCaller:
    """What the caller sends is answered as HTML, as it is.

    A script in it runs in the browser of whoever follows the link, with his session.
    """

    name: ClassVar[str] = "html-from-caller"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from fastapi.responses import HTMLResponse
            app = FastAPI()
            @app.get("/hello")
            def hello(name: str):
                return HTMLResponse(f"<p>Hello {name}</p>")
            """,
            says="`HTMLResponse` answers with name as HTML",
        ),
        FlagsCode(
            """
            from django.http import HttpResponse
            def hello(request):
                name = request.GET["name"]
                return HttpResponse("<p>Hello " + name)
            """,
            says="`HttpResponse` answers with name as HTML",
        ),
        PassesCode(
            """
            from html import escape
            from fastapi import FastAPI
            from fastapi.responses import HTMLResponse
            app = FastAPI()
            @app.get("/hello")
            def hello(name: str):
                return HTMLResponse(f"<p>Hello {escape(name)}</p>")
            """,
            because="it is escaped",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from fastapi.responses import HTMLResponse
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int):
                return HTMLResponse(f"<p>Order {key}</p>")
            """,
            because="a number holds no script",
        ),
        PassesCode(
            """
            from django.http import HttpResponse
            def shown(request):
                name = request.GET["name"]
                if name != request.user.name:
                    return HttpResponse(status=404)
                return HttpResponse("<p>Hello " + name)
            """,
            because="it is the very text that is stored",
        ),
        FlagsCode(
            """
            from django.http import HttpResponse
            def shown(request):
                name = request.GET["name"]
                if name == request.GET["again"]:
                    return HttpResponse("<p>Hello " + name)
            """,
            says="`HttpResponse` answers with name as HTML",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer in HTML, and each text declared safe, into which a handler writes text of the caller."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                given = argument(call, 0, "content") if _answers_html(source, call) else None
                if given is None or not isinstance(given, ast.JoinedStr | ast.BinOp | ast.Name | ast.Subscript):
                    continue
                if isinstance(given, ast.Name) and not _built_here(function, given.id):
                    continue
                sent = from_caller(given, tainted)
                if sent is not None and not _equals_what_is_known(function, sent, tainted):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` answers with {sent} as HTML.",
                        why="A `<script>` in a link of your domain runs with the session of whoever "
                        "follows it (CWE-79).",
                        instead="Render a template with escaping on, or write `html.escape(…)` around the value.",
                    )


def _answers_html(source: Source, call: ast.Call) -> bool:
    name = last_name(call)
    kind = constant_text(keyword(call, "content_type")) or constant_text(keyword(call, "media_type"))
    if name == "HttpResponse":
        return kind is None or kind.startswith("text/html")
    if name == "Response":
        return kind is not None and kind.startswith("text/html")
    if name in {"mark_safe", "Markup"}:
        return full_name(source.tree, call.func).startswith(("django.", "markupsafe.", "flask."))
    return name == "HTMLResponse"


def _equals_what_is_known(function: Function, name: str, tainted: frozenset[str]) -> bool:
    """Return whether the caller's text is compared, as a whole, with something that is not the caller's."""
    for node in own_nodes(function):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = (node.left, node.comparators[0])
            others = [side for side in sides if dotted(side) != name]
            if len(others) == 1 and isinstance(others[0], ast.Name | ast.Attribute):
                return from_caller(others[0], tainted) is None
    return False


def _built_here(function: Function, name: str) -> bool:
    """Return whether a variable's text is put together in the function, where escaping would be seen."""
    values = [node.value for node in own_nodes(function) if isinstance(node, ast.Assign) and name in targets(node)]
    return len(values) == 1 and isinstance(values[0], ast.JoinedStr | ast.BinOp)
