"""The rule query-read-in-post."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant_text, dotted, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class QueryReadInPost:
    """A POST reads its values from the address.

    Addresses are logged and have a length; what a form or JSON sends stands in the body.
    """

    name: ClassVar[str] = "query-read-in-post"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/orders")
            def add():
                return store(request.args["product"])
            """,
            says="POST /orders reads product from the address",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/orders")
            def add():
                return store(request.form["product"], draft=request.args.get("draft"))
            """,
            because="the values come from the form, the address says how",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.get("/orders")
            def orders():
                return find(request.args["product"])
            """,
            because="a GET has nothing but its address",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each POST, PUT or PATCH of Flask that demands a key of the address and never reads a body."""
        if source.framework != "Flask":
            return
        for handler in source.handlers:
            if handler.node is None or not handler.methods or not set(handler.methods) <= {"POST", "PUT", "PATCH"}:
                continue
            code = source.code_of(handler.node)
            if re.search(r"request\.(?:form|json|get_json|data|files|values|stream|get_data)|form", code):
                continue
            for node in own_nodes(handler.node):
                if isinstance(node, ast.Subscript) and dotted(node.value) == "request.args":
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.methods[0]} {handler.route} reads {constant_text(node.slice) or 'a value'} "
                        "from the address.",
                        why="Addresses stand in logs and histories, and proxies cut long ones.",
                        instead="Read it from `request.get_json()` or `request.form`.",
                    )
                    break
