"""The rule assert-checks-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name, names_in, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SENT = (
    ParameterKind.PATH, ParameterKind.QUERY, ParameterKind.BODY, ParameterKind.FORM, ParameterKind.HEADER,
    ParameterKind.COOKIE, ParameterKind.FILE,
)  # fmt: skip


class AssertChecksCaller:
    """What a caller has sent is checked by `assert`.

    The caller sees 500 for a mistake of his own, and with `python -O` nothing is checked at all.
    """

    name: ClassVar[str] = "assert-checks-caller"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/payments")
            def pay(amount: int):
                assert amount > 0, "nothing to pay"
                return amount
            """,
            says="`assert amount > 0` checks what the caller of pay sends",
        ),
        FlagsCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.get("/rates/<currency>")
            def rate(currency):
                assert currency in RATES
                return RATES[currency]
            """,
            says="`assert currency in RATES` checks what the caller of rate sends",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/payments")
            def pay(amount: int | None = 1, note: object = None):
                assert amount is not None and isinstance(note, str)
                return amount
            """,
            because="it tells the type checker what is known, and checks no value",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items/{key}")
            def item(key: int):
                found = load(key)
                assert len(found) == 1
                return found[0]
            """,
            because="that is the code's own promise, and nothing that the caller sends",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `assert` of a route's handler that compares what a parameter brings from the request."""
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE:
                continue
            sent = frozenset(each.name for each in handler.parameters_of(*_SENT))
            for node in own_nodes(handler.node):
                if not isinstance(node, ast.Assert) or _narrows(node.test) or not names_in(node.test) & sent:
                    continue
                yield report(
                    self,
                    source,
                    node,
                    what=f"`assert {excerpt(node.test)}` checks what the caller of {handler.name} sends.",
                    why="He is told 500, as if the server had failed, and `python -O` leaves the check out: the value "
                    "goes on unchecked.",
                    instead="Write `if not …:` and raise the framework's error with 400, or declare the bound on the "
                    "parameter itself.",
                )


def _narrows(test: ast.expr) -> bool:
    """Return whether a condition speaks of types and of None alone."""
    match test:
        case ast.BoolOp(values=values):
            return all(_narrows(each) for each in values)
        case ast.UnaryOp(operand=operand):
            return _narrows(operand)
        case ast.Compare(ops=ops, comparators=comparators):
            by_identity = all(isinstance(each, ast.Is | ast.IsNot) for each in ops)
            return by_identity and all(isinstance(each, ast.Constant) for each in comparators)
        case ast.Call():
            return last_name(test) in {"isinstance", "issubclass", "callable", "hasattr"}
    return isinstance(test, ast.Name | ast.Attribute | ast.Constant)
