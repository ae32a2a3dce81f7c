"""The rule number-without-range."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import dotted, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_COUNTED = frozenset({"quantity", "amount", "qty"})


class NumberWithoutRange:
    """A quantity or an amount can be negative.

    A negative quantity is a refund that nobody has granted.
    """

    name: ClassVar[str] = "number-without-range"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class OrderIn(BaseModel):
                product: int
                quantity: int
            @app.post("/orders")
            def order(body: OrderIn): ...
            """,
            says="quantity of OrderIn can be negative",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel, Field
            app = FastAPI()
            class OrderIn(BaseModel):
                product: int
                quantity: int = Field(ge=1, le=100)
            @app.post("/orders")
            def order(body: OrderIn): ...
            """,
            because="it has bounds",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class OrderIn(BaseModel):
                quantity: int
            @app.post("/orders")
            def order(body: OrderIn):
                if body.quantity < 1:
                    raise HTTPException(422)
            """,
            because="the handler checks it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each number by whose name something is counted or paid, in the body of a POST, with no bound at all."""
        seen: set[str] = set()
        for handler in source.handlers:
            if "POST" not in handler.methods or handler.node is None:
                continue
            for body, model in body_models(source, handler):
                if model.node is None or model.name in seen or "validator" in source.code_of(model.node):
                    continue
                seen.add(model.name)
                for each in model.fields:
                    words = set(words_of(each.name))
                    plain = each.type in {"int", "float", "Decimal", "decimal.Decimal"}
                    bounded = re.search(r"\b(?:ge|gt|le|lt|multiple_of)\s*=", each.default or "")
                    if not (words & _COUNTED and plain) or bounded or _is_compared(source, f"{body}.{each.name}"):
                        continue
                    place = next(
                        node
                        for node in model.node.body
                        if isinstance(node, ast.AnnAssign) and last_name(node.target) == each.name
                    )
                    yield report(
                        self,
                        source,
                        place,
                        what=f"{each.name} of {model.name} can be negative, and as large as one likes.",
                        why="A negative one turns a payment round (CWE-1284).",
                        instead=f"Write `{each.name}: {each.type} = Field(gt=0, le=…)`.",
                    )


def _is_compared(source: Source, name: str) -> bool:
    return any(
        isinstance(node, ast.Compare) and any(dotted(each) == name for each in ast.walk(node))
        for node in walk(source.tree)
    )
