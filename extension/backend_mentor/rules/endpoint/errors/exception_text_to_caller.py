"""The rule exception-text-to-caller."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    chain,
    defaults,
    dotted,
    enclosing,
    enclosing_function,
    last_name,
    walk,
    within,
)
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

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
_MAKES_ANSWERS = frozenset(
    {"render", "render_template", "redirect", "RedirectResponse", "make_response", "StreamingResponse", "FileResponse",
     "jsonable_encoder", "to_json", "to_dict", "isoformat", "time", "now", "create_task", "getattr", "hasattr"}
)  # fmt: skip
_THREADS = frozenset({"to_thread", "run_in_threadpool", "run_sync"})
_READS = frozenset(
    {
        "json", "get_json", "body", "form", "loads", "from_dict", "from_json", "from_string", "parse_obj", "parse_raw",
        "model_validate", "model_validate_json", "int", "float", "str", "bool", "bytes", "list", "set", "tuple",
        "UUID", "Decimal", "fromisoformat", "fromtimestamp", "strptime", "unquote", "b64decode", "urlsafe_b64decode",
        "decode", "encode", "get", "strip", "lstrip",
        "rstrip", "split", "rsplit", "partition", "lower", "upper", "replace", "startswith",
        "endswith", "join", "len", "isinstance", "items", "keys", "values", "append", "update", "pop", "setdefault",
        "copy", "model_dump", "dict", "sorted", "print", "compile", "debug", "info", "warning",
    }
)  # fmt: skip
_CHECKS = re.compile(r"_*(?:is|has|validate|parse|check|ensure|decode|deserialize)(?:_|$)")
_FAILURE = re.compile(r"(?:Error|Exception)$")
_NETWORK = re.compile(r"requests|httpx|client|session|http\b|response", re.IGNORECASE)
_PROBES = frozenset({"test", "probe", "ping", "diagnose"})
_MEANT = re.compile(r"#.*\b(?:surface|show|tell|report|expose|detail)\w*\b", re.IGNORECASE)
_ADMINISTRATOR = re.compile(r"admin|superuser|staff", re.IGNORECASE)


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
            says="The text of whatever `load` raises goes to the caller",
        ),
        FlagsCode(
            """
            def item(key):
                try:
                    return load(key)
                except Exception as error:
                    return jsonify({"error": f"failed: {error}"}), 500
            """,
            says="The text of whatever `load` raises goes to the caller",
        ),
        FlagsCode(
            """
            async def item(request):
                try:
                    order = Order(**await request.json())
                    return await store.save(order)
                except Exception as error:
                    raise HTTPException(status_code=400, detail=str(error))
            """,
            says="The text of whatever `store.save` raises goes to the caller",
        ),
        PassesCode(
            """
            async def item(request):
                try:
                    order = Order(**await request.json())
                except Exception as error:
                    raise HTTPException(status_code=400, detail=f"Not an order: {error}")
            """,
            because="it only reads what the caller sent, and tells him what is wrong with it",
        ),
        PassesCode(
            """
            def item(form):
                try:
                    validate_password(form.password)
                except Exception as error:
                    raise HTTPException(status_code=400, detail=str(error))
            """,
            because="a check of the caller's own value speaks to him",
        ),
        PassesCode(
            """
            def plugin(form, user=Depends(get_admin_user)):
                try:
                    return load(form.content)
                except Exception as error:
                    raise HTTPException(status_code=400, detail=str(error))
            """,
            because="an administrator is who the text is for",
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
        PassesCode(
            """
            def test_connection(settings):
                try:
                    connect(settings)
                except Exception as error:
                    return jsonify({"error": str(error)}), 502
            """,
            because="to say why the connection fails is what was asked for",
        ),
        PassesCode(
            """
            def find(key):
                try:
                    return load(key)
                except Exception:
                    logger.exception("find")
                    return None

            def item(key):
                try:
                    return jsonify(find(key))
                except Exception as error:
                    return jsonify({"error": str(error)}), 500
            """,
            because="what it calls lets no error through",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    return load(key)
                except Exception as error:
                    if isinstance(error, OutOfStock):
                        raise HTTPException(status_code=409, detail=str(error))
                    raise
            """,
            because="the text of an exception of the domain is made for callers",
        ),
        PassesCode(
            """
            def item(key: int):
                try:
                    return load(key)
                except Exception as error:
                    if "out of stock" in str(error):
                        raise HTTPException(status_code=409, detail=str(error))
                    raise
            """,
            because="this text is known",
        ),
        FlagsCode(
            """
            async def keep(file):
                try:
                    logger.info("keeping a file")
                    return await asyncio.to_thread(store.save, file)
                except Exception as error:
                    raise HTTPException(status_code=500, detail=str(error))
            """,
            says="The text of whatever `store.save` raises goes to the caller",
        ),
        PassesCode(
            """
            def rotate(key):
                try:
                    store.rotate(key)
                except Exception as error:  # surface what the vault says
                    return jsonify({"error": str(error)}), 502
            """,
            because="a comment says that the text is meant for the caller",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer built in a clause for any exception from that exception's text or the traceback."""
        careful = _that_catch_all(source)
        for tried in walk(source.tree):
            failing = _what_can_fail(tried, careful) if isinstance(tried, ast.Try) else None
            if not isinstance(tried, ast.Try) or failing is None or _is_for_administrators(source, tried):
                continue
            for node, clause in _answers(tried):
                if (
                    _shows(node, clause.name)
                    and not _is_kind_of(source, node, clause.name)
                    and not _is_said_why(source, clause)
                ):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"The text of whatever {failing} goes to the caller.",
                        why="It can name tables, files, hosts and parts of statements (OWASP API8:2023, CWE-209).",
                        instead="Answer with a fixed text and a request's number; the log has the rest already."
                        if _logs_traceback(clause)
                        else "Answer with a fixed text and a request's number, and log the rest "
                        "with `logger.exception`.",
                    )


def _answers(tried: ast.Try) -> Iterator[tuple[ast.Call, ast.ExceptHandler]]:
    """Yield the answers that clauses for any exception build."""
    for clause in tried.handlers:
        if clause.type is not None and last_name(clause.type) not in {"Exception", "BaseException"}:
            continue
        for node in (each for part in clause.body for each in within(part)):
            if isinstance(node, ast.Call) and last_name(node) in _ANSWERS:
                yield node, clause


def _that_catch_all(source: Source) -> frozenset[str]:
    """Return the cell's functions whose whole work stands in a `try` that lets nothing unexpected through."""
    found = set()
    for node in walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and isinstance(node.body[-1], ast.Try):
            last = node.body[-1].handlers[-1:]
            broad = any(each.type is None or last_name(each.type) in {"Exception", "BaseException"} for each in last)
            if broad and not any(isinstance(each, ast.Raise) for part in last for each in ast.walk(part)):
                found.add(node.name)
    return frozenset(found)


def _what_can_fail(tried: ast.Try, careful: frozenset[str]) -> str | None:
    """Say what can raise more than a complaint about the caller's input: one call by its name, several by their lines.

    None where nothing can.
    """
    nodes = [node for part in tried.body for node in within(part)]
    found = [node for node in nodes if isinstance(node, ast.Call) and not _is_harmless(node, careful)]
    if not found:
        return None
    awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
    telling = [call for call in found if id(call) in awaited or asks_database(call)] or found
    names = {".".join(chain(call)) or ast.unparse(call.func) for call in map(_handed_over, telling)}
    if len(names) == 1:
        return f"`{names.pop()}` raises"
    first, last = min(call.lineno for call in found), max(call.end_lineno or call.lineno for call in found)
    return f"is raised on lines {first} to {last}" if last > first else f"is raised on line {first}"


def _handed_over(call: ast.Call) -> ast.Call:
    """Return a call as it is, or the call of the function that it hands to a thread."""
    if last_name(call) in _THREADS and call.args and isinstance(call.args[0], ast.Name | ast.Attribute):
        return ast.Call(call.args[0], [], [])
    return call


def _is_harmless(call: ast.Call, careful: frozenset[str]) -> bool:
    return _reads_input(call) or _is_answer(call) or dotted(call.func).removeprefix("self.") in careful


def _is_answer(call: ast.Call) -> bool:
    """Return whether a call makes the answer, writes to a log or works on names: none has anything to tell."""
    names = chain(call)
    return (
        "log" in ".".join(names[:-1]).lower()
        or names[-1:] == ("Response",)
        or bool(_ANSWERS & set(names[-1:]))
        or bool(_MAKES_ANSWERS & set(names[-1:]))
        or ".".join(names[:-1]) in {"os.path", "traceback"}
    )


def _reads_input(call: ast.Call) -> bool:
    name = last_name(call)
    if asks_database(call) or _NETWORK.search(".".join(chain(call)[:-1])):
        return False
    if name in _READS or _CHECKS.match(name) or _FAILURE.search(name):
        return True
    # A class that is made of a body checks it.
    return name[:1].isupper()


def _is_for_administrators(source: Source, node: ast.AST, *, callers_left: int = 1) -> bool:
    """Return whether the function around a place, or each one of the cell that calls it, asks for an administrator."""
    function = enclosing_function(source.tree, node)
    if function is None:
        return False
    if _PROBES & set(words_of(function.name)):
        return True  # to say why the operator's own settings do not work is what was asked for
    asked = (*function.decorator_list, *defaults(function).values(), *(each.annotation for each in function.args.args))
    if any(_ADMINISTRATOR.search(ast.unparse(each)) for each in asked if each is not None):
        return True
    callers = [each for each in calls(source.tree) if dotted(each.func) == function.name] if callers_left else []
    return bool(callers) and all(
        _is_for_administrators(source, each, callers_left=callers_left - 1) for each in callers
    )


def _is_kind_of(source: Source, node: ast.AST, name: str | None) -> bool:
    """Return whether an answer is for a kind that was asked for: `isinstance(error, Sold)`, `"sold" in str(error)`."""
    return any(
        isinstance(each, ast.If)
        and (f"isinstance({name}," in (test := ast.unparse(each.test)) or f" in str({name})" in test)
        for each in enclosing(source.tree, node)
    )


def _logs_traceback(clause: ast.ExceptHandler) -> bool:
    return any(
        last_name(call) in {"exception", "aexception"} or any(each.arg == "exc_info" for each in call.keywords)
        for part in clause.body
        for call in calls(part)
    )


def _is_said_why(source: Source, clause: ast.ExceptHandler) -> bool:
    """Return whether a comment beside the clause says that its text is meant for the caller."""
    lines = source.text.splitlines()[clause.lineno - 1 : clause.lineno + 1]
    return any(_MEANT.search(line) for line in lines)


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
