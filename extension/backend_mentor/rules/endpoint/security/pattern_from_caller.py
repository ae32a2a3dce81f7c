"""The rule pattern-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, full_name, own_calls, parents
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class PatternFromCaller:
    """The caller chooses a regular expression.

    `(a+)+$` against forty letters keeps the process busy for hours.
    """

    name: ClassVar[str] = "pattern-from-caller"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import re
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/search")
            def search(q: str):
                return [name for name in NAMES if re.search(q, name)]
            """,
            says="`re.search` runs the pattern in q",
        ),
        PassesCode(
            """
            import re
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/search")
            def search(q: str):
                return [name for name in NAMES if re.search(re.escape(q), name)]
            """,
            because="it is a text to be found, no pattern",
        ),
        PassesCode(
            """
            import re
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/search")
            def search(q: str):
                return re.search(r"[a-z]+", q)
            """,
            because="the pattern is yours",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each pattern of `re` in a handler that holds text of the caller."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                module, _, name = full_name(source.tree, call.func).rpartition(".")
                # A pattern that is only compiled, to see whether it is one, is matched against nothing.
                unused = isinstance(parents(source.tree).get(call), ast.Expr)
                if module != "re" or name == "escape" or not call.args or unused:
                    continue
                sent = from_caller(call.args[0], tainted)
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` runs the pattern in {sent}.",
                        why="A pattern such as `(a+)+$` takes exponential time: one request holds the process "
                        "for hours (OWASP API4:2023, CWE-1333).",
                        instead="Search for a text: `re.escape(…)`, or `in`.",
                    )
