"""The question price-from-caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_BUYS = frozenset({"order", "orders", "checkout", "purchase", "purchases", "cart", "booking", "bookings", "buy"})


class PriceFromCaller:
    """Does the caller say what something costs?

    A price that comes with the order is the one that the buyer likes.
    """

    name: ClassVar[str] = "price-from-caller"
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class OrderIn(BaseModel):
                product: int
                price: float
            @app.post("/orders")
            def order(body: OrderIn): ...
            """,
            says="Does the buyer say the price of OrderIn?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class Product(BaseModel):
                name: str
                price: float
            @app.post("/products")
            def add(body: Product): ...
            """,
            because="who sells a product says what it costs",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each body of an order, a checkout or a purchase with a price, a total or a discount."""
        for handler in source.handlers:
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            if "POST" not in handler.methods or not words & _BUYS:
                continue
            for _, model in body_models(source, handler):
                for each in model.fields:
                    if {"price", "total", "discount", "cost"} & set(words_of(each.name)):
                        yield Question(
                            f"Does the buyer say the {each.name} of {model.name}?",
                            f"{handler.name} takes it from the body. Look it up by the product on the server, "
                            "and take the body's only to compare.",
                            self.responsibility,
                        )
