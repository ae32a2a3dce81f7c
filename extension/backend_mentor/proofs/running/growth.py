"""The same requests on made-up data of 1, 10 and 100 rows, in a scratch file that the app takes for its database."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.registry import connect
from backend_mentor.databases.sqlite.filling import fill
from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.trace import GrownCount, Growth
from backend_mentor.proofs.running.apps import Interface
from backend_mentor.proofs.running.call import Call
from backend_mentor.proofs.running.models import allowed_values, create_scratch_tables
from backend_mentor.proofs.running.pools import on_scratch
from backend_mentor.proofs.running.requests import named_column, named_place
from backend_mentor.proofs.running.rows import make_rows
from backend_mentor.proofs.running.sending import send_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.trace import SentRequest
    from backend_mentor.proofs.running.call import Reply

SIZES = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Grown:
    """The replies to the same requests, by the size of the data, smallest first."""

    replies: tuple[tuple[int, tuple[Reply, ...]], ...]

    def growths(self) -> tuple[Growth, ...]:
        """Return what each request's counts did."""
        columns = zip(*(replies for _, replies in self.replies), strict=True)
        return tuple(self._growth(column) for column in columns)

    def _growth(self, column: tuple[Reply, ...]) -> Growth:
        sizes = [size for size, _ in self.replies]
        counts = tuple(
            GrownCount(size, reply.exchange.queries, reply.exchange.status, reply.exchange.answer_bytes)
            for size, reply in zip(sizes, column, strict=True)
        )
        first, last = column[0].exchange, column[-1].exchange
        before = {(each.text, each.line): each.times for each in first.statements}
        most = max(last.statements, key=lambda each: each.times - before.get((each.text, each.line), 0), default=None)
        grew = most is not None and most.times > before.get((most.text, most.line), 0)
        return Growth(last.request, counts, most if grew else None)


class ScratchData:
    """A scratch file with the app's tables; `send` fills it to a size and sends the requests to an app."""

    def __init__(self, path: Path, source: Source, namespace: Mapping[str, object], interface: Interface) -> None:
        self.path = path
        self.engines = create_scratch_tables(path, namespace, interface)
        self.schema = connect(str(path)).schema()
        if not self.schema.tables:
            raise NotSupportedError("The app's code maps no tables, so there are none to make up rows for.", "")
        self.allowed = allowed_values(source, self.schema, namespace, interface)

    def grow(self, call: Call, sizes: Sequence[int] = SIZES) -> Grown:
        """Send the call's requests on data of each size."""
        return Grown(tuple((size, self._on_size(call, size)) for size in sizes))

    def _on_size(self, call: Call, size: int) -> tuple[Reply, ...]:
        found: dict[SentRequest, Reply] = {}
        for focus in dict.fromkeys(map(self._focus, call.requests)):
            fill(self.path, make_rows(self.schema, size, self.allowed, focus))
            asked = [each for each in call.requests if self._focus(each) == focus]
            one = replace(call, requests=asked, replies=[], raised=[], heartbeat=False, release=None, scratch=self.path)
            with on_scratch(self.engines, self.path):
                found.update(zip(asked, send_all(one), strict=True))
            if call.recorder.strangers:
                names = " and ".join(sorted(call.recorder.strangers))
                raise NotSupportedError(
                    f"The app asked {names} and not the scratch copy, so its data can not be grown.",
                    "Give the handlers their session from an engine that the notebook holds.",
                )
        return tuple(found[each] for each in call.requests)

    def _focus(self, request: SentRequest) -> str | None:
        """Return the table whose one row a request is about."""
        place = named_place(self.schema, request.template or request.path)
        return place[0] if place is not None else None

    def column_of(self, name: str, before: str) -> tuple[str, str] | None:
        """Return the table and column that a path's parameter of this name is a value of."""
        return named_column(self.schema, name, before)

    def identify(self, name: str, before: str) -> object | None:
        """Return what the first row holds where a path's parameter of this name stands; None where no table fits."""
        place = self.column_of(name, before)
        if place is None:
            return None
        rows = next(each for each in make_rows(self.schema, 1, self.allowed) if each.name == place[0])
        return rows.rows[0][rows.columns.index(place[1])] if rows.rows else None


@contextmanager
def scratch_data(source: Source, namespace: Mapping[str, object], interface: Interface) -> Iterator[ScratchData]:
    """Make a scratch file with the app's tables, and remove it on leaving. Raises NotSupportedError where it can not
    be made."""
    with tempfile.TemporaryDirectory(prefix="backend-mentor-run-") as folder:
        yield ScratchData(Path(folder) / "scratch.db", source, namespace, interface)
