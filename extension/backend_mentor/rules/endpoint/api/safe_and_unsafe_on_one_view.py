"""The rule safe-and-unsafe-on-one-view."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import own_calls
from backend_mentor.rules.endpoint.databases import writes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SafeAndUnsafeOnOneView:
    """One function answers reading and writing requests.

    The checks against forged requests and the caches treat the two differently, and so must the code inside.
    """

    name: ClassVar[str] = "safe-and-unsafe-on-one-view"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.route("/orders/<int:key>/delete", methods=["GET", "POST", "DELETE"])
            def remove(key):
                db.session.delete(db.session.get(Order, key))
                db.session.commit()
                return redirect("/orders")
            """,
            says="remove answers GET and writes all the same",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.route("/orders/new", methods=["GET", "POST"])
            def add():
                if request.method == "POST":
                    db.session.add(Order())
                    db.session.commit()
                return render_template("order.html")
            """,
            because="a form's page asks for the method",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.route("/orders", methods=["GET"])
            def orders():
                return render_template("orders.html")
            """,
            because="it reads alone",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each handler of GET and a writing method that writes without asking for the method."""
        for handler in source.handlers:
            methods = set(handler.methods)
            if handler.node is None or "GET" not in methods or not methods & {"POST", "PUT", "PATCH", "DELETE"}:
                continue
            code = source.code_of(handler.node)
            if re.search(r"\.method\b|validate_on_submit|is_valid\(|is_submitted|validate\(", code):
                continue
            if any(writes(call) for call in own_calls(handler.node)):
                yield report(
                    self,
                    source,
                    handler.node,
                    what=f"{handler.name} answers GET and writes all the same.",
                    why="A link, a prefetching browser or a crawler sends GET, without a token against "
                    "forgery (CWE-352).",
                    instead="Split it in two functions, and let the one that writes answer POST alone.",
                )
