"""The rule process-exit-in-handler."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, enclosing, full_name, last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_AT_ONCE = frozenset({"os._exit", "os.abort"})
# These raise a SystemExit, which a clause can take.
_BY_EXCEPTION = frozenset({"sys.exit", "exit", "quit"})


class ProcessExitInHandler:
    """A handler ends the process.

    Each other request of this worker is cut off with it.
    """

    name: ClassVar[str] = "process-exit-in-handler"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/items")
            def items():
                if not ready():
                    sys.exit(1)
            """,
            says="items ends the process with `sys.exit`",
        ),
        PassesCode("def main():\n    sys.exit(run())\n", because="a program ends like this"),
        PassesCode(
            """
            import sys
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/speech")
            def speech(text: str):
                try:
                    if engine is None:
                        sys.exit(-1)
                    return engine.run(text)
                except BaseException:
                    return failed()
            """,
            because="the clause below takes the SystemExit and answers",
        ),
        FlagsCode(
            """
            import sys
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/speech")
            def speech(text: str):
                try:
                    sys.exit(-1)
                except Exception:
                    return failed()
            """,
            says="speech ends the process with `sys.exit`",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each exit in a function that the framework calls for a request."""
        for handler in source.handlers:
            for call in own_calls(handler.node) if handler.node is not None else ():
                name = full_name(source.tree, call.func)
                if name in _AT_ONCE or (name in _BY_EXCEPTION and not _is_caught(source, call)):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} ends the process with `{dotted(call.func)}`.",
                        why="Each other request of this worker is cut off, and any caller can do it again.",
                        instead="Raise an HTTPException with status 503, and let a health check report the state.",
                    )


def _is_caught(source: Source, call: ast.Call) -> bool:
    """Return whether a clause around the call takes a SystemExit, which is no Exception."""
    inner: ast.AST = call
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.Try) and inner in each.body:
            kinds = [kind for clause in each.handlers for kind in _kinds(clause)]
            if {"", "BaseException", "SystemExit"} & set(kinds):
                return True
        inner = each
    return False


def _kinds(clause: ast.ExceptHandler) -> list[str]:
    """Return what a clause takes, the empty name where it takes everything."""
    if clause.type is None:
        return [""]
    return [last_name(each) for each in getattr(clause.type, "elts", [clause.type])]
