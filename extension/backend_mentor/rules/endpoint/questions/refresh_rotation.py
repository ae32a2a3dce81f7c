"""The question refresh-rotation."""

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


class RefreshRotation:
    """Is a refresh token replaced at each use?

    One that stays the same can be copied and used beside its owner, and nobody notices.
    """

    name: ClassVar[str] = "refresh-rotation"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/refresh")
            def refresh(token: str = Body()):
                claims = read(token)
                return {"access_token": access_token_for(claims["sub"])}
            """,
            says="Does a refresh token still work after POST /refresh?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/refresh")
            def refresh(token: str = Body()):
                claims = read(token)
                revoke(token)
                name = claims["sub"]
                return {"access_token": access_token_for(name), "refresh_token": refresh_token_for(name)}
            """,
            because="the old one is taken back",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each handler for refreshing that neither answers a new one nor takes the old one back."""
        for handler in source.handlers:
            words = set(words_of(handler.name.rpartition(".")[2])) | set(words_of(handler.route or ""))
            if handler.node is None or "refresh" not in words or "POST" not in handler.methods:
                continue
            body = " ".join(source.code_of(each) for each in handler.node.body)
            if "access_token" in body and not re.search(
                r"revoke|delete|rotat|refresh_token|blacklist|jti|family", body
            ):
                yield Question(
                    f"Does a refresh token still work after POST {handler.route or handler.name}?",
                    "It is neither replaced nor taken back there: a copied one works beside its owner's until it ends "
                    "(RFC 9700, OWASP API2:2023).",
                    self.responsibility,
                )
