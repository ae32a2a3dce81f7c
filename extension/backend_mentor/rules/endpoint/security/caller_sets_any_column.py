"""The rule caller-sets-any-column."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    dotted,
    functions,
    last_name,
    names_in,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import reads_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOOK_UPS = frozenset({"get", "filter", "exclude", "get_object_or_404"})


class CallerSetsAnyColumn:
    """What the caller sends is written to a row as it is, and the row has columns that are not his.

    A body with `"is_admin": true` makes an administrator.
    """

    name: ClassVar[str] = "caller-sets-any-column"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/users")
            def create():
                user = User(**request.get_json())
                db.session.add(user)
            """,
            says="User takes each field that the caller sends",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/users")
            def create():
                body = UserIn(**request.get_json())
            """,
            because="a model for what comes in is the remedy",
        ),
        PassesCode(
            """
            def add(request, group):
                user = User.objects.get(**request.data)
                group.user_set.add(user)
            """,
            because="it chooses a row and sets nothing",
        ),
        PassesCode("def build(row):\n    return User(**row)\n", because="nothing says that the caller wrote it"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each mapped class made from a request's JSON; where the cell shows no model, by its "
        "going to a session."""
        for function in functions(source.tree):
            for call in own_calls(function):
                unpacked = [each.value for each in call.keywords if each.arg is None and reads_request(each.value)]
                name = dotted(call.func)
                if last_name(call) in _LOOK_UPS:
                    continue  # it chooses a row and sets nothing
                if not unpacked or not name[:1].isupper() or not _is_stored(source, function, call):
                    continue
                yield report(
                    self,
                    source,
                    call,
                    what=f"{name} takes each field that the caller sends.",
                    why='A body with `"is_admin": true` or another owner is stored like any other (OWASP API3:2023).',
                    instead="Read the body into a model that lists what the caller writes, and set the rest yourself.",
                )


def _is_stored(source: Source, function: Function, call: ast.Call) -> bool:
    model = source.model(dotted(call.func))
    if model is not None:
        return model.kind in (ModelKind.SQLALCHEMY, ModelKind.SQLMODEL, ModelKind.DJANGO)
    stored = [each for each in own_calls(function) if last_name(each) in {"add", "merge"} and each.args]
    made = {
        name
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and node.value is call
        for name in targets(node)
    }
    return any(each.args[0] is call or names_in(each.args[0]) & made for each in stored)
