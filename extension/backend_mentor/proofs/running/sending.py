"""Requests, sent to an app in this process on a thread of their own, one after the other, each with a time limit."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from contextvars import copy_context
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.running.apps import Interface
from backend_mentor.proofs.running.blocking import Heartbeat
from backend_mentor.proofs.running.call import Call, Reply
from backend_mentor.proofs.running.capture import recording
from backend_mentor.proofs.running.exchanging import REQUEST_SECONDS, Exchanging
from backend_mentor.proofs.running.lifespan import Lifespan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.trace import SentRequest

_LOOK_SECONDS = 0.05
_GRACE_SECONDS = 0.5


def send_all(call: Call) -> list[Reply]:
    """Send the requests and return their replies; raises StoppedError on a stop, and ends at once on an interrupt."""
    call.stop.check()
    import_module("httpx")  # a stop in the midst of an import would leave its file open
    work = _send_asgi if call.app.interface is Interface.ASGI else _send_sync
    failure: list[BaseException] = []

    def run() -> None:
        call.thread = threading.get_ident()
        try:
            with recording(call.recorder), untold("httpx", lambda _: False):
                work(call)
        except BaseException as error:  # noqa: BLE001  it is raised again in the thread that waits
            failure.append(error)
        finally:
            over.set()

    # Not Thread.join(): interrupted, that of Python 3.11 takes the thread for ended while it runs on.
    over = threading.Event()
    # A context of its own: what the notebook's own context holds is not the app's.
    worker = threading.Thread(target=copy_context().run, args=(run,), name="backend-mentor-run", daemon=True)
    worker.start()
    try:
        while not over.wait(_LOOK_SECONDS):
            call.stop.check()
    except BaseException:
        _abandon(call, over)
        raise
    if failure:
        raise failure[0]
    return call.replies


def _abandon(call: Call, over: threading.Event) -> None:
    """End the thread: interrupt its connections, and raise in its own code once that comes back to Python."""
    call.over = call.recorder.is_over = True
    for connection in list(call.recorder.connections.values()):
        driver = getattr(connection, "driver_connection", connection)
        with suppress(Exception):
            getattr(driver, "interrupt" if hasattr(driver, "interrupt") else "cancel")()
    if call.cancel is not None:
        with suppress(RuntimeError):  # the loop is closed already
            call.cancel()
        over.wait(_LOOK_SECONDS * 2)
    deadline = time.monotonic() + _GRACE_SECONDS
    while call.thread is not None and not over.is_set() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(call.thread), ctypes.py_object(SystemExit))
        over.wait(_LOOK_SECONDS)


def _send_asgi(call: Call) -> None:
    asyncio.run(_converse(call))


async def _converse(call: Call) -> None:
    import httpx

    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is not None:
        call.cancel = partial(loop.call_soon_threadsafe, task.cancel)
    beat = Heartbeat(call.recorder.files, call.recorder.lines)
    lifespan = Lifespan(call.app.target)
    transport = httpx.ASGITransport(app=lifespan.answer)
    async with lifespan, httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        with ExitStack() as stack:
            if call.heartbeat:
                stack.enter_context(beat.watching())
            for request in call.requests:
                if call.over:
                    return
                with Exchanging(call, request) as exchanging:
                    sent = client.request(request.method, request.path, **_content(call, request))
                    exchanging.keep(await asyncio.wait_for(sent, REQUEST_SECONDS))
                    # Work that was put off until after the answer is the request's too.
                    await asyncio.sleep(0)
                exchanging.finish(beat.take())
    if call.release is not None:
        await _in_greenlet(call.release)


async def _in_greenlet(work: Callable[[], None]) -> None:
    try:
        from sqlalchemy.util import greenlet_spawn
    except ImportError:
        work()
        return
    await greenlet_spawn(work)


def _send_sync(call: Call) -> None:
    if call.app.interface is Interface.DJANGO:
        from backend_mentor.proofs.running.django_app import DjangoSender

        with DjangoSender(call) as sender:
            _exchange_each(call, sender.send)
        return
    import httpx

    transport = httpx.WSGITransport(app=call.app.target)
    with flask_errors(call), httpx.Client(transport=transport, base_url="http://app") as client:
        _exchange_each(call, lambda one: client.request(one.method, one.path, **_content(call, one)))
    if call.release is not None:
        call.release()


def _exchange_each(call: Call, send: Callable[[SentRequest], Any]) -> None:
    for request in call.requests:
        if call.over:
            return
        with Exchanging(call, request) as exchanging:
            exchanging.keep(send(request))
        exchanging.finish(())


def _content(call: Call, request: SentRequest) -> dict[str, Any]:
    headers = dict(call.headers)
    if request.body is None:
        return {"headers": headers}
    return {"headers": {"Content-Type": "application/json", **headers}, "content": request.body.encode()}


@contextmanager
def flask_errors(call: Call) -> Iterator[None]:
    """Keep what a Flask app raises, which its own answer of 500 does not tell, and let it not be logged as well."""
    from flask import got_request_exception

    def keep(sender: object, exception: BaseException, **_: object) -> None:
        call.raised.append(exception)

    got_request_exception.connect(keep, call.app.target)
    try:
        with untold(call.app.target.logger.name, lambda record: record.exc_info is None):
            yield
    finally:
        got_request_exception.disconnect(keep, call.app.target)


@contextmanager
def untold(logger: str, is_told: Callable[[logging.LogRecord], bool]) -> Iterator[None]:
    """Keep what the run itself makes a logger say out of the notebook."""
    log = logging.getLogger(logger)
    log.addFilter(is_told)
    try:
        yield
    finally:
        log.removeFilter(is_told)


def check_client() -> None:
    """Raise NotSupportedError where httpx is not installed."""
    if find_spec("httpx") is None:
        raise NotSupportedError(
            "Requests are sent to the app by httpx, which is not installed.",
            "Install it: pip install 'backend-mentor[run]'.",
        )
