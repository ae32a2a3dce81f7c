"""The rule guard-outside-route."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_GUARDS = frozenset(
    {
        "login",
        "auth",
        "authenticated",
        "jwt",
        "role",
        "roles",
        "permission",
        "permissions",
        "require",
        "required",
        "requires",
        "admin",
        "token",
    }
)


class GuardOutsideRoute:
    """A guard stands above the route's decorator, and so does nothing.

    The decorator below registers the bare function. The guard wraps a function that nobody calls.
    """

    name: ClassVar[str] = "guard-outside-route"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask
            app = Flask("shop")
            @login_required
            @app.route("/account")
            def account(): ...
            """,
            says="login_required does not guard /account",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.route("/account")
            @login_required
            def account(): ...
            """,
            because="the guarded function is registered",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @cache.cached(60)
            @app.route("/prices")
            def prices(): ...
            """,
            because="it guards nothing",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each decorator above a route's by whose name it guards something."""
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE:
                continue
            decorators = handler.node.decorator_list
            places = [number for number, each in enumerate(decorators) if _registers(each)]
            for guard in decorators[: places[0]] if places else ():
                name = last_name(guard)
                if _GUARDS & set(words_of(name)):
                    yield report(
                        self,
                        source,
                        guard,
                        what=f"{name} does not guard {handler.route or handler.name}: it stands above "
                        "the route's decorator.",
                        why="The route has registered the bare function below, so anyone is let in "
                        "(OWASP API2:2023 and API5:2023).",
                        instead=f"Move @{name} directly above `def {handler.node.name}`.",
                    )


def _registers(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in {
        "route", "get", "post", "put", "patch", "delete",
    }  # fmt: skip
