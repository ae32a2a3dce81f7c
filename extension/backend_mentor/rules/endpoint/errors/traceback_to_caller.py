"""The rule traceback-to-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, enclosing, full_name, names_in, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TracebackToCaller:
    """A traceback is sent to the caller.

    It shows files, lines, statements and the versions of what you run.
    """

    name: ClassVar[str] = "traceback-to-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import traceback
            from fastapi import FastAPI
            app = FastAPI()
            @app.exception_handler(Exception)
            def failed(request, error):
                return JSONResponse({"error": traceback.format_exc()}, status_code=500)
            """,
            says="failed answers with the traceback",
        ),
        FlagsCode(
            """
            import traceback
            from flask import Flask
            app = Flask("shop")
            @app.get("/orders")
            def orders():
                try:
                    return find()
                except ValueError:
                    text = traceback.format_exc()
                    return {"error": text}, 500
            """,
            says="orders answers with the traceback",
        ),
        PassesCode(
            """
            import traceback
            from fastapi import FastAPI
            app = FastAPI()
            @app.exception_handler(Exception)
            def failed(request, error):
                logger.error(traceback.format_exc())
                return JSONResponse({"error": "It failed."}, status_code=500)
            """,
            because="the log is the place for it",
        ),
        PassesCode(
            """
            import traceback
            from fastapi import FastAPI
            app = FastAPI()
            @app.exception_handler(Exception)
            def failed(request, error):
                if not settings.DEBUG:
                    raise error
                return JSONResponse({"error": traceback.format_exc()}, status_code=500)
            """,
            because="only a server in debug mode comes to it",
        ),
        PassesCode(
            """
            import traceback
            def report_of(error):
                return traceback.format_exc()
            """,
            because="nothing says that it is an answer",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from project import words
            app = FastAPI()
            @app.get("/pools")
            def pools():
                try:
                    return load()
                except OSError as error:
                    return words.format_exception(error)
            """,
            because="a function of the project, which says less than the traceback",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer or exception of a handler that holds what `traceback` has formatted."""
        kinds = (HandlerKind.ROUTE, HandlerKind.ERROR_HANDLER)
        for handler in (*source.handlers, *source.functions):
            if handler.node is None or handler.kind not in kinds:
                continue
            held = {
                name
                for node in own_nodes(handler.node)
                if isinstance(node, ast.Assign) and _formats(source, node.value)
                for name in targets(node)
            }
            for node in own_nodes(handler.node):
                value = (
                    node.value if isinstance(node, ast.Return) else node.exc if isinstance(node, ast.Raise) else None
                )
                if value is None or _in_debug(source, node):
                    continue
                if _formats(source, value) or names_in(value) & held:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} answers with the traceback.",
                        why="It shows files, statements and versions to somebody who is looking for them "
                        "(OWASP API8:2023, CWE-209).",
                        instead="Log it with `logger.exception`, and answer with a fixed text and the "
                        "request's number.",
                    )


def _formats(source: Source, node: ast.AST) -> bool:
    names = {full_name(source.tree, call.func) for call in calls(node)}
    return bool(names & {f"traceback.{each}" for each in ("format_exc", "format_exception", "format_tb")})


def _in_debug(source: Source, node: ast.AST) -> bool:
    """Return whether only a server in debug mode comes to a statement: inside an `if`, or after one that leaves."""
    around = list(enclosing(source.tree, node))
    if any(isinstance(each, ast.If) and _asks_for_debug(each) for each in around):
        return True
    function = next((each for each in around if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)), None)
    return function is not None and any(
        isinstance(each, ast.If)
        and _asks_for_debug(each)
        and each.lineno < getattr(node, "lineno", 0)
        and isinstance(each.body[-1], ast.Return | ast.Raise)
        for each in function.body
    )


def _asks_for_debug(node: ast.If) -> bool:
    return "debug" in ast.unparse(node.test).lower()
