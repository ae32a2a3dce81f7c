"""The question repeated-payment."""

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

_PAYS = frozenset({"pay", "payment", "payments", "charge", "charges", "transfer", "transfers", "checkout", "refund"})
_ABOUT = frozenset(
    {"export", "list", "report", "webhook", "callback", "settings", "config", "method", "methods", "preview"}
)
_ONCE = re.compile(r"idempoten|request_id|dedup|on_conflict|unique|already|nonce", re.IGNORECASE)


class RepeatedPayment:
    """What happens when a client sends the same payment twice?

    After a timeout nobody knows whether the first one came through, and a good client sends it again.
    """

    name: ClassVar[str] = "repeated-payment"
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/payments")
            def pay(order: int, session=Depends(get_session)):
                session.add(Payment(order=order))
                session.commit()
            """,
            says="What happens when POST /payments comes twice?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/payments")
            def pay(order: int, idempotency_key: str = Header()): ...
            """,
            because="the key says that it is the same",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/payments")
            def payments(): ...
            """,
            because="reading can be repeated",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each POST that pays, charges or transfers without a word of a key."""
        if _ONCE.search(source.text):
            return
        for handler in source.handlers:
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            if "POST" in handler.methods and words & _PAYS and not words & _ABOUT:
                yield Question(
                    f"What happens when POST {handler.route or handler.name} comes twice?",
                    "After a timeout a client sends it again, and both are carried out. "
                    "An Idempotency-Key header with a unique column makes the second answer like the first.",
                    self.responsibility,
                )
