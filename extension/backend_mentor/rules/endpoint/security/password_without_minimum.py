"""The rule password-without-minimum."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_password, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_NEW = frozenset({"create", "register", "registration", "signup", "reset", "change", "new"})
_NOT_PEOPLE = frozenset(
    {"connection", "database", "config", "settings", "response", "out", "read", "credential", "datasource"}
)


class PasswordWithoutMinimum:
    """A new password can be of any length.

    One letter is a password then, and ten million letters are one too, which are all hashed.
    """

    name: ClassVar[str] = "password-without-minimum"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from pydantic import BaseModel
            class UserCreate(BaseModel):
                name: str
                password: str
            """,
            says="UserCreate takes a password of any length",
        ),
        PassesCode(
            """
            from pydantic import BaseModel, Field
            class UserCreate(BaseModel):
                name: str
                password: str = Field(min_length=12, max_length=128)
            """,
            because="both ends are set",
        ),
        PassesCode(
            """
            from pydantic import BaseModel
            class LoginRequest(BaseModel):
                name: str
                password: str
            """,
            because="a login compares it with what was set",
        ),
        PassesCode(
            """
            from pydantic import BaseModel, field_validator
            class UserCreate(BaseModel):
                password: str
                @field_validator("password")
                def long_enough(cls, value):
                    return check(value)
            """,
            because="a function of its own checks it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each plain text field for a new password in a Pydantic model of a registration or a change."""
        for model in source.models:
            words = set(words_of(model.name))
            if model.kind is not ModelKind.PYDANTIC or not words & _NEW or words & _NOT_PEOPLE:
                continue
            if model.node is None or "validator" in source.code_of(model.node):
                continue
            for each in model.fields:
                is_plain = each.type in {"str", "SecretStr", "pydantic.SecretStr"} and "length" not in (
                    each.default or ""
                )
                known = {"current", "old", "hashed"} & set(words_of(each.name))
                if names_password(each.name) and is_plain and not known:
                    place = next(
                        node
                        for node in model.node.body
                        if isinstance(node, ast.AnnAssign) and last_name(node.target) == each.name
                    )
                    yield report(
                        self,
                        source,
                        place,
                        what=f"{model.name} takes a password of any length.",
                        why="One letter is accepted, and so are ten million, which your hash works through "
                        "(OWASP API2:2023).",
                        instead=f"Write `{each.name}: str = Field(min_length=12, max_length=128)`, or 8 with "
                        "a second factor.",
                    )
