"""The rule legacy-query-get."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, dotted, enclosing
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_VERSION = re.compile(r"version|hasattr|sqlalchemy", re.IGNORECASE)


class LegacyQueryGet:
    """A row is looked up by its key through `Query.get`.

    SQLAlchemy 2 keeps it for old code alone and warns of it.
    """

    name: ClassVar[str] = "legacy-query-get"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def find(session, key: int):\n    return session.query(User).get(key)\n",
            says="`session.query(User).get(key)` is SQLAlchemy 1's way",
        ),
        PassesCode("def find(session, key: int):\n    return session.get(User, key)\n", because="it is the way of 2.x"),
        PassesCode(
            "def find(request):\n    return request.query(Filter).get('a')\n", because="it is no database's query"
        ),
        PassesCode(
            """
            def author(session, key):
                if sqlalchemy_version2:
                    return session.get(Author, key)
                else:
                    return session.query(Author).get(key)
            """,
            because="it is there for version 1 alone",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `session.query(Model).get(key)`."""
        for call in calls(source.tree):
            inner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "get" else None
            if (
                isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Attribute)
                and inner.func.attr == "query"
                and names_session(dotted(inner.func.value).rpartition(".")[2])
                and len(inner.args) == 1
                and not any(
                    isinstance(each, ast.If | ast.IfExp) and _VERSION.search(ast.unparse(each.test))
                    for each in enclosing(source.tree, call)
                )
            ):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(call)}` is SQLAlchemy 1's way to look up a row.",
                    why="Version 2 warns of it with LegacyAPIWarning.",
                    instead=f"Ask the session: `{dotted(inner.func.value)}.get({excerpt(inner.args[0])}, ...)`.",
                )
