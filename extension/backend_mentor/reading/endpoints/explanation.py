"""A request's way through each handler: what comes in, who is checked, what is read and written, what comes back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from backend_mentor.domain.endpoint import Handler, HandlerKind, Parameter, ParameterKind, Source
from backend_mentor.domain.review import Explanation, Step
from backend_mentor.domain.work import Answer, Building, Query, Raised, TransactionStep
from backend_mentor.reading.endpoints.requested import taken_from_request
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.reading.endpoints.wording import code, counted, listed, sentence, short

_SAID_FROM = {
    ParameterKind.PATH: "from the path",
    ParameterKind.QUERY: "from the query string",
    ParameterKind.BODY: "from the body",
    ParameterKind.FORM: "from the form",
    ParameterKind.FILE: "as an upload",
    ParameterKind.HEADER: "from a header",
    ParameterKind.COOKIE: "from a cookie",
}
_REJECTS = {"FastAPI": "422", "Litestar": "400"}
_FRAMEWORK_ERRORS = {"FastAPI", "Flask", "Quart", "Starlette", "Litestar", "Django", "Django REST framework"}


def explain_source(source: Source) -> Explanation:
    """Return what the cell's handlers do with a request, each step with the place that it was read from.

    Functions that no framework calls are explained where they ask a database.
    """
    told = source.handlers or tuple(each for each in source.functions if each.queries)
    steps = tuple(step for handler in told for step in _steps(source, handler))
    return Explanation(
        _summary(source, told), (*steps, *_of_all(source, told), *_outside(source, told), *_unread(source))
    )


def _of_all(source: Source, told: tuple[Handler, ...]) -> Iterator[Step]:
    """Yield once what is true of every handler."""
    if text := next((text for each in told if (text := _uncaught(source, each))), None):
        yield Step("all: fail", sentence(text))


def _summary(source: Source, told: tuple[Handler, ...]) -> str:
    framework = f"{source.framework} code" if source.framework else "Python code"
    if source.handlers:
        addresses = listed(_address(each) for each in source.handlers)
        text = f"{framework} with {counted(len(source.handlers), 'handler')}: {addresses}"
    elif told:
        text = f"{framework} in which {listed(code(each.name) for each in told)} asks a database"
        text = text.replace("asks", "ask") if len(told) > 1 else text
    else:
        text = f"{framework} in which no handler is registered"
    asked = len(source.queries)
    if asked:
        text += f"; {counted(asked, 'place')} in the cell {'asks' if asked == 1 else 'ask'} a database"
    return sentence(text)


def _address(handler: Handler) -> str:
    paths = [
        " ".join(part for part in ("/".join(route.methods), route.path or "") if part)
        for route in handler.routes
        if route.methods or route.path
    ]
    return f"{listed(paths)} ({code(handler.name)})" if paths else code(handler.name)


def _steps(source: Source, handler: Handler) -> Iterator[Step]:
    name = handler.name
    made = (
        ("receives", _comes_in(source, handler), handler.span),
        ("checks", _checked(source, handler), handler.span),
        *(("reads" if not query.writes else "writes", _asked(query), query.span) for query in handler.queries),
        ("commits", _ends(handler), None),
        ("waits", _waits(handler), None),
        ("leaves for later", _later(handler), None),
        *(("fails", _failure(source, handler, each), each.span) for each in handler.raises),
        *(("answers", _answer(source, handler, each), each.span) for each in handler.answers),
        ("answers", _silent(source, handler), None),
    )
    for word, text, span in made:
        if text:
            yield Step(f"{name}: {word}", sentence(text), span)


def _comes_in(source: Source, handler: Handler) -> str | None:
    given = [each for each in handler.parameters if each.kind in _SAID_FROM]
    parts = [f"{_described(source, each)} {_SAID_FROM[each.kind]}" for each in given]
    whole = "the connection" if handler.kind is HandlerKind.WEBSOCKET else "the whole request"
    parts += [f"{whole} as {code(each.name)}" for each in handler.parameters_of(ParameterKind.REQUEST)]
    if handler.node is not None and handler.kind is not HandlerKind.FUNCTION:
        parts += taken_from_request(handler.node)
    unknown = handler.parameters_of(ParameterKind.UNKNOWN)
    if handler.kind is HandlerKind.FUNCTION:
        parts += [_described(source, each) for each in unknown]
    text = f"{_address(handler)} takes {listed(parts) or 'nothing from the caller'}"
    if unknown and handler.kind is not HandlerKind.FUNCTION:
        names = listed(code(each.name) for each in unknown)
        text += f"; the cell does not show where {names} {'comes' if len(unknown) == 1 else 'come'} from"
    elif handler.kind is HandlerKind.FUNCTION and not parts:
        text = f"{_address(handler)} takes no arguments"
    rejects = _REJECTS.get(source.framework or "")
    # A typed place in the path, `{id:int}`, is matched before: what does not fit it finds no route.
    validated = [
        each
        for each in given
        if each.type not in {None, "str", "str | None"} and f"{{{each.name}:" not in (handler.route or "")
    ]
    if rejects and validated and handler.kind is HandlerKind.ROUTE:
        text += f". What does not fit these types is answered with {rejects} before the function runs"
    return text


def _described(source: Source, parameter: Parameter) -> str:
    text = code(parameter.name)
    if parameter.type:
        text += f" ({parameter.type}"
        model = source.model(parameter.type)
        if model and model.fields:
            text += f" with {listed(field.name for field in model.fields)}"
        text += ")"
    return text + (f", {parameter.default} where it is not given," if parameter.default else "")


def _checked(source: Source, handler: Handler) -> str | None:
    if handler.kind is HandlerKind.FUNCTION:
        return None
    others = [each for each in handler.dependencies if each not in handler.guards]
    ran = f"{listed(map(code, others))} {'runs' if len(others) == 1 else 'run'} before it" if others else ""
    if handler.guards:
        by = f"by its name, {listed(map(code, handler.guards))} checks who is calling"
        by = by.replace("its name", "their names").replace("checks", "check") if len(handler.guards) > 1 else by
        return f"{by}; {ran}" if ran else by
    # Middleware sees every request first; what it does there is not known from the handler.
    where = "no decorator or dependency" if _has_middleware(source) else "nothing"
    nobody = f"{where} in the cell checks who is calling before the function runs"
    return f"{ran}; {nobody}" if ran else nobody


def _has_middleware(source: Source) -> bool:
    registered = any(each.kind is HandlerKind.MIDDLEWARE for each in source.functions)
    return registered or "middleware" in source.text.lower() or "before_request" in source.text


def _asked(query: Query) -> str:
    by = f"{code(query.receiver)} sends" if query.receiver else "sends"
    if query.building is Building.ORM:
        verb = "writes" if query.writes else "reads"
        models = f" {listed(map(code, query.models))}" if query.models else ""
        text = f"{verb}{models} with {code(short(query.text))}"
    elif query.building is Building.VARIABLE:
        text = f"{by} {code(short(query.text))}, whose text the cell does not show"
    else:
        text = f"{by} {code(short(query.text))}"
        if query.building is not Building.LITERAL:
            text += f", put together by {query.building.value}"
    return f"{text}, once for each turn of a loop" if query.in_loop else text


def _ends(handler: Handler) -> str | None:
    told = [
        f"{each.receiver}.{each.step.value}()"
        for each in handler.transactions
        if each.step is not TransactionStep.FLUSH
    ]
    counts = {each: told.count(each) for each in told}
    parts = [code(each) + (f" ({times} places)" if times > 1 else "") for each, times in counts.items()]
    return f"the transaction is steered by {listed(parts)}" if parts else None


def _waits(handler: Handler) -> str | None:
    names = dict.fromkeys(each.name for each in handler.calls)
    return f"waits for {listed(map(code, names))}" if names else None


def _later(handler: Handler) -> str | None:
    parts = [f"{code(each.task)} (started by {code(each.starter)})" for each in handler.background]
    return f"{listed(parts)} {'goes' if len(parts) == 1 else 'go'} on beside the answer" if parts else None


def _failure(source: Source, handler: Handler, raised: Raised) -> str:
    when = _when(raised.condition)
    what = f"{when}{code(raised.name)} is raised"
    if raised.name.endswith("_404"):
        what = f"{when}{code(raised.name)} finds nothing"
    elif raised.name == "abort":
        what = f"{when}{code('abort')} is called"
    if raised.caught:
        return f"{what}, and caught in the same function"
    said = f' and "{raised.detail}"' if raised.detail else ""
    if raised.status and handler.kind is HandlerKind.WEBSOCKET:
        return f"{what}; its code is {raised.status}{said}"
    if raised.status and handler.kind is not HandlerKind.FUNCTION:
        return f"{what}; the caller sees {raised.status}{said}"
    if _is_handled(source, raised.name):
        return f"{what}; a handler registered in the cell turns it into the answer"
    return what


def _when(condition: str | None) -> str:
    if condition is None:
        return ""
    return f"{'at' if condition.startswith('except') else 'where'} {code(short(condition))}, "


def _is_handled(source: Source, name: str) -> bool:
    """Return whether an error handler of the cell is registered for an exception of this name."""
    handlers = (each for each in source.functions if each.kind is HandlerKind.ERROR_HANDLER)
    return any(name in decorator or "Exception)" in decorator for each in handlers for decorator in each.decorators)


def _uncaught(source: Source, handler: Handler) -> str | None:
    if handler.kind is not HandlerKind.ROUTE or source.framework not in _FRAMEWORK_ERRORS:
        return None
    if any(each.kind is HandlerKind.ERROR_HANDLER for each in source.functions):
        return "an exception that neither a handler nor an error handler takes is answered with 500"
    what = "an error of the database, or any other exception" if source.queries else "any exception"
    return f"{what} that a handler does not catch is answered with 500, unless something outside the cell takes it"


def _answer(source: Source, handler: Handler, answer: Answer) -> str:
    when = _when(answer.condition)
    text = f"{when}returns {code(short(answer.text))}"
    status = answer.status or (None if _is_response(answer) else handler.status_code)
    if status and handler.kind is HandlerKind.ROUTE:
        text += f" with {status}"
    if handler.response_model and not _is_response(answer):
        text += f", cut down to {code(handler.response_model)}"
    return text


def _is_response(answer: Answer) -> bool:
    return "Response(" in answer.text


def _silent(source: Source, handler: Handler) -> str | None:
    if handler.answers or handler.kind is not HandlerKind.ROUTE or not handler.node:
        return None
    if not source.is_whole(handler.node) or isinstance(handler.node.body[-1], ast.Raise):
        return None
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in walk(handler.node)):
        return None
    with_status = f" with {handler.status_code}" if handler.status_code else ""
    return f"returns nothing{with_status}: no `return` in it has a value"


def _outside(source: Source, told: tuple[Handler, ...]) -> Iterator[Step]:
    names = {each.name for each in told}
    for query in source.queries:
        if query.handler not in names:
            where = query.handler or "cell"
            yield Step(f"{where}: {'writes' if query.writes else 'reads'}", sentence(_asked(query)), query.span)


def _unread(source: Source) -> Iterator[Step]:
    for each in source.unread:
        last = each.span.line + source.text.count("\n", each.span.start, each.span.end)
        lines = f"line {each.span.line}" if last == each.span.line else f"lines {each.span.line} to {last}"

        yield Step("not read", sentence(f"{lines} could not be read as Python: {each.reason}"), each.span)
