"""The rule fast-password-hash."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, constant_text, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FAST = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s"})


class FastPasswordHash:
    """A password is hashed with a function made to be fast.

    Graphics cards try billions of SHA-256 a second: a stolen table is readable within days.
    """

    name: ClassVar[str] = "fast-password-hash"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("stored = hashlib.sha256(password.encode()).hexdigest()\n", says="hashes password with sha256"),
        FlagsCode("stored = md5((salt + user.password).encode()).hexdigest()\n", says="hashes password with md5"),
        PassesCode("stored = hasher.hash(password)\n", because="a password hasher does it"),
        PassesCode("digest = hashlib.sha256(document).hexdigest()\n", because="it is no password"),
        PassesCode(
            "prefix = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()[:5]\n",
            because="it asks a list of breached passwords, and says so",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call of hashlib on an expression that reads a password."""
        for call in calls(source.tree):
            name = last_name(call)
            if name not in _FAST or not call.args or keyword(call, "usedforsecurity") is not None:
                continue
            given = call.args[1:2] if name == "new" else call.args[:1]
            read = [last_name(node) for each in given for node in ast.walk(each) if names_password(last_name(node))]
            if read:
                shown = constant_text(call.args[0]) if name == "new" else name
                yield report(
                    self,
                    source,
                    call,
                    what=f"This hashes {read[0]} with {shown}, which is made to be fast.",
                    why="A graphics card tries billions of them a second, so a stolen table can be read "
                    "(OWASP API2:2023, CWE-916).",
                    instead="Use Argon2id: `PasswordHash.recommended().hash(password)` of pwdlib, or argon2-cffi.",
                )
