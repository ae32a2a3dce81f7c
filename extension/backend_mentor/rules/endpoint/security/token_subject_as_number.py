"""The rule token-subject-as-number."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import constant, constant_text, enclosing_function, last_name, parameters
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TokenSubjectAsNumber:
    """The subject of a token is a number.

    PyJWT refuses it when the token is read: from version 2.10 on `sub` has to be a text.
    """

    name: ClassVar[str] = "token-subject-as-number"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'def token_for(user_id: int):\n    return jwt.encode({"sub": user_id, "exp": end}, key)\n',
            says="sub is the number user_id",
        ),
        PassesCode(
            'def token_for(user_id: int):\n    return jwt.encode({"sub": str(user_id), "exp": end}, key)\n',
            because="it is made a text",
        ),
        PassesCode(
            'def token_for(name: str):\n    return jwt.encode({"sub": name, "exp": end}, key)\n', because="it is a text"
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `sub` in claims whose value is a literal number or a parameter declared as one."""
        if "jwt" not in source.text:
            return
        for node in walk(source.tree):
            if not isinstance(node, ast.Dict):
                continue
            function = enclosing_function(source.tree, node)
            numbers = {
                each.arg for each in (parameters(function) if function else ()) if last_name(each.annotation) == "int"
            }
            for key, value in zip(node.keys, node.values, strict=True):
                is_number = isinstance(value, ast.Name) and value.id in numbers
                if constant_text(key) == "sub" and (is_number or type(constant(value)) is int):
                    yield report(
                        self,
                        source,
                        value,
                        what=f"The claim sub is the number {excerpt(value)}.",
                        why="RFC 7519 has a text there, and PyJWT from 2.10 on answers InvalidSubjectError "
                        "when it reads the token.",
                        instead=f"Write `str({excerpt(value)})`, and `int(…)` where the claim is read.",
                    )
