"""The rule debug-in-production."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, is_true, keyword, last_name, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DebugInProduction:
    """Debug mode is switched on in the code.

    On an error the caller sees the traceback, with paths, values and settings.
    """

    name: ClassVar[str] = "debug-in-production"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("app = FastAPI(debug=True)\n", says="`FastAPI` is in debug mode"),
        FlagsCode('DEBUG = True\nALLOWED_HOSTS = ["shop.example"]\n', says="DEBUG is True in the settings"),
        PassesCode(
            "app = Starlette(debug=True)\nroutes = [Route('/', page)]\napp = Starlette(routes=routes)\n",
            because="another one is served",
        ),
        PassesCode("app = FastAPI(debug=settings.debug)\n", because="the environment decides"),
        PassesCode("DEBUG = True\nprint(DEBUG)\n", because="these are not a site's settings"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each application made with `debug=True`, and `DEBUG = True` beside other settings of Django."""
        for call in calls(source.tree):
            name = last_name(call)
            if (
                name in {"FastAPI", "Starlette", "Litestar"}
                and is_true(keyword(call, "debug"))
                and _is_served(source, call)
            ):
                yield self._finding(source, call, f"`{name}` is in debug mode.")
        settings = {name: node for node in source.tree.body if isinstance(node, ast.Assign) for name in targets(node)}
        if {"ALLOWED_HOSTS", "INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE"} & settings.keys() and "DEBUG" in settings:
            node = settings["DEBUG"]
            if is_true(node.value):
                yield self._finding(source, node, "DEBUG is True in the settings.")

    def _finding(self, source: Source, node: ast.AST, what: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=what,
            why="On an error the caller gets the traceback with paths, values and settings (OWASP API8:2023).",
            instead="Read it from the environment, off by default.",
        )


def _is_served(source: Source, call: ast.Call) -> bool:
    """Return whether no other application takes its name later on at the top of the cell."""
    made = [node for node in source.tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    own = next((targets(node) for node in made if node.value is call), frozenset())
    return not any(targets(node) & own and node.lineno > call.lineno for node in made)
