"""The rule exception-eats-answer."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, dotted, enclosing, enclosing_function, last_name, walk, within
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_STATUSES = frozenset(map(str, range(100, 600)))


class ExceptionEatsAnswer:
    """A broad `except` catches the answer that was meant for the caller.

    HTTPException is an Exception: the 404 raised in the `try` becomes what the clause says, a 500 for most.
    """

    name: ClassVar[str] = "exception-eats-answer"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.get("/items/{key}")
            def item(key: int):
                try:
                    if key not in ITEMS:
                        raise HTTPException(404)
                    return ITEMS[key]
                except Exception:
                    raise HTTPException(500)
            """,
            says="The 404 raised on line 8 is caught",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    raise HTTPException(400, "No such item.")
                except Exception:
                    raise HTTPException(400, "It could not be read.")
            """,
            because="the caller gets the same status",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    raise HTTPException(404)
                except HTTPException:
                    raise
                except Exception:
                    raise HTTPException(500)
            """,
            because="the answer is let through first",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    raise HTTPException(404)
                except Exception:
                    session.rollback()
                    raise
            """,
            because="it is raised again as it was",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    raise HTTPException(401)
                except Exception as error:
                    raise as_answer(error)
            """,
            because="the function can let the answer through",
        ),
        PassesCode(
            """
            def register(url: str) -> None:
                try:
                    answer = requests.post(url, timeout=5)
                    if answer.status_code != 200:
                        raise HTTPException(answer.status_code)
                except Exception:
                    logger.exception("not registered")
            """,
            because="nobody waits for an answer: it is logged",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each broad clause over a raised HTTPException that no earlier clause takes and that "
        "raises something else."""
        for node in walk(source.tree):
            if not isinstance(node, ast.Try):
                continue
            broad = next(
                (
                    each
                    for each in node.handlers
                    if each.type is None or last_name(each.type) in {"Exception", "BaseException"}
                ),
                None,
            )
            raised = None if broad is None else _replaced_answer(source, node, broad)
            if broad is None or raised is None or not _is_answered(source, node, broad):
                continue
            earlier = node.handlers[: node.handlers.index(broad)]
            if any("HTTPException" in ast.unparse(each.type) for each in earlier if each.type) or _lets_through(broad):
                continue
            yield report(
                self,
                source,
                broad,
                what=f"The {_status(raised)} raised on line {getattr(raised, 'lineno', 0)} is caught "
                "here and replaced.",
                why="HTTPException is an Exception: the caller gets what this clause says instead of your answer.",
                instead="Put `except HTTPException: raise` in front of it, or catch only what the calls above raise.",
            )


def _is_answer(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and last_name(node.exc) == "HTTPException"


def _is_answered(source: Source, tried: ast.Try, broad: ast.ExceptHandler) -> bool:
    """Return whether somebody waits for an answer: the clause gives another one, or the function is a handler."""
    function = enclosing_function(source.tree, tried)
    return any(isinstance(each, ast.Raise | ast.Return) for part in broad.body for each in within(part)) or any(
        handler.node is function for handler in source.handlers
    )


def _replaced_answer(source: Source, tried: ast.Try, broad: ast.ExceptHandler) -> ast.AST | None:
    """Return the first answer raised in a `try` itself whose status the clause's own answer does not have."""
    told = {_status(each) for part in broad.body for each in within(part) if _is_answer(each)} & _STATUSES
    answers = [each for part in tried.body for each in within(part) if _is_answer(each)]
    return next(
        (each for each in answers if _inner_try(source, each) is tried and _status(each) not in told),
        None,
    )


def _inner_try(source: Source, node: ast.AST) -> ast.Try | None:
    return next((each for each in enclosing(source.tree, node) if isinstance(each, ast.Try)), None)


def _lets_through(clause: ast.ExceptHandler) -> bool:
    """Return whether the clause raises the exception that it caught, or looks at what it is."""
    for part in clause.body:
        for each in within(part):
            if isinstance(each, ast.Raise) and (each.exc is None or dotted(each.exc) == clause.name):
                return True
            # What a function of the project's own makes of it can be the answer itself.
            made = each.exc if isinstance(each, ast.Raise) and isinstance(each.exc, ast.Call) else None
            if made is not None and not last_name(made)[:1].isupper():
                return clause.name in [dotted(one) for one in made.args]
            if isinstance(each, ast.Call) and last_name(each) == "isinstance":
                return True
    return False


def _status(raised: ast.AST) -> str:
    call = raised.exc if isinstance(raised, ast.Raise) else None
    given = argument(call, 0, "status_code") if isinstance(call, ast.Call) else None
    digits = re.findall(r"[1-5]\d\d", ast.unparse(given)) if given is not None else []
    return digits[0] if digits else "HTTPException"
