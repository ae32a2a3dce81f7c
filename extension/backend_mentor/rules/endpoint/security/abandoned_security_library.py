"""The rule abandoned-security-library."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LIBRARIES = {
    "passlib": (
        "passlib",
        "Its last release is of 2020; with bcrypt 5 it can not hash at all.",
        "Use pwdlib or argon2-cffi; both read what passlib has stored with Argon2.",
    ),
    "jose": (
        "python-jose",
        "It is hardly kept up any more.",
        "Use PyJWT: `jwt.decode(token, key, algorithms=[...])` is called alike.",
    ),
}


class AbandonedSecurityLibrary:
    """A library that guards passwords or tokens is no longer kept up.

    Its gaps stay open, and it breaks with newer versions of what it stands on.
    """

    name: ClassVar[str] = "abandoned-security-library"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("from passlib.context import CryptContext\n", says="passlib"),
        FlagsCode("from jose import jwt\n", says="python-jose"),
        PassesCode("import jwt\nfrom pwdlib import PasswordHash\n", because="these are kept up"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first import of each such library."""
        told: set[str] = set()
        for node in walk(source.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            for name in (each.partition(".")[0] for each in names):
                if name in _LIBRARIES and name not in told:
                    told.add(name)
                    library, state, instead = _LIBRARIES[name]
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{library} guards what is secret here. {state}",
                        why="A gap that is found in it stays open, and it fails with newer versions "
                        "of what it stands on.",
                        instead=instead,
                    )
