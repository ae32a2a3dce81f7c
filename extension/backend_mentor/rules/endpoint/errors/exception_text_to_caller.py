"""The rule exception-text-to-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, last_name, walk, within
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ANSWERS = frozenset(
    {
        "HTTPException",
        "JSONResponse",
        "jsonify",
        "HttpResponse",
        "JsonResponse",
        "PlainTextResponse",
        "HTMLResponse",
        "HttpResponseServerError",
    }
)


class ExceptionTextToCaller:
    """The text of an unexpected error is sent to the caller.

    It names tables, files, hosts and statements to somebody who is looking for them.
    """

    name: ClassVar[str] = "exception-text-to-caller"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def item(key: int):
                try:
                    return load(key)
                except Exception as error:
                    raise HTTPException(status_code=500, detail=str(error))
            """,
            says="The text of any exception goes to the caller",
        ),
        FlagsCode(
            """
            def item(key):
                try:
                    return load(key)
                except Exception as error:
                    return jsonify({"error": f"failed: {error}"}), 500
            """,
            says="The text of any exception goes to the caller",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    return load(key)
                except OutOfStock as error:
                    raise HTTPException(status_code=409, detail=str(error))
            """,
            because="the text of an exception of the domain is made for callers",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    return load(key)
                except Exception as error:
                    logger.exception("item %s: %s", key, error)
                    raise HTTPException(status_code=500)
            """,
            because="the log is the place for it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer built in a clause for any exception from that exception's text or the traceback."""
        for clause in walk(source.tree):
            if not isinstance(clause, ast.ExceptHandler) or (
                clause.type is not None and last_name(clause.type) not in {"Exception", "BaseException"}
            ):
                continue
            for node in (each for part in clause.body for each in within(part)):
                if isinstance(node, ast.Call) and last_name(node) in _ANSWERS and _shows(node, clause.name):
                    yield report(
                        self,
                        source,
                        node,
                        what="The text of any exception goes to the caller.",
                        why="It names tables, files, hosts and parts of statements (OWASP API8:2023, CWE-209).",
                        instead="Answer with a fixed text and a request's number, and log the rest "
                        "with `logger.exception`.",
                    )


def _shows(call: ast.Call, name: str | None) -> bool:
    for given in (*call.args, *(each.value for each in call.keywords if each.arg != "headers")):
        for each in ast.walk(given):
            if isinstance(each, ast.Call) and last_name(each) == "format_exc":
                return True
            text = (
                isinstance(each, ast.Call)
                and last_name(each) in {"str", "repr"}
                and [dotted(one) for one in each.args] == [name]
            )
            if name and (text or (isinstance(each, ast.FormattedValue) and dotted(each.value) == name)):
                return True
    return False
