"""The rule error-as-success."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, constant_text, enclosing, is_false, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

# To say what is wrong with something is what such an answer is for.
_VERDICTS = frozenset({"valid", "is_valid", "passed", "reachable", "healthy", "connected", "available"})
_SAYS_SO = frozenset(
    {"error", "errors", "message", "msg", "detail", "details", "success", "ok", "status", "code", "reason"}
)
_FEWEST_WORDS = 4


class ErrorAsSuccess:
    """A failure is answered with status 200.

    Clients, retries, caches and alarms go by the status: for them nothing has happened.
    """

    name: ClassVar[str] = "error-as-success"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/rates")
            def rates():
                try:
                    return load()
                except ConnectionError:
                    return {"error": "not available"}
            """,
            says="rates answers a failure with status 200",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/runs")
            def runs():
                try:
                    return {"runs": load()}
                except ConnectionError:
                    return {"runs": [], "error": "The tracker does not answer."}
            """,
            because="the page shows what there is, and says what is missing",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/rates")
            def rates():
                try:
                    return load()
                except ConnectionError:
                    raise HTTPException(503)
            """,
            because="503 says so",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/health")
            def health(response: Response):
                try:
                    ping()
                except ConnectionError:
                    response.status_code = 503
                    return {"error": "no database"}
            """,
            because="the status is set beside it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/runs")
            def runs():
                try:
                    import tracker
                except ImportError:
                    return {"error": "the tracker is not installed"}
                return tracker.runs()
            """,
            because="an optional part is not there, and the page does without",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/rules/check")
            def check(rule: str):
                try:
                    compile_rule(rule)
                except ValueError as error:
                    return {"valid": False, "error": str(error)}
            """,
            because="to say what is wrong with it is what was asked for",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/tools")
            def tools():
                try:
                    return load_tools()
                except PermissionError as error:
                    # Older clients of the aggregate read the error from a body with status 200.
                    return {"error": str(error)}
            """,
            because="a comment says why",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each dictionary with a key for an error that an `except` of a FastAPI or Flask route returns."""
        if source.framework not in ("FastAPI", "Flask"):
            return
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE or _sets_status(handler.node):
                continue
            told: set[ast.Try] = set()
            for node in own_nodes(handler.node):
                if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Dict):
                    continue
                keys = {
                    constant_text(key): value for key, value in zip(node.value.keys, node.value.values, strict=True)
                }
                if any(key in _VERDICTS for key in keys if key) or _is_explained(source, node):
                    continue
                if set(keys) - _SAYS_SO:
                    continue  # it is an answer all the same, with what could not be had left out
                failed = "error" in keys or is_false(keys.get("success")) or is_false(keys.get("ok"))
                around = next(
                    (each for each in enclosing(source.tree, node) if isinstance(each, ast.ExceptHandler | Function)),
                    None,
                )
                if failed and isinstance(around, ast.ExceptHandler) and not _is_absence(around):
                    tried = next(each for each in enclosing(source.tree, around) if isinstance(each, ast.Try))
                    if tried in told:
                        continue  # its clauses do the same
                    told.add(tried)
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{handler.name} answers a failure with status {handler.status_code or 200}.",
                        why="Clients, caches and alarms go by the status: for them all is well.",
                        instead="Raise an HTTPException with the status that says it: 503 for a "
                        "partner that is down, 409 for a conflict."
                        if source.framework == "FastAPI"
                        else "Return the status beside the body: `return {...}, 503`.",
                    )


def _is_explained(source: Source, node: ast.Return) -> bool:
    """Return whether a comment right above says why the answer is what it is."""
    lines = source.text.splitlines()[max(0, node.lineno - 4) : node.lineno - 1]
    return any(line.lstrip().startswith("#") and len(line.split()) > _FEWEST_WORDS for line in lines)


def _is_absence(clause: ast.ExceptHandler) -> bool:
    """Return whether a clause is for a part that is not installed: the interface does without it."""
    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    return all(last_name(each) in {"ImportError", "ModuleNotFoundError"} for each in kinds)


def _sets_status(function: Function) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "status_code" and isinstance(node.ctx, ast.Store)
        for node in own_nodes(function)
    )
