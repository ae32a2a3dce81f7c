"""What an `except` clause does with an error, where the code around it shows that nothing is lost by it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT = re.compile(r"#\s*(?P<text>.*)")
_FOR_TOOLS = re.compile(r"(?:noqa|nosec|type:|pylint|pragma|todo|fixme|xxx)\b", re.IGNORECASE)
_FEWEST_WORDS = 2
_FIRST_ERROR, _LAST_ERROR = 400, 599
_TELLS = re.compile(
    r"(?:^|[._])log(?:ger|ging)?(?:[._]|$)|log_|^print$|traceback\.|capture_exception|report_exc|"
    r"^flash$|^messages\.\w+$|^abort$|(?:^|[._])(?:handle|handle_\w+|report|report_error|notify\w*|record_\w+|warn|warnings?)$",
    re.IGNORECASE,
)
_ANSWERS_PROBES = re.compile(
    r"(?:^|_)(?:health\w*|ready|readiness|live|liveness|ping|probe|test|check_connection)(?:_|$)"
)
_ASKS = re.compile(r"_*(?:is|has|can|supports|valid|verify|validate)_")
_READS_INPUT = frozenset(
    {"loads", "json", "get_json", "decode", "int", "float", "UUID", "Decimal", "fromisoformat", "strptime",
     "b64decode", "urlsafe_b64decode", "parse", "urlparse", "urlsplit", "get", "strip", "lower", "split",
     "partition", "match", "group", "body", "read", "str",
     "rsplit", "rpartition", "split_contents", "encode", "urlencode", "unquote", "unquote_plus",
     "parse_qs", "parse_qsl", "ObjectId", "min", "max"}
)  # fmt: skip
_CONVERTS = re.compile(r"(?:^|_)(?:decode|parse|to_int|b2a_\w+)$|^parse_|^b64|^b2a_")
_ANSWER = re.compile(
    r"HTTP|Http|^Abort|A(?:PI|pi)(?:Exception|Error)|NotFound|Unprocessable|BadRequest|Forbidden|Unauthori[sz]ed|Conflict|"
    r"Validation(?:Error|Failed)?$|InternalServerError|^Form\w*Error$|TemplateSyntaxError|(?:^|\.)Exit$|RequestParameter|"
    r"PermissionDenied|AuthenticationFailed|ParseError|Throttled|NotAuthenticated|SuspiciousOperation"
)
_STATUS = re.compile(r"\bHTTP_[45]\d\d|\bHTTPStatus\.")
_ABSENCE = re.compile(r"^[\w.]*(?:DoesNotExist|NoResultFound|NotFound(?:Error)?)$")
_HIDES = re.compile(r"#.*\b(?:re-?raise|hid(?:e|es|ing)|mask|not (?:leak|expose)|isn't exposed)", re.IGNORECASE)
_TRIES = re.compile(r"#\s*(?:try|tries|attempt|best[ -]effort|if possible|optional)\b", re.IGNORECASE)
_SENDS = re.compile(r"send(?:_\w+)?$")
_CLEARS = re.compile(r"close|unlink|rmtree|rmdir|os\.remove|terminate|kill|shutdown|cleanup|release|disconnect")


def nothing_is_lost(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) says why it drops the error, or an error is told.

    That is so where a comment gives the reason, where the clause stands in one that handles an error already, where the
    next statement raises one, where only something is closed or removed that has had its use, where a module is
    imported that may be missing, where a text of the caller is read that may not be what it should, where the next of
    several ways is tried until one works, and where a name of the module keeps the value that it had before.
    """
    tried, clause = clause_at(tree, line)
    if tried is None or clause is None:
        return False
    return (
        is_explained(lines, clause)
        or any(_TRIES.search(each) for each in lines[max(0, tried.lineno - 2) : tried.body[0].lineno])
        or _only_reads_input(tried)
        or _clears_away(tried)
        or _is_told(tree, tried)
        or _only_imports(tried)
        or _tries_the_next(tree, tried, clause)
        or _keeps_its_default(tree, tried)
    )


def explains_itself(tree: ast.Module, lines: Sequence[str], line: int) -> bool:
    """Return whether a comment in a clause of the `try` around this one (its line from 1) says what it is for."""
    tried, _ = clause_at(tree, line)
    return tried is not None and any(is_explained(lines, each) for each in tried.handlers)


def only_imports(tree: ast.Module, line: int) -> bool:
    """Return whether the clause that begins in this line (from 1) is for modules that may be missing."""
    tried, _ = clause_at(tree, line)
    return tried is not None and _only_imports(tried)


def expects_what_it_names(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) names its exceptions: what it expects needs no traceback."""
    clause = clause_around(tree, line)
    if clause is None or clause.type is None:
        return False
    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
    return not {ast.unparse(each) for each in kinds} & {"Exception", "BaseException"}


def has_its_traceback(tree: ast.Module, line: int) -> bool:
    """Return whether the clause around this line (from 1) writes the traceback too, or is for a missing module."""
    clause = clause_around(tree, line)
    return clause is not None and (logs_traceback(clause) or only_imports(tree, clause.lineno))


def is_expected(tree: ast.Module, line: int) -> bool:
    """Return whether the broad clause that begins in this line (from 1) is right to be broad, or hides nothing.

    That is so where it raises something or tells a log, its user or whoever handles errors; where a probe is to answer
    that something does not work, whatever the reason; where the lines above read the caller's own input and nothing
    else; where it waits and tries again; and where the error is kept for somebody to read.
    """
    tried, clause = clause_at(tree, line)
    if tried is None or clause is None:
        return False
    nodes = [each for part in clause.body for each in ast.walk(part)]
    if any(isinstance(each, ast.Raise) for each in nodes):
        return True
    called = [ast.unparse(each.func) for each in nodes if isinstance(each, ast.Call)]
    return (
        any(_TELLS.search(each) for each in called)
        or any(each.rpartition(".")[2] == "sleep" for each in called)
        or _is_kept(clause)
        or _only_imports(tried)
        or _only_reads_input(tried)
        or _is_probe(tree, line)
        or (_only_sends(tried) and _is_told(tree, tried))
    )


def clause_around(tree: ast.Module, line: int) -> ast.ExceptHandler | None:
    """Return the innermost clause around a line (from 1)."""
    clauses = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(clauses, key=lambda node: node.lineno, default=None)


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
    return (
        isinstance(node, ast.Attribute) and re.search(r"\bHTTP_[45]\d\d|\bHTTPStatus\.", ast.unparse(node)) is not None
    )


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
    if tried is not None and (_only_converts(tried) or _only_imports(tried) or _is_absence(tried, clause)):
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


def logs_traceback(clause: ast.ExceptHandler) -> bool:
    """Return whether a clause writes the traceback of what it caught."""
    return any(
        ast.unparse(each.func).rpartition(".")[2] in {"exception", "aexception", "print_exc", "format_exc"}
        or any(keyword.arg == "exc_info" for keyword in each.keywords)
        for part in clause.body
        for each in ast.walk(part)
        if isinstance(each, ast.Call)
    )


def clause_at(tree: ast.Module, line: int) -> tuple[ast.Try, ast.ExceptHandler] | tuple[None, None]:
    """Return the clause that begins in a line (from 1), or names an exception there, and the `try` it belongs to."""
    for tried in ast.walk(tree):
        if isinstance(tried, ast.Try):
            for clause in tried.handlers:
                ends = clause.type.end_lineno if clause.type is not None else None
                if clause.lineno <= line <= (ends or clause.lineno):
                    return tried, clause
    return None, None


def _is_kept(clause: ast.ExceptHandler) -> bool:
    """Return whether a clause does something with its exception: what it was is known to somebody."""
    used = {each.id for part in clause.body for each in ast.walk(part) if isinstance(each, ast.Name)}
    return clause.name in used


def _only_imports(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` imports something, or gives it a name."""
    return any(isinstance(part, ast.Import | ast.ImportFrom) for part in tried.body) and all(
        isinstance(part, ast.Import | ast.ImportFrom)
        or (isinstance(part, ast.Assign) and not any(isinstance(each, ast.Call) for each in ast.walk(part)))
        for part in tried.body
    )


def _keeps_its_default(tree: ast.Module, tried: ast.Try) -> bool:
    """Return whether a `try` that runs as the module loads only gives a value to names that have one."""
    if any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= tried.lineno <= (node.end_lineno or 0)
        for node in ast.walk(tree)
    ):
        return False
    given = {name for part in tree.body if part.lineno < tried.lineno for name in _assigned(part)}
    names = [name for part in tried.body for name in _assigned(part)]
    return all(isinstance(part, ast.Assign) for part in tried.body) and bool(given.intersection(names))


def _assigned(statement: ast.stmt) -> list[str]:
    """Return the names that an assignment gives a value to."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]


def _only_reads_input(tried: ast.Try) -> bool:
    """Return whether all that a `try` calls makes a value of a text, so that any failure means the same."""
    called = [
        each.func.attr if isinstance(each.func, ast.Attribute) else ast.unparse(each.func)
        for part in tried.body
        for each in ast.walk(part)
        if isinstance(each, ast.Call)
    ]
    reads = all(name in _READS_INPUT or _CONVERTS.search(name) for name in called)
    return reads and (bool(called) or len(tried.body) == 1)


def _only_converts(tried: ast.Try) -> bool:
    """Return whether a `try` makes a value of a text by a call."""
    return _only_reads_input(tried) and any(
        isinstance(each, ast.Call) for part in tried.body for each in ast.walk(part)
    )


def _only_sends(tried: ast.Try) -> bool:
    return all(isinstance(part, ast.Expr) and any(_SENDS.search(n) for n in _called(part.value)) for part in tried.body)


def _is_probe(tree: ast.Module, line: int) -> bool:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    inner = max(around, key=lambda node: node.lineno, default=None)
    return inner is not None and (_ANSWERS_PROBES.search(inner.name) or _ASKS.match(inner.name)) is not None


def _tries_the_next(tree: ast.Module, tried: ast.Try, clause: ast.ExceptHandler) -> bool:
    """Return whether a `continue` goes on to the next of several ways, and the first that works ends the loop."""
    if not any(isinstance(part, ast.Continue | ast.Pass) for part in clause.body):
        return False
    ends = [*tried.body, *tried.orelse]
    for loop in [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.AsyncFor)]:
        after = loop.body[loop.body.index(tried) + 1 :] if tried in loop.body else []
        inside = tried in loop.body or any(tried in ast.walk(part) for part in loop.body if isinstance(part, ast.If))
        if inside and any(isinstance(part, ast.Return | ast.Break) for part in (*ends, *after)):
            return True
    return False


def is_explained(lines: Sequence[str], clause: ast.ExceptHandler) -> bool:
    """Return whether a comment of at least two words stands in a clause, or in the line above it."""
    above = lines[clause.lineno - 2 : clause.lineno - 1] if clause.lineno > 1 else ()
    held = lines[clause.lineno - 1 : clause.end_lineno or clause.lineno]
    return any(_gives_reason(text) for text in (*(each for each in above if each.lstrip().startswith("#")), *held))


def _gives_reason(line: str) -> bool:
    found = _COMMENT.search(line)
    text = found["text"] if found else ""
    reason = text.partition(" - ")[2] if _FOR_TOOLS.match(text) else text
    return len(reason.split()) >= _FEWEST_WORDS


def _clears_away(tried: ast.Try) -> bool:
    """Return whether each statement of a `try` waits for a task, or is one call that closes or removes something."""
    return all(
        isinstance(part, ast.Expr)
        and (_awaits_task(part.value) or any(_CLEARS.search(name) for name in _called(part.value)))
        for part in tried.body
        if not isinstance(part, ast.Import | ast.ImportFrom)
    )


def _awaits_task(node: ast.expr) -> bool:
    return isinstance(node, ast.Await) and isinstance(node.value, ast.Name | ast.Attribute)


def _called(node: ast.expr) -> list[str]:
    """Return what a call names: its function, and the one that it is given as in `to_thread(os.remove, path)`."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return []
    named = (call.func, *call.args)
    return [ast.unparse(each) for each in named if isinstance(each, ast.Attribute | ast.Name)]


def _is_told(tree: ast.Module, tried: ast.Try) -> bool:
    """Return whether the code stands in a clause already, or comes to a `raise` as soon as the clause has ended."""
    blocks = [
        (node, block)
        for node in ast.walk(tree)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(block, list)
    ]
    inner: ast.AST = tried
    follows: ast.stmt | None = None
    while around := next(((node, block) for node, block in blocks if inner in block), None):
        node, block = around
        if isinstance(node, ast.ExceptHandler):
            return True
        if follows is None:
            following = block[block.index(inner) + 1 :]
            follows = following[0] if following else None
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        inner = node
    return isinstance(follows, ast.Raise)
