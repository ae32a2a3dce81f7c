"""The question owner-of-object."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import last_name, names_in, own_calls, own_nodes
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source

_KEYS = ("id", "_id", "_key", "_uuid")
_RANKS = frozenset({"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "owner", "scope"})
_USERS = frozenset({"user", "principal", "account", "member", "identity"})
_CHECKS = re.compile(r"permission|allow|owner|access|authori[sz]|can_|forbid|visible|role", re.IGNORECASE)
_LOGS = frozenset({"debug", "info", "warning", "error", "print"})


class OwnerOfObject:
    """May every user reach every object of a kind, or his own alone?

    A handler that knows its user and loads by a number has to compare the two, unless all objects are everybody's.
    """

    name: ClassVar[str] = "owner-of-object"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/orders/{order_id}")
            def order(order_id: int, user=Depends(get_current_user), session=Depends(get_session)):
                log.info("read by %s", user.id)
                return session.get(Order, order_id)
            """,
            says="May any user of order reach any order_id",
        ),
        AsksCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.get("/orders/<int:order_id>")
            @login_required
            def order(order_id):
                return jsonify(db.session.get(Order, order_id))
            """,
            says="May any user of order reach any order_id",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.get("/orders/{order_id}")
            def order(order_id: int, user=Depends(get_current_user), session=Depends(get_session)):
                found = session.get(Order, order_id)
                if found.owner_id != user.id:
                    raise HTTPException(404)
                return found
            """,
            because="the owner is compared",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask("shop")
            @app.get("/orders/<int:order_id>")
            @login_required
            def order(order_id):
                found = db.session.get(Order, order_id)
                check_order_access(found)
                return jsonify(found)
            """,
            because="a function checks it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/articles/{article_id}")
            def article(article_id: int, session=Depends(get_session)):
                return session.get(Article, article_id)
            """,
            because="it asks nobody who he is: the object is public",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each guarded handler that loads by a key of its path and names no owner."""
        flagged = {handler.name for handler in source.handlers if _never_reads_user(handler)}
        for handler in source.handlers:
            if handler.node is None or not handler.guards or handler.kind is not HandlerKind.ROUTE:
                continue
            keys = [each.name for each in handler.parameters_of(ParameterKind.PATH) if each.name.endswith(_KEYS)]
            loads = any(
                asks_database(call) and any(names_in(part) & set(keys) for part in ast.walk(call))
                for call in own_calls(handler.node)
            )
            ranked = any(_RANKS & set(words_of(each)) for each in (*handler.guards, handler.name, handler.route or ""))
            if keys and loads and not ranked and handler.name not in flagged and not _names_owner(handler):
                yield Question(
                    f"May any user of {handler.name} reach any {keys[0]}, or his own alone?",
                    f"{handler.guards[0]} lets every user in, and the row is loaded by {keys[0]} alone "
                    "(OWASP API1:2023).",
                    self.responsibility,
                )


def _names_owner(handler: Handler) -> bool:
    """Return whether the user stands in a condition or in an argument of what might compare him."""
    users = {
        each.name for each in handler.parameters_of(ParameterKind.DEPENDENCY) if _USERS & set(words_of(each.name))
    } | {"current_user"}
    for node in own_nodes(handler.node) if handler.node else ():
        if isinstance(node, ast.Compare) and _reads(node, users):
            return True
        if isinstance(node, ast.Call) and last_name(node) not in _LOGS and _reads(node, users):
            return True
        # A function that is named for it finds out who is calling by itself.
        if isinstance(node, ast.Call) and _CHECKS.search(last_name(node)):
            return True
    return False


def _reads(node: ast.AST, users: set[str]) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in users) or (isinstance(each, ast.Attribute) and each.attr == "user")
        for each in ast.walk(node)
    )


def _never_reads_user(handler: Handler) -> bool:
    # The rule owner-not-checked says so then, without a question mark.
    users = {each.name for each in handler.parameters_of(ParameterKind.DEPENDENCY) if _USERS & set(words_of(each.name))}
    read = {each.id for each in own_nodes(handler.node) if isinstance(each, ast.Name)} if handler.node else set()
    return bool(users) and not users & read
