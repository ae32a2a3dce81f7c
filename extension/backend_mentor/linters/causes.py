"""What becomes of the cause of an error that an `except` clause raises, where the code shows that nobody misses it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.linters import attempts
from backend_mentor.linters.clauses import clause_around, clause_at, logs_traceback

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_ERROR, _LAST_ERROR = 400, 599
_ANSWER = re.compile(
    r"HTTP|Http|^Abort|A(?:PI|pi)(?:Exception|Error)|NotFound|Unprocessable|BadRequest|Forbidden|Unauthori[sz]ed|Conflict|"
    r"Validation(?:Error|Failed)?$|InternalServerError|^Form\w*Error$|TemplateSyntaxError|(?:^|\.)Exit$|RequestParameter|"
    r"PermissionDenied|AuthenticationFailed|ParseError|Throttled|NotAuthenticated|SuspiciousOperation"
)
_STATUS = re.compile(r"\bHTTP_[45]\d\d|\bHTTPStatus\.")
_ABSENCE = re.compile(r"^[\w.]*(?:DoesNotExist|NoResultFound|NotFound(?:Error)?)$")
_HIDES = re.compile(r"#.*\b(?:re-?raise|hid(?:e|es|ing)|mask|not (?:leak|expose)|isn't exposed)", re.IGNORECASE)


def passes_on(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) raises what it caught, or something from it.

    Whoever takes that one has the traceback; an answer to a caller ends it.
    """
    clause = clause_around(tree, line)
    raised = [each for part in clause.body for each in ast.walk(part)] if clause is not None else []
    return any(
        each.exc is None or _names(each.exc, clause.name) or (_names(each.cause, clause.name) and not is_answer(each))
        for each in raised
        if isinstance(each, ast.Raise) and clause is not None
    )


def _names(node: ast.expr | None, name: str | None) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def is_answer(raised: ast.Raise) -> bool:
    """Return whether what is raised is an answer to the caller by its name: no traceback of it is written."""
    made = raised.exc.func if isinstance(raised.exc, ast.Call) else raised.exc
    if isinstance(raised.exc, ast.Call) and any(_is_status(each) for each in _given(raised.exc)):
        return True
    return made is not None and _ANSWER.search(ast.unparse(made).rpartition(".")[2]) is not None


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords)]


def _is_status(node: ast.expr) -> bool:
    """Return whether an argument is the status of an answer, as 400 or `HTTPStatus.CONFLICT`."""
    if isinstance(node, ast.Constant):
        return type(node.value) is int and node.value in range(_FIRST_ERROR, _LAST_ERROR + 1)
    return isinstance(node, ast.Attribute) and _STATUS.search(ast.unparse(node)) is not None


def loses_no_cause(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether nobody misses the cause of what is raised in this line (from 1).

    That is so of an answer to the caller, of which no traceback is written, of what a function of the project makes of
    the error that it is given, where the clause has logged the traceback already or says that it hides the cause,
    where the function takes what it raises itself, and where the cause has nothing to add: that a text is no number, a
    module not installed, a row or a key not there.
    """
    raised = next((node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.lineno == line), None)
    clause = clause_around(tree, line)
    if raised is None or clause is None:
        return False
    tried, _ = clause_at(tree, clause.lineno)
    if tried is not None and (
        attempts.only_converts(tried) or attempts.only_imports(tried) or _is_absence(tried, clause)
    ):
        return True
    if any(_HIDES.search(line) for line in lines[clause.lineno - 1 : raised.lineno]) or _is_taken(tree, raised, clause):
        return True
    made = raised.exc.func if isinstance(raised.exc, ast.Call) else raised.exc
    by_function = (
        isinstance(raised.exc, ast.Call) and made is not None and ast.unparse(made).rpartition(".")[2].islower()
    )
    return by_function or is_answer(raised) or logs_traceback(clause)


def _is_absence(tried: ast.Try, clause: ast.ExceptHandler) -> bool:
    """Return whether a clause is for a row alone that is not there, or for the key of a lookup that does no more."""
    if clause.type is None or not _ABSENCE.search(ast.unparse(clause.type)):
        nodes = [each for part in tried.body for each in ast.walk(part)]
        looks_up = any(isinstance(each, ast.Subscript | ast.Attribute) for each in nodes)
        plain = len(tried.body) == 1 or all(isinstance(part, ast.Assign) for part in tried.body)
        return looks_up and plain and not any(isinstance(each, ast.Call | ast.Await) for each in nodes)
    return True


def _is_taken(tree: ast.Module, raised: ast.Raise, clause: ast.ExceptHandler) -> bool:
    """Return whether a `try` around the clause takes by its name what the clause raises."""
    made = raised.exc.func if isinstance(raised.exc, ast.Call) else raised.exc
    name = ast.unparse(made) if made is not None else ""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(clause in ast.walk(part) for part in node.body)
    ]
    taken = [each.type for tried in around for each in tried.handlers if each.type is not None]
    return any(name in [ast.unparse(one) for one in getattr(kind, "elts", [kind])] for kind in taken)
