"""The rule filter-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    constant_text,
    dotted,
    last_name,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FINDS = frozenset(
    {
        "find",
        "find_one",
        "update_one",
        "update_many",
        "delete_one",
        "delete_many",
        "count_documents",
        "find_one_and_update",
        "find_one_and_delete",
        "replace_one",
    }
)
# MongoDB refuses an operator among the values of these.
_LITERAL = frozenset({"$in", "$nin"})
_TEXTS = frozenset({"str", "int", "float", "bool", "ObjectId", "UUID", "len"})


class FilterFromCaller:
    """A whole object that the caller has sent is the condition of a MongoDB query.

    `{"password": {"$ne": null}}` matches every user.
    """

    name: ClassVar[str] = "filter-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/login")
            def login():
                body = request.get_json()
                return db.users.find_one({"name": body["name"], "password": body["password"]})
            """,
            says="`db.users.find_one` takes body as a condition",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/login")
            def login():
                body = request.get_json()
                return db.users.find_one({"name": str(body["name"])})
            """,
            because="a text holds no operators",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users")
            def users(name: str):
                return db.users.find_one({"name": name})
            """,
            because="the framework has made sure that it is a text",
        ),
        PassesCode(
            """
            @app.post("/orders/delete")
            def delete_orders():
                names = request.get_json()["names"]
                return {"n": db.orders.delete_many({"name": {"$in": names}}).deleted_count}
            """,
            because="an operator in the list of `$in` is refused",
        ),
        PassesCode(
            """
            @app.post("/orders/delete")
            def delete_order():
                sent = request.get_json()
                order = db.orders.find_one({"name": str(sent["name"])})
                db.keys.delete_many({"order": order["key"]})
            """,
            because="the key comes from the row that was found",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each query of a collection in a handler whose condition holds a part of the request's JSON."""
        for handler in source.handlers:
            function = handler.node
            if function is None:
                continue
            bodies = _json_bodies(function)
            for call in own_calls(function):
                given = argument(call, 0, "filter")
                if last_name(call) not in _FINDS or given is None or not isinstance(call.func, ast.Attribute):
                    continue
                if not isinstance(given, ast.Dict | ast.Name | ast.Subscript | ast.Call):
                    continue
                sent = next((name for name in sorted(bodies) if _holds_object(given, name)), None)
                if sent is None and not _reads_json(given):
                    continue
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func) or last_name(call)}` takes {sent or 'the request'} as a condition.",
                    why='In JSON a value can be an object: `{"$ne": null}` matches every row '
                    "(OWASP API8:2023, CWE-943).",
                    instead="Read the body into a Pydantic model, or write `str(…)` around each value.",
                )


def _json_bodies(function: Function) -> frozenset[str]:
    found: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and (
            _reads_json(node.value) or any(_holds_object(node.value, name) for name in found)
        ):
            found |= targets(node)
    return frozenset(found)


def _holds_object(node: ast.AST, name: str) -> bool:
    # What the database has answered is no part of the request any more.
    if isinstance(node, ast.Call) and last_name(node) in _TEXTS | _FINDS:
        return False
    if isinstance(node, ast.Name):
        return node.id == name
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return any(_holds_object(value, name) for key, value in pairs if constant_text(key) not in _LITERAL)
    return any(_holds_object(each, name) for each in ast.iter_child_nodes(node))


def _reads_json(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and last_name(node) in _TEXTS:
        return False
    if isinstance(node, ast.Attribute) and node.attr in {"json", "get_json"}:
        return dotted(node.value).rpartition(".")[2] == "request"
    return any(_reads_json(each) for each in ast.iter_child_nodes(node))
