"""The question throttle-on-login."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_TRIED = frozenset({"login", "signin", "token", "otp", "forgot", "reset"})
_LIMITS = re.compile(r"limit|throttl|attempts|lockout|captcha|axes|slowapi", re.IGNORECASE)


class ThrottleOnLogin:
    """What stops somebody who tries passwords one after the other?

    A limit can stand in a gateway, which the cell does not show.
    """

    name: ClassVar[str] = "throttle-on-login"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/login")
            def login(name: str, password: str): ...
            """,
            says="How often may one caller try POST /login",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/login")
            @limiter.limit("5/minute")
            def login(name: str, password: str): ...
            """,
            because="the limit stands there",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def order(name: str): ...
            """,
            because="nothing is guessed there",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each POST that takes a password, a code or a login, in a cell that speaks of no limit."""
        if _LIMITS.search(source.text):
            return
        for handler in source.handlers:
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            if "POST" in handler.methods and words & _TRIED:
                yield Question(
                    f"How often may one caller try POST {handler.route or handler.name} in a minute?",
                    "Without a limit by account and by address, lists of stolen passwords are tried at full speed "
                    "(OWASP API2:2023). If your gateway limits it, nothing is to be done here.",
                    self.responsibility,
                )
                return
