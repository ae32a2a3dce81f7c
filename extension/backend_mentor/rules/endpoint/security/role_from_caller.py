"""The rule role-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant_text, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import reads_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_RIGHTS = frozenset({"is_admin", "is_superuser", "is_staff", "role", "roles", "is_owner", "permissions"})


class RoleFromCaller:
    """What the caller may do is decided by what he says of himself.

    Whoever writes `"role": "admin"` into the request is one.
    """

    name: ClassVar[str] = "role-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/purge")
            def purge():
                if request.json["role"] == "admin":
                    delete_all()
            """,
            says="purge believes the role that the caller sends",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI, Header
            app = FastAPI()
            @app.delete("/orders")
            def purge(is_admin: bool = Header(False)):
                if not is_admin:
                    raise HTTPException(403)
            """,
            says="purge believes the is_admin that the caller sends",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Depends
            app = FastAPI()
            @app.delete("/orders")
            def purge(user=Depends(get_current_user)):
                if user.role != "admin":
                    raise HTTPException(403)
            """,
            because="the role is that of the user found",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users")
            def users(role: str):
                if role == "admin":
                    return admins()
            """,
            because="it chooses what is listed, and refuses nobody",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each condition on a right that the request carries, where it decides between going on and refusing."""
        for handler in source.handlers:
            if handler.node is None or handler.guards:
                continue
            sent = {
                each.name
                for each in handler.parameters_of(ParameterKind.HEADER, ParameterKind.COOKIE, ParameterKind.QUERY)
                if each.name in _RIGHTS
            }
            for node in own_nodes(handler.node):
                if not isinstance(node, ast.If):
                    continue
                name = _claimed(node.test, sent)
                if name is not None and (_refuses(node) or _is_for_admins(node.test)):
                    yield report(
                        self,
                        source,
                        node.test,
                        what=f"{handler.name} believes the {name} that the caller sends.",
                        why="Any client can write that into its request (OWASP API5:2023).",
                        instead="Take the right from the row or the verified token of who is calling.",
                    )


def _claimed(test: ast.expr, sent: set[str]) -> str | None:
    for each in ast.walk(test):
        if isinstance(each, ast.Name) and each.id in sent:
            return each.id
        if isinstance(each, ast.Subscript | ast.Call) and reads_request(each):
            key = each.slice if isinstance(each, ast.Subscript) else next(iter(each.args), None)
            text = constant_text(key)
            if text in _RIGHTS:
                return text
    return None


def _is_for_admins(test: ast.expr) -> bool:
    return any(reads_request(each) for each in ast.walk(test) if isinstance(each, ast.Subscript | ast.Call)) and any(
        constant_text(each) in {"admin", "superuser", "owner"} for each in ast.walk(test)
    )


def _refuses(node: ast.If) -> bool:
    return any(
        isinstance(each, ast.Raise) or (isinstance(each, ast.Call) and last_name(each) == "abort")
        for part in (*node.body, *node.orelse)
        for each in ast.walk(part)
    )
