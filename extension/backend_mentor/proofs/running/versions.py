"""A cell and its proposed versions, run side by side: the same requests, the same made-up data, answers compared."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import MentorError, NotSupportedError
from backend_mentor.domain.trace import CodeRuns
from backend_mentor.proofs.running.answers import compare_answers
from backend_mentor.proofs.running.apps import find_app
from backend_mentor.proofs.running.call import Call
from backend_mentor.proofs.running.capture import Recorder
from backend_mentor.proofs.running.copying import COPY_NAME, execute_copy
from backend_mentor.proofs.running.growth import scratch_data
from backend_mentor.proofs.running.run import files_of, growing_requests
from backend_mentor.proofs.running.sending import check_client
from backend_mentor.proofs.running.sqlalchemy_capture import sqlalchemy_recorded
from backend_mentor.reading.endpoints import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.trace import SentRequest
    from backend_mentor.proofs.running.apps import App
    from backend_mentor.proofs.running.copying import Copy
    from backend_mentor.proofs.running.growth import Grown, ScratchData
    from backend_mentor.proofs.running.run import Target

_ORDERS = re.compile(r"order_by|order by|sorted\(|\.sort\(|ordering", re.I)


def compare_versions(target: Target, after: str) -> CodeRuns:
    """Return what one proposed text of the cell answers and sends beside the cell itself.

    Raises NotSupportedError where the two can not be run side by side, StoppedError on a stop."""
    with beside(target) as versions:
        return versions.compare(after)


@contextmanager
def beside(target: Target) -> Iterator[Versions]:
    """Run the cell as it is, for any number of proposed versions to be compared with. Raises as `compare_versions`."""
    check_client()
    app = find_app(target.source, target.namespace)
    with scratch_data(target.source, target.namespace, app.interface) as scratch:
        requests = growing_requests(target, app, scratch)
        recorder = Recorder(files_of(target.source, target.namespace) | {COPY_NAME})
        bench = _Bench(target, scratch, requests, recorder)
        yield Versions(bench, bench.grow(app), bench.grow(app))


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where an app is sent the requests on data of each size."""

    target: Target
    scratch: ScratchData
    requests: tuple[SentRequest, ...]
    recorder: Recorder

    def grow(self, app: App) -> Grown:
        with sqlalchemy_recorded(self.recorder):
            call = Call(app, self.requests, self.recorder, self.target.stop, self.target.headers)
            return self.scratch.grow(call)


@dataclass(frozen=True, slots=True)
class Versions:
    """The cell as it is, run twice: what differs between the two changes by itself."""

    bench: _Bench
    before: Grown
    again: Grown

    def compare(self, after: str) -> CodeRuns:
        """Return what a proposed text answers and sends; raises NotSupportedError where it can not be run here."""
        source = self.bench.target.source
        proposed = read_source(Cell(after, CellKind.ENDPOINT))
        copy = _execute(source, proposed, self.bench.target)
        now = self.bench.grow(find_app(proposed, copy.names))
        compared, differences = compare_answers(self.before, self.again, now, _unordered(source))
        if not compared:
            raise NotSupportedError("No request was answered on made-up data, so there is nothing to compare.", "")
        return CodeRuns(compared, differences, self.before.growths(), now.growths(), copy.left_out)


def _execute(before: Source, proposed: Source, target: Target) -> Copy:
    try:
        return execute_copy(before, proposed, target.namespace)
    except MentorError:
        raise
    except Exception as error:  # whatever the proposed code raises
        raise NotSupportedError(f"The proposed version raises {type(error).__name__}: {error}.", "") from error


def _unordered(source: Source) -> frozenset[str]:
    """Return the routes of handlers whose code asks for no order."""
    return frozenset(
        route.path or ""
        for handler in source.handlers
        for route in handler.routes
        if not _ORDERS.search(source.text[handler.span.start : handler.span.end])
    )
