"""The rule origins-not-outermost."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import last_name, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_REFUSES = re.compile(r"auth|limit|trustedhost|csrf|maintenance|block|firewall", re.IGNORECASE)


class OriginsNotOutermost:
    """The middleware for other origins is not the outermost one.

    What a middleware outside of it answers lacks the headers, and the browser hides the answer from the page.
    """

    name: ClassVar[str] = "origins-not-outermost"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
            app.add_middleware(AuthenticationMiddleware)
            """,
            says="AuthenticationMiddleware runs outside of CORSMiddleware",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            app.add_middleware(AuthenticationMiddleware)
            app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
            """,
            because="the last one added is the outermost",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
            app.add_middleware(GZipMiddleware)
            """,
            because="it only packs the answers",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each middleware that can refuse a request and is added after CORSMiddleware in the same block."""
        for holder in walk(source.tree):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(holder, name, None)
                if isinstance(block, list):
                    yield from self._in_block(source, block)

    def _in_block(self, source: Source, block: list[ast.stmt]) -> Iterator[Finding]:
        added: set[str] = set()
        for node in block:
            call = node.value if isinstance(node, ast.Expr) else None
            if not isinstance(call, ast.Call) or last_name(call) != "add_middleware" or not call.args:
                continue
            name = last_name(call.args[0])
            if name == "CORSMiddleware":
                added.add(root_name(call.func))
            elif root_name(call.func) in added and _REFUSES.search(name):
                # One place to mend, however many stand outside of it.
                added.discard(root_name(call.func))
                yield report(
                    self,
                    source,
                    call,
                    what=f"{name} runs outside of CORSMiddleware, because it is added after it.",
                    why="Its 401 or 429 goes out without the headers, and the page's script sees a "
                    "network error instead.",
                    instead="Add CORSMiddleware last.",
                )
