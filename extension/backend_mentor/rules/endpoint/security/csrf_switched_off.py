"""The rule csrf-switched-off."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import Function, constant_text, enclosing, is_false, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CsrfSwitchedOff:
    """The check against forged requests is switched off.

    Any page that a logged-in user visits can post in his name.
    """

    name: ClassVar[str] = "csrf-switched-off"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('app.config["WTF_CSRF_ENABLED"] = False\n', says="WTF_CSRF_ENABLED is off"),
        FlagsCode(
            """
            from django.views.decorators.csrf import csrf_exempt
            @csrf_exempt
            @login_required
            def transfer(request): ...
            """,
            says="csrf_exempt takes the check away from transfer",
        ),
        PassesCode('app.config["WTF_CSRF_ENABLED"] = True\n', because="it is on"),
        PassesCode(
            """
            from django.views.decorators.csrf import csrf_exempt
            @csrf_exempt
            def stripe_webhook(request): ...
            """,
            because="who has no cookie can not be forged",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the setting at False, and the exemption of a view behind a login, which lives on a cookie."""
        for node in walk(source.tree):
            if isinstance(node, ast.Assign) and is_false(node.value):
                target = node.targets[0]
                name = constant_text(target.slice) if isinstance(target, ast.Subscript) else last_name(target)
                if name in {"WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"} and not _is_test(source, node):
                    yield self._found(source, node, f"{name} is off.")
            elif isinstance(node, Function):
                names = [last_name(each) for each in node.decorator_list]
                if "csrf_exempt" in names and {"login_required", "permission_required"} & set(names):
                    place = node.decorator_list[names.index("csrf_exempt")]
                    yield self._found(source, place, f"csrf_exempt takes the check away from {node.name}.")

    def _found(self, source: Source, node: ast.AST, what: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=what,
            why="The browser sends the session's cookie with each request, also with one that a stranger's page "
            "has made (CWE-352).",
            instead="Leave the check on, and send the token in the form or in the X-CSRFToken header.",
        )


def _is_test(source: Source, node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.ClassDef | ast.FunctionDef) and "test" in each.name.lower()
        for each in enclosing(source.tree, node)
    )
