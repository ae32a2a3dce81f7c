"""The rule error-handler-without-status."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, constant_text, dotted, functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_PAGES = frozenset({"jsonify", "render_template", "flask.jsonify", "flask.render_template"})


class ErrorHandlerWithoutStatus:
    """A handler of errors answers without a status.

    Flask answers 200 then: the caller believes that it worked.
    """

    name: ClassVar[str] = "error-handler-without-status"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, jsonify
            app = Flask("shop")
            @app.errorhandler(404)
            def missing(error):
                return jsonify(error="not found")
            """,
            says="missing answers 200 to 404",
        ),
        PassesCode(
            """
            from flask import Flask, jsonify
            app = Flask("shop")
            @app.errorhandler(404)
            def missing(error):
                return jsonify(error="not found"), 404
            """,
            because="the status goes with it",
        ),
        PassesCode(
            """
            from flask import Flask, jsonify
            app = Flask("shop")
            @app.errorhandler(404)
            def missing(error):
                response = jsonify(error="not found")
                response.status_code = 404
                return response
            """,
            because="the status is set before",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer without a status in Flask's handler of a status, directly a text, page or JSON."""
        for function in functions(source.tree):
            status = next((found for each in function.decorator_list if (found := _status(each)) is not None), None)
            if status is None:
                continue
            for node in own_nodes(function):
                value = node.value if isinstance(node, ast.Return) else None
                plain = isinstance(value, ast.Dict | ast.JoinedStr) or constant_text(value) is not None
                made = isinstance(value, ast.Call) and dotted(value.func) in _PAGES and "status" not in ast.dump(value)
                if plain or made:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{function.name} answers 200 to {status}.",
                        why="Flask takes 200 where a handler of errors says nothing else: monitoring and "
                        "clients see success.",
                        instead=f"Return the status too: `…, {status}`.",
                    )


def _status(decorator: ast.expr) -> int | None:
    if not isinstance(decorator, ast.Call) or last_name(decorator) not in {"errorhandler", "app_errorhandler"}:
        return None
    value = constant(next(iter(decorator.args), None))
    return value if isinstance(value, int) else None
