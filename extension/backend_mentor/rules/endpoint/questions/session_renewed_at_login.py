"""The question session-renewed-at-login."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import constant_text, dotted, own_nodes
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class SessionRenewedAtLogin:
    """Does a login begin a new session?

    Who has put his own session's cookie into another's browser is logged in with him.
    """

    name: ClassVar[str] = "session-renewed-at-login"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from flask import Flask, request, session
            app = Flask("shop")
            @app.post("/login")
            def login():
                user = check(request.form["name"], request.form["password"])
                session["user_id"] = user.id
                return redirect("/")
            """,
            says="Are sessions of login kept on the server?",
        ),
        PassesCode(
            """
            from flask import Flask, request, session
            app = Flask("shop")
            @app.post("/login")
            def login():
                user = check(request.form["name"], request.form["password"])
                session.clear()
                session["user_id"] = user.id
                return redirect("/")
            """,
            because="it begins anew",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each login that writes a user into the session and does not clear it first."""
        for handler in source.handlers:
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            if handler.node is None or not words & {"login", "signin"}:
                continue
            writes_user = any(
                isinstance(node, ast.Subscript)
                and isinstance(node.ctx, ast.Store)
                and dotted(node.value).rpartition(".")[2] == "session"
                and "user" in (constant_text(node.slice) or "")
                for node in own_nodes(handler.node)
            )
            if writes_user and not re.search(
                r"clear\(|cycle_key|regenerate|new_session|flush\(", source.code_of(handler.node)
            ):
                yield Question(
                    f"Are sessions of {handler.name} kept on the server?",
                    "Then the id from before the login stays valid after it, and who has planted it is logged in too "
                    "(CWE-384): clear the session first. Signed cookies without a store have no such id.",
                    self.responsibility,
                )
