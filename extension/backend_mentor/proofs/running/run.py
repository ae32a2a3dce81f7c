"""A cell's app, run: requests on the user's own data, all rolled back, then the same on made-up data that grows."""

from __future__ import annotations

import types
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError, NotSupportedError, StoppedError
from backend_mentor.domain.review import Skipped
from backend_mentor.domain.trace import SentRequest, Trace
from backend_mentor.proofs.running.apps import Interface, find_app, values_of
from backend_mentor.proofs.running.call import Call
from backend_mentor.proofs.running.capture import Recorder
from backend_mentor.proofs.running.drivers import drivers_recorded
from backend_mentor.proofs.running.growth import scratch_data
from backend_mentor.proofs.running.own_rows import own_value
from backend_mentor.proofs.running.pools import can_be_held, engines_alive, rolled_back
from backend_mentor.proofs.running.requests import derive_requests, is_cut, with_handler
from backend_mentor.proofs.running.sending import check_client, send_all
from backend_mentor.proofs.running.sqlalchemy_capture import sqlalchemy_recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backend_mentor.databases.base import Stop
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.proofs.running.apps import App
    from backend_mentor.proofs.running.call import Reply
    from backend_mentor.proofs.running.growth import Grown, ScratchData


_MOST_DECORATORS = 10


@dataclass(frozen=True, slots=True)
class Target:
    """What is run: a cell that has been executed, the names that it left behind, and the requests asked for."""

    source: Source
    namespace: Mapping[str, object]
    stop: Stop
    given: tuple[SentRequest, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    silent: frozenset[str] = frozenset()
    """Routes that gave no answer in time, and are not asked again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    trace: Trace
    grown: Grown | None = None
    skipped: tuple[Skipped, ...] = ()

    @property
    def silent(self) -> frozenset[str]:
        """The routes that gave no answer in time."""
        return frozenset(route_of(each.request) for each in self.trace.exchanges if each.status is None)


def run(target: Target, progress: Callable[[str], None] = lambda _: None) -> Outcome:
    """Send the requests to the cell's app and return what was seen.

    Raises NotSupportedError where there is no app to send them to, StoppedError on a stop."""
    check_client()
    app = find_app(target.source, target.namespace)
    recorder = Recorder(files_of(target.source, target.namespace), tuple(target.source.text.splitlines()))
    skipped: list[Skipped] = []
    with ExitStack() as stack:
        scratch = _scratch(stack, target, app, skipped)
        progress("requests")
        replies, notes = _on_own_data(target, app, recorder, scratch)
        grown = None
        if reason := _not_growing(app, recorder, scratch):
            skipped[:] = [Skipped("growing the data", reason)]
        elif scratch is None and not any(each.exchange.statements for each in replies):
            skipped.clear()  # it asks no database, so there is no data to grow
        elif scratch is not None:
            progress("growing data")
            silent = Outcome(Trace(tuple(each.exchange for each in replies))).silent
            grown = _grow(replace(target, silent=silent), app, recorder, scratch, skipped)
    if not replies:
        skipped.append(
            Skipped("requests", "the cell has no route that answers GET", "Name one: --call 'POST /path {}'.")
        )
    trace = Trace(tuple(each.exchange for each in replies), grown.growths() if grown else (), tuple(notes))
    return Outcome(trace, grown, tuple(skipped))


def requests_of(target: Target, app: App, identify: Callable[[str, str], object | None]) -> tuple[SentRequest, ...]:
    """Return the requests that were given, else one for each route that answers GET."""
    if target.given:
        return tuple(with_handler(each, target.source) for each in target.given)
    return derive_requests(target.source, app, identify)


def growing_requests(target: Target, app: App, scratch: ScratchData) -> tuple[SentRequest, ...]:
    """Return the requests that are sent on made-up data."""
    requests = requests_of(target, app, scratch.identify)
    return tuple(each for each in requests if route_of(each) not in target.silent)


def route_of(request: SentRequest) -> str:
    """Return by what a request's route is known again."""
    return f"{request.method} {request.template or request.path}"


def announcement(target: Target) -> str:
    """Return what is about to be run, in one sentence; raises NotSupportedError where there is no app."""
    app = find_app(target.source, target.namespace)
    requests = requests_of(target, app, lambda name, before: None)
    titles = [each.title if each.given else f"GET {each.template}" for each in requests]
    listed = ", ".join(titles) or "no request"
    startup = "its startup code, then " if app.interface is Interface.ASGI else ""
    return f"Runs {app.name} in this process: {startup}{listed}. {_keeping(target, app)}"


def _keeping(target: Target, app: App) -> str:
    kept = sorted({each.dialect.name for each in engines_alive() if not can_be_held(each)})
    if kept and app.interface is not Interface.DJANGO:
        return f"What it writes on {' and '.join(kept)} STAYS; elsewhere SQLAlchemy's writes are rolled back."
    return "What it writes through SQLAlchemy or Django is rolled back."


def files_of(source: Source, namespace: Mapping[str, object]) -> frozenset[str]:
    """Return the names under which the cell's functions were compiled."""
    lines = {
        (each.name.rpartition(".")[2], line)
        for each in (*source.handlers, *source.functions)
        if each.node is not None
        for line in (each.node.lineno, *(decorator.lineno for decorator in each.node.decorator_list))
    }
    return frozenset(code.co_filename for code in _codes(namespace) if (code.co_name, code.co_firstlineno) in lines)


def _codes(namespace: Mapping[str, object]) -> Iterator[types.CodeType]:
    for _, value in values_of(namespace):
        members = vars(value) if isinstance(value, type) else {"": value}
        for _, member in values_of(members):
            function = _unwrapped(member)
            if isinstance(function, types.FunctionType):
                yield function.__code__


def _unwrapped(value: object) -> object:
    """Return the function within decorators, static methods and the handlers that Litestar makes of functions."""
    for _ in range(_MOST_DECORATORS):
        if isinstance(value, types.FunctionType) and "__wrapped__" not in vars(value):
            return value
        inner = (getattr(value, name, None) for name in ("__wrapped__", "__func__", "fn"))
        value = next((each for each in inner if callable(each)), None)
    return value


def _scratch(stack: ExitStack, target: Target, app: App, skipped: list[Skipped]) -> ScratchData | None:
    try:
        return stack.enter_context(scratch_data(target.source, target.namespace, app.interface))
    except (StoppedError, KeyboardInterrupt):
        raise
    except MentorError as error:
        skipped.append(Skipped("growing the data", error.what, error.remedy or None))
        return None


def _not_growing(app: App, recorder: Recorder, scratch: ScratchData | None) -> str | None:
    """Return why sending the requests again would reach the user's own data, and not the scratch copy."""
    if recorder.is_bare:
        return "the app asks its database by a driver and not through SQLAlchemy or Django"
    led = {id(engine) for engine in scratch.engines} if scratch is not None else set()
    if scratch is not None and app.interface is not Interface.DJANGO and recorder.asked - led:
        return "the app asks a database that a scratch file of SQLite can not stand in for"
    return None


def _on_own_data(
    target: Target, app: App, recorder: Recorder, scratch: ScratchData | None
) -> tuple[list[Reply], list[str]]:
    engines = engines_alive()

    def identify(name: str, before: str) -> object | None:
        place = scratch.column_of(name, before) if scratch is not None else None
        return own_value(engines, app.interface, *place) if place is not None else None

    requests = requests_of(target, app, identify)
    with ExitStack() as stack:
        call = Call(app, requests, recorder, target.stop, target.headers)
        if app.interface is Interface.DJANGO:
            from backend_mentor.proofs.running.django_app import lent_connections

            call.lent = stack.enter_context(lent_connections())
        call.release = stack.enter_context(rolled_back(engines))
        stack.enter_context(sqlalchemy_recorded(recorder))
        stack.enter_context(drivers_recorded(recorder, target.namespace))
        replies = send_all(call)
    return replies, list(_notes(recorder, requests))


def _notes(recorder: Recorder, requests: tuple[SentRequest, ...]) -> Iterator[str]:
    if recorder.committed:
        yield "The app wrote to its database on a connection that could not be rolled back: what it wrote is there."
    elif recorder.wrote:
        yield "What the app wrote to its database was rolled back."
    if is_cut(requests):
        yield f"Only the first {len(requests)} routes were tried."


def _grow(target: Target, app: App, recorder: Recorder, scratch: ScratchData, skipped: list[Skipped]) -> Grown | None:
    requests = growing_requests(target, app, scratch)
    if not requests:
        return None
    recorder.strangers.clear()
    try:
        with sqlalchemy_recorded(recorder):
            return scratch.grow(Call(app, requests, recorder, target.stop, target.headers))
    except NotSupportedError as error:
        skipped.append(Skipped("growing the data", error.what, error.remedy or None))
        return None
