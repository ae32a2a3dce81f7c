"""The rule redirect-to-any-address."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    chain,
    dotted,
    last_name,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_REDIRECTS = frozenset({"redirect", "RedirectResponse", "HttpResponseRedirect"})

_ASKS_FOR_HOST = frozenset({"url_has_allowed_host_and_scheme", "is_safe_url", "is_safe_redirect_url", "url_is_safe"})
# Where this application is mounted, as the server says it.
_ROOTS = frozenset({"script_root", "root_path", "script_name"})
_OWN_ROUTES = frozenset({"reverse", "url_for", "resolve_url", "url_path_for"})
# A path of one's own, or a host that is written out up to the slash behind it.
_OPERATORS = re.compile(r"(?:\w+\.)*(?:settings|config|[A-Z][A-Z_]+)\.")
_FIXED_HEAD = re.compile(r"/[^/\\]|https?://[\w.-]+(?::\d+)?[/?]")
_WHOLE = (ast.Name, ast.Attribute, ast.Subscript)


class RedirectToAnyAddress:
    """The answer sends the browser wherever the caller's link says.

    A link to your domain ends on a copy of your login page.
    """

    name: ClassVar[str] = "redirect-to-any-address"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from fastapi.responses import RedirectResponse
            app = FastAPI()
            @app.get("/login")
            def login(next: str):
                return RedirectResponse(next)
            """,
            says="login redirects to the address in next",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from fastapi.responses import RedirectResponse
            app = FastAPI()
            @app.get("/login")
            def login(next: str):
                if not next.startswith("/") or next.startswith("//"):
                    next = "/"
                return RedirectResponse(next)
            """,
            because="it stays on the own host",
        ),
        PassesCode(
            """
            from django.shortcuts import redirect
            def moved(request):
                target = request.path.replace("/old/", "/new/")
                if request.GET:
                    target += "?" + request.GET.urlencode()
                return redirect(target)
            """,
            because="it is the path of this request",
        ),
        PassesCode(
            """
            from django.shortcuts import redirect
            from django.urls import reverse
            def back(request):
                target = f"{reverse('login')}?next={request.GET['next']}"
                return redirect(target)
            """,
            because="the caller chooses what stands behind the question mark",
        ),
        PassesCode(
            """
            from django.shortcuts import redirect
            LEARN = "https://learn.example.com/course/{name}"
            def course(request):
                target = LEARN.format(name=request.GET["name"])
                return redirect(target)
            """,
            because="the host is fixed",
        ),
        PassesCode(
            """
            from django.shortcuts import redirect
            from django.urls import reverse
            def start(request):
                page = reverse("start")
                target = f"{page}?user={request.POST['user']}"
                return redirect(target)
            """,
            because="the route has been looked up before",
        ),
        PassesCode(
            """
            from django.conf import settings
            from django.shortcuts import redirect
            FLOW = settings.LEARN_ROOT + "/course/{name}"
            def course(request):
                target = FLOW.format(name=request.GET["name"])
                target += "?mode=paid"
                return redirect(target)
            """,
            because="the host stands in the settings",
        ),
        FlagsCode(
            """
            from django.shortcuts import redirect
            def start(request):
                page = request.POST["page"]
                target = f"{page}?user=1"
                return redirect(target)
            """,
            says="start redirects to the address in target",
        ),
        FlagsCode(
            """
            from django.shortcuts import redirect
            WHOLE = "{address}"
            def course(request):
                target = WHOLE.format(address=request.GET["to"])
                return redirect(target)
            """,
            says="course redirects to the address in target",
        ),
        FlagsCode(
            """
            from django.shortcuts import redirect
            def course(request):
                target = f"https://{request.GET['host']}/course"
                return redirect(target)
            """,
            says="course redirects to the address in target",
        ),
        PassesCode(
            """
            from flask import Flask, redirect, request
            app = Flask(__name__)
            @app.get("/<locale>/<path:rest>")
            def page(locale, rest):
                target = f"{request.script_root}/app/{rest}"
                return redirect(target)
            """,
            because="it stays below where the application is mounted",
        ),
        PassesCode(
            """
            from urllib.parse import urljoin
            from django.conf import settings
            from django.shortcuts import redirect
            COURSE_URL = urljoin(settings.SHOP_ROOT, "/courses/{key}/")
            def course(request):
                target = COURSE_URL.format(key=request.GET["key"])
                if request.GET.get("page"):
                    target += "?page=" + request.GET["page"]
                return redirect(target)
            """,
            because="where it leads is a constant of the module",
        ),
        PassesCode(
            """
            from django.shortcuts import redirect
            from .constants import COURSE_URL
            def course(request):
                target = COURSE_URL.format(key=request.GET["key"])
                return redirect(target)
            """,
            because="where it leads is a constant of the project",
        ),
        PassesCode(
            """
            @app.get("/items/<refcode>")
            def item(refcode: str):
                address = f"{CONFIG.APP_URL}/items/{refcode}"
                return redirect(address)
            """,
            because="the operator has set the host",
        ),
        PassesCode(
            """
            @app.get("/show")
            def show():
                address = "?".join([url_for("front"), "show=" + request.args["show"]])
                return redirect(address)
            """,
            because="it begins with a page of our own",
        ),
        PassesCode(
            """
            @app.get("/language")
            def language():
                back = request.headers.get("Referer", "/")
                return redirect(back)
            """,
            because="the browser writes the Referer",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each redirect of a handler whose whole address is text of the caller."""
        for function, tainted in text_of_callers(source):
            if any(last_name(call) in _ASKS_FOR_HOST for call in own_calls(function)):
                continue
            for call in own_calls(function):
                given = argument(call, 0, "url") if last_name(call) in _REDIRECTS else None
                sent = (
                    from_caller(given, tainted)
                    if given is not None and (isinstance(given, _WHOLE) or last_name(given) == "get")
                    else None
                )
                # The browser writes the Referer: no link of a stranger chooses where it leads.
                if (
                    sent is not None
                    and not _is_own_path(function, given)
                    and not _has_fixed_head(source, function, given)
                    and not _is_referer(function, given)
                ):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{function.name} redirects to the address in {sent}, which the caller has chosen.",
                        why="A link that begins with your domain ends on somebody's copy of your login page (CWE-601).",
                        instead="Allow paths of your own alone, or look the target up by a key.",
                    )


def _is_referer(function: Function, given: ast.expr | None) -> bool:
    values = [given] if given is not None else []
    if isinstance(given, ast.Name):
        values += _values_of(given.id, own_nodes(function))
    return any({"headers", "META", "referrer"} & set(chain(each)) for each in values)


def _has_fixed_head(source: Source, function: Function, given: ast.expr | None) -> bool:
    """Return whether each text that the variable is given names its host or its path before the caller's part."""
    if not isinstance(given, ast.Name):
        return False
    made = _values_of(given.id, own_nodes(function))
    bound = {name: value for name in _names_in(made) for value in _only_value(name, source, function)}
    return bool(made) and all(_FIXED_HEAD.match(_beginning(each, bound, depth=3)) for each in made)


def _values_of(name: str, nodes: Iterable[ast.AST]) -> list[ast.expr]:
    return [node.value for node in nodes if isinstance(node, ast.Assign) and name in targets(node)]


def _names_in(values: list[ast.expr]) -> frozenset[str]:
    return frozenset(each.id for value in values for each in ast.walk(value) if isinstance(each, ast.Name))


def _only_value(name: str, source: Source, function: Function) -> list[ast.expr]:
    """Return the one value that the function, else the module, gives to a name."""
    own = _values_of(name, own_nodes(function))
    if not own and name not in {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}:
        own = _values_of(name, source.tree.body)
    return own if len(own) == 1 else []


def _beginning(value: ast.expr, bound: dict[str, ast.expr], depth: int) -> str:
    """Return the text as far as it is written in the code, with `/own` for a looked-up route or a setting."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.Attribute):
        return "/own" if _OPERATORS.match(dotted(value)) or value.attr in _ROOTS else ""
    if isinstance(value, ast.Name) and value.id not in bound and value.id.isupper():
        return "/own"
    if isinstance(value, ast.Name):
        known = _beginning(bound[value.id], bound, depth - 1) if value.id in bound and depth > 0 else ""
        return known or ("/own" if value.id.isupper() else "")
    if isinstance(value, ast.FormattedValue):
        return _beginning(value.value, bound, depth)
    if isinstance(value, ast.Call):
        return _beginning_of_call(value, bound, depth)
    parts = value.values if isinstance(value, ast.JoinedStr) else [value.left] if isinstance(value, ast.BinOp) else []
    written = ""
    for part in parts:
        written += _beginning(part, bound, depth)
        if not isinstance(part, ast.Constant):
            break
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return written.partition("%")[0]
    return written


def _beginning_of_call(call: ast.Call, bound: dict[str, ast.expr], depth: int) -> str:
    if last_name(call) in _OWN_ROUTES:
        return "/own"
    if last_name(call) == "join" and call.args and isinstance(call.args[0], ast.List | ast.Tuple):
        return "".join(_beginning(each, bound, depth) for each in call.args[0].elts[:1])
    if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
        return _beginning(call.func.value, bound, depth).partition("{")[0]
    return ""


def _is_own_path(function: Function, given: ast.expr | None) -> bool:
    """Return whether the address is made from the path of this very request, which is one of our own."""
    made = [
        node.value
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and isinstance(given, ast.Name) and given.id in targets(node)
    ]
    values = made or ([given] if given is not None else [])
    return bool(values) and all(
        any(
            (isinstance(each, ast.Attribute) and each.attr in {"path", "path_info"} and dotted(each.value) == "request")
            or (made and isinstance(each, ast.Name) and isinstance(given, ast.Name) and each.id == given.id)
            for each in ast.walk(value)
        )
        for value in values
    )
