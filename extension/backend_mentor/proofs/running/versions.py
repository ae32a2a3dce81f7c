"""A cell and its proposed version, run side by side: the same requests, the same made-up data, answers compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import MentorError, NotSupportedError
from backend_mentor.domain.trace import CodeRuns
from backend_mentor.proofs.running.answers import compare_answers
from backend_mentor.proofs.running.apps import find_app
from backend_mentor.proofs.running.capture import Recorder
from backend_mentor.proofs.running.copying import COPY_NAME, execute_copy
from backend_mentor.proofs.running.growth import scratch_data
from backend_mentor.proofs.running.run import files_of, requests_of
from backend_mentor.proofs.running.sending import Call, check_client
from backend_mentor.proofs.running.sqlalchemy_capture import sqlalchemy_recorded
from backend_mentor.reading.endpoints import read_source

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.proofs.running.run import Target

_ORDERS = re.compile(r"order_by|order by|sorted\(|\.sort\(|ordering", re.I)


def compare_versions(target: Target, after: str) -> CodeRuns:
    """Return what the proposed text of the cell answers and sends beside the cell itself.

    Raises NotSupportedError where the two can not be run side by side, StoppedError on a stop."""
    check_client()
    proposed = read_source(Cell(after, CellKind.ENDPOINT))
    app = find_app(target.source, target.namespace)
    try:
        copy = execute_copy(target.source, proposed, target.namespace)
    except MentorError:
        raise
    except Exception as error:  # whatever the proposed code raises
        raise NotSupportedError(f"The proposed version raises {type(error).__name__}: {error}.", "") from error
    other = find_app(proposed, copy.names)
    with scratch_data(target.source, target.namespace, app.interface) as scratch:
        requests = requests_of(target, app, scratch.identify)
        recorder = Recorder(files_of(target.source, target.namespace) | {COPY_NAME})
        with sqlalchemy_recorded(recorder):
            before, again, now = (
                scratch.grow(Call(each, requests, recorder, target.stop, target.headers)) for each in (app, app, other)
            )
    compared, differences = compare_answers(before, again, now, _unordered(target.source))
    if not compared:
        raise NotSupportedError("No request was answered on made-up data, so there is nothing to compare.", "")
    return CodeRuns(compared, differences, before.growths(), now.growths(), copy.left_out)


def _unordered(source: Source) -> frozenset[str]:
    """Return the routes of handlers whose code asks for no order."""
    return frozenset(
        route.path or ""
        for handler in source.handlers
        for route in handler.routes
        if not _ORDERS.search(source.text[handler.span.start : handler.span.end])
    )
