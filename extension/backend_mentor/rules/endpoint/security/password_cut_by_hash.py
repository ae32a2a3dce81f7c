"""The rule password-cut-by-hash."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, full_name, last_name, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PasswordCutByHash:
    """bcrypt is given a password of any length.

    It takes 72 bytes: version 5 raises ValueError for more, those before cut the rest off without a word.
    """

    name: ClassVar[str] = "password-cut-by-hash"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import bcrypt
            def hash_of(password: str) -> bytes:
                return bcrypt.hashpw(password.encode(), bcrypt.gensalt())
            """,
            says="`bcrypt.hashpw` takes 72 bytes of password",
        ),
        PassesCode(
            """
            import bcrypt
            def hash_of(password: str) -> bytes:
                if len(password.encode()) > 72:
                    raise ValueError("at most 72 bytes")
                return bcrypt.hashpw(password.encode(), bcrypt.gensalt())
            """,
            because="its length is checked",
        ),
        PassesCode(
            """
            import bcrypt, hashlib, base64
            def hash_of(password: str) -> bytes:
                return bcrypt.hashpw(base64.b64encode(hashlib.sha256(password.encode()).digest()), bcrypt.gensalt())
            """,
            because="what is hashed has a fixed length",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `bcrypt.hashpw` of an encoded variable in a cell that speaks of no length."""
        if re.search(r"max_length|len\(|72|MAX_", source.text):
            return
        for call in calls(source.tree):
            if full_name(source.tree, call.func) != "bcrypt.hashpw" or not call.args:
                continue
            given = call.args[0]
            encoded = (
                isinstance(given, ast.Call) and last_name(given) == "encode" and isinstance(given.func, ast.Attribute)
            )
            name = root_name(given) if encoded else ""
            if names_password(name):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`bcrypt.hashpw` takes 72 bytes of {name}, and it can be longer.",
                    why="bcrypt 5 raises ValueError then, which is a 500; before, two passwords with the "
                    "same 72 bytes were one.",
                    instead="Refuse more than 72 bytes when it is set, or hash with Argon2id, "
                    "`pwdlib.PasswordHash.recommended()`.",
                )
