"""The question logout-without-effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import last_name, own_calls
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_ANSWERS = frozenset({"JSONResponse", "Response", "jsonify", "HttpResponse", "JsonResponse", "dict"})


class LogoutWithoutEffect:
    """Is a token meant to work after its owner has logged out?

    A logout that only answers leaves the token valid until it runs out.
    """

    name: ClassVar[str] = "logout-without-effect"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/logout")
            def logout():
                return {"message": "bye"}
            """,
            says="Does a token still work after POST /logout?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Response
            app = FastAPI()
            @app.post("/logout")
            def logout(response: Response):
                response.delete_cookie("session")
            """,
            because="the cookie is taken away",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each handler for logging out whose body calls nothing."""
        for handler in source.handlers:
            words = set(words_of(handler.name.rpartition(".")[2])) | set(words_of(handler.route or ""))
            if handler.node is None or not words & {"logout", "signout"}:
                continue
            if not any(last_name(call) not in _ANSWERS for call in own_calls(handler.node)):
                method = next(iter(handler.methods), "POST")
                yield Question(
                    f"Does a token still work after {method} {handler.route or handler.name}?",
                    "Nothing in it takes the token or the session away, so a stolen one outlives the logout "
                    "(OWASP API2:2023).",
                    self.responsibility,
                )
