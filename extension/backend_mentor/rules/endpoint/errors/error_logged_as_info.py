"""The rule error-logged-as-info."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import calls, dotted, enclosing, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SERVER_ERRORS = (500, 599)


class ErrorLoggedAsInfo:
    """An unexpected error is logged as if it were news.

    Alarms look at the levels from error on, and this one is below.
    """

    name: ClassVar[str] = "error-logged-as-info"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def orders():
                try:
                    return load()
                except Exception as error:
                    logger.info("failed: %s", error)
                    raise HTTPException(status_code=500)
            """,
            says="Any exception is logged with `logger.info` and answered with 500",
        ),
        PassesCode(
            """
            def orders():
                try:
                    return load()
                except Exception as error:
                    try:
                        clear()
                    except Exception:
                        logger.debug("not cleared", exc_info=True)
                    raise StoreError(error, 502) from error
            """,
            because="what is logged is not what is answered",
        ),
        PassesCode(
            """
            def orders():
                try:
                    return load()
                except Exception:
                    logger.exception("failed")
                    raise HTTPException(status_code=500)
            """,
            because="it is an error with its traceback",
        ),
        PassesCode(
            """
            def orders():
                try:
                    return load()
                except Exception as error:
                    logger.info("no cache: %s", error)
                    return compute()
            """,
            because="the request goes well without it",
        ),
        PassesCode(
            """
            def orders():
                try:
                    return load()
                except (OperationalError, ProgrammingError) as error:
                    logger.debug("not there yet: %s", error)
                    raise HTTPException(status_code=500)
            """,
            because="two errors are named, and expected",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `info` or `debug` in a clause for any exception that answers with 500 or above."""
        for clause in walk(source.tree):
            if not isinstance(clause, ast.ExceptHandler):
                continue
            if clause.type is not None and last_name(clause.type) not in {"Exception", "BaseException"}:
                continue
            logs = [
                call
                for part in clause.body
                for call in calls(part)
                if last_name(call) in {"info", "debug"}
                and _own_clause(source, call) is clause
                and re.fullmatch(r"(?:self\.)?_?log(?:ger|ging)?", _holder(call), re.I)
            ]
            others = any(
                last_name(call) in {"exception", "error", "critical", "warning"}
                for part in clause.body
                for call in calls(part)
            )
            status = next((found for part in clause.body if (found := _failure(part))), None)
            if logs and not others and status is not None:
                has_traceback = any(each.arg == "exc_info" for each in logs[0].keywords)
                yield report(
                    self,
                    source,
                    logs[0],
                    what=f"Any exception is logged with `{dotted(logs[0].func)}` and answered with {status}.",
                    why="Alarms look at errors: this one is found when a user calls.",
                    instead=f"Write `{_holder(logs[0])}.exception(…)`, "
                    f"{'which alarms see' if has_traceback else 'which adds the traceback'}.",
                )


def _own_clause(source: Source, call: ast.Call) -> ast.AST | None:
    return next((each for each in enclosing(source.tree, call) if isinstance(each, ast.ExceptHandler)), None)


def _holder(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[0]


def _failure(node: ast.AST) -> int | None:
    """Return the status of 500 and above that a piece of code names."""
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Constant)
            and type(each.value) is int
            and _SERVER_ERRORS[0] <= each.value <= _SERVER_ERRORS[1]
        ):
            return each.value
        if isinstance(each, ast.Attribute) and each.attr.startswith("HTTP_50"):
            return int(each.attr[5:8])
    return None
