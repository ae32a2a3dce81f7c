"""The rule validator-returns-nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, constant, functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ValidatorReturnsNothing:
    """A validator ends without returning the value.

    The field is None then, whatever was sent.
    """

    name: ClassVar[str] = "validator-returns-nothing"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from pydantic import BaseModel, field_validator
            class Order(BaseModel):
                count: int
                @field_validator("count")
                @classmethod
                def positive(cls, value):
                    if value < 1:
                        raise ValueError("at least one")
            """,
            says="positive returns nothing",
        ),
        PassesCode(
            """
            from pydantic import BaseModel, field_validator
            class Order(BaseModel):
                count: int
                @field_validator("count")
                @classmethod
                def positive(cls, value):
                    if value < 1:
                        raise ValueError("at least one")
                    return value
            """,
            because="the value goes on",
        ),
        PassesCode(
            """
            from pydantic import BaseModel, field_validator
            class Order(BaseModel):
                count: int
                @field_validator("count")
                @classmethod
                def never(cls, value):
                    raise ValueError("closed")
            """,
            because="it never ends well",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each validator of Pydantic with no `return` of a value, that does not end by raising."""
        for function in functions(source.tree):
            marks = {last_name(each) for each in function.decorator_list}
            if not marks & {"field_validator", "model_validator", "validator", "root_validator"}:
                continue
            if any("pydantic" in full for _, full in source.imports) and not _returns(function):
                yield report(
                    self,
                    source,
                    function,
                    what=f"{function.name} returns nothing, so what it validates becomes None.",
                    why="Pydantic stores what a validator returns.",
                    instead="End it with `return value`, for a model_validator with `return self`.",
                )


def _returns(function: Function) -> bool:
    last = function.body[-1]
    if isinstance(last, ast.Raise) or (isinstance(last, ast.Expr) and constant(last.value) is ...):
        return True
    return any(isinstance(each, ast.Return | ast.Yield) and each.value is not None for each in own_nodes(function))
