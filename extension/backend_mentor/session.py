"""What lasts between two cells: connections and the last reviews. The only mutable object."""

from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Stop, with_own_stop
from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.proof import Proof
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Review
    from backend_mentor.domain.statement import Statement
    from backend_mentor.mentor.mentor import Mentor
    from backend_mentor.proofs.running.stage import Executed

DEMO = "demo"


@dataclass
class Session:
    """One notebook's or one command's connections and reviews, for any number of threads.

    Two locks: one is held for as long as a connection is being made, so that nothing is made twice; the other only for
    swaps of state, so that whoever asks what is connected never waits for a server.
    """

    connections: dict[str, Database] = field(default_factory=dict)
    current: str | None = None
    reviews: list[Review] = field(default_factory=list)
    announce: Callable[[str], None] = lambda _: None
    """What to tell the user before something that they did not ask for in so many words."""
    hints_given: Counter[str] = field(default_factory=Counter)
    """How many hints each exercise has given, by its number."""
    _mentor: Mentor | None = None
    _servers: list[object] = field(default_factory=list)
    _stops: list[Stop] = field(default_factory=list)
    """Of the reviews that are running."""
    _borrowed: Counter[int] = field(default_factory=Counter)
    """How many running reviews are about each database, by its `id`."""
    _retired: list[Database] = field(default_factory=list)
    """Databases that gave their alias to another while a review was about them; closed when the last one ends."""
    _connecting: threading.RLock = field(default_factory=threading.RLock)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def connect(self, target: object, alias: str | None = None) -> Database:
        """Connect, make it the current database and return it; an alias already known is switched to."""
        from backend_mentor.databases.registry import connect

        if isinstance(target, str) and (known := self._switch(target)):
            return known
        with self._connecting:
            is_demo = isinstance(target, str) and target == DEMO
            if is_demo and (known := self._switch(DEMO)):
                return known
            database = self._demo() if is_demo else connect(target)
            self._keep(alias or (DEMO if is_demo else database.name), database)
            return database

    def database(self) -> Database:
        """Return the current database: the one connected, else DATABASE_URL's, else the demo."""
        if (known := self._current()) is not None:
            return known
        with self._connecting:
            if (known := self._current()) is not None:
                return known
            database = self.connect(os.environ.get("DATABASE_URL") or DEMO)
            self.announce(f"Nothing was connected, so this is about {database.name}, read-only.")
            return database

    @contextmanager
    def borrow(self, stop: Stop | None = None, *, milliseconds: int | None = None) -> Iterator[Database]:
        """Yield the current database with a stop of its own; whatever is connected meanwhile, it stays open.

        `milliseconds` is the most that one statement may run, where it is not to be the connection's own limit.
        """
        stop = stop or Stop()
        with self._lock:
            self._stops.append(stop)
        try:
            with self._lent(stop) as database:
                if milliseconds is not None:
                    database.limits = replace(database.limits, milliseconds=milliseconds)
                yield database
        finally:
            with self._lock:
                self._stops.remove(stop)

    def start_postgres(self) -> Database:
        """Connect to a PostgreSQL with the demo data: one that runs beside us already, else one started here."""
        from backend_mentor.demo.connect import connect_running_demo, start_demo_server

        with self._connecting:
            if (known := self._switch("postgres")) is not None:
                return known
            if (running := connect_running_demo()) is not None:
                self._keep("postgres", running)
                return running
            self.announce("Starting a PostgreSQL and loading the demo data into it; some seconds.")
            database, server = start_demo_server()
            with self._lock:
                self._servers.append(server)
            self._keep("postgres", database)
            return database

    def review(
        self,
        text: str,
        *,
        name: str = "cell",
        analyze: bool | None = None,
        variables: Mapping[str, object] | None = None,
        executed: Executed | None = None,
        progress: Callable[[str], None] = lambda _: None,
        stop: Stop | None = None,
        milliseconds: int | None = None,
        remember: bool = True,
        show: Callable[[Review], None] | None = None,
    ) -> Review:
        """Review a cell on the current database and remember the result; `executed` where its code has been run.

        `stop` ends this review alone, one that was requested before it began too; `milliseconds` is the most that one
        statement of it may run. What is not to be `remember`ed is a look at what a whole review follows; `show` is
        given a first look, whose proposals are still to be tried.
        """
        from backend_mentor.pipeline import review

        with self.borrow(stop, milliseconds=milliseconds) as database:
            result = review(
                text,
                database,
                name=name,
                analyze=analyze,
                variables=variables,
                executed=executed,
                progress=progress,
                show=show,
            )
        if not remember:
            return result
        with self._lock:
            self.reviews.append(result)
        return result

    def judge_same(
        self, text: str, *, variables: Mapping[str, object] | None = None
    ) -> tuple[Proof, Statement, Statement]:
        """Return what trials say of the two statements of `text`, and both statements."""
        from backend_mentor.proofs.prove import judge_same
        from backend_mentor.reading.classify import read_cell
        from backend_mentor.reading.statements import read_statements

        with self.borrow() as database:
            dialect = database.engine.name
            statements = read_statements(read_cell(text, dialect=dialect), dialect, database.schema(), variables)
            if len(statements) != 2:
                raise MentorError(
                    f"Two statements are compared, and {len(statements)} were given.",
                    "Write exactly two queries, a semicolon between them.",
                )
            before, after = statements
            after = _given_alike(before, after)
            for statement in (before, after):
                database.check(statement)
            proof = judge_same(before, after, database)
        given = ", ".join(f"{each.written} = {each.value!r}" for each in before.parameters)
        note = (f"each placeholder had one value, {given}",) if given else ()
        return replace(proof, notes=(*proof.notes, *note)), before, after

    def proposal(self, number: int) -> Proposal:
        """Return the proposal of that number, from 1, of the last review; raises MentorError where there is none."""
        offered = [each for review in self._last() for each in review.proposals]
        if not 1 <= number <= len(offered):
            count = f"{len(offered)} proposal{'' if len(offered) == 1 else 's'}" if offered else "no proposals"
            raise MentorError(
                f"The last review has {count}.", "Review a cell with %%backend, then apply one by its number."
            )
        return offered[number - 1]

    @property
    def mentor(self) -> Mentor:
        """The mentor, made on first use: it is offline until it is turned on."""
        from backend_mentor.mentor.mentor import Mentor

        with self._lock:
            self._mentor = self._mentor or Mentor()
            return self._mentor

    @property
    def is_mentored(self) -> bool:
        """True where Claude was turned on for the current connection."""
        return self.speaks_for(self.database())

    def speaks_for(self, database: Database) -> bool:
        """Return whether Claude was turned on for this connection."""
        return self._mentor is not None and self._mentor.speaks_for(database)

    def stop(self) -> None:
        """Ask every review that is running to stop; callable from any thread."""
        with self._lock:
            for stop in self._stops:
                stop.request()

    def close(self) -> None:
        """Close every connection and stop the servers started here."""
        with self._lock:
            for stop in self._stops:
                stop.request()
            for database in (*self.connections.values(), *self._retired):
                database.close()
            for server in self._servers:
                getattr(server, "close")()  # noqa: B009  the server's type would import its engine here
            self.connections.clear()
            self._retired.clear()
            self._servers.clear()
            self.current = None

    @contextmanager
    def _lent(self, stop: Stop) -> Iterator[Database]:
        database = self._count_in()
        try:
            yield with_own_stop(database, stop)
        finally:
            with self._lock:
                self._borrowed[id(database)] -= 1
                if not self._borrowed[id(database)]:
                    del self._borrowed[id(database)]
                    self._close_retired(database)

    def _last(self) -> tuple[Review, ...]:
        if not self.reviews:
            return ()
        return (self.reviews[-1], *self.reviews[-1].further)

    def _count_in(self) -> Database:
        while True:
            # Connecting takes its time, so it is not waited for with the lock held.
            self.database()
            with self._lock:
                if (database := self._current()) is not None:
                    self._borrowed[id(database)] += 1
                    return database

    def _current(self) -> Database | None:
        with self._lock:
            return None if self.current is None else self.connections[self.current]

    def _switch(self, name: str) -> Database | None:
        """Make a known connection the current one and return it, or None where there is none of that name."""
        with self._lock:
            if name in self.connections:
                self.current = name
            return self.connections.get(name)

    def _keep(self, name: str, database: Database) -> None:
        with self._lock:
            former = self.connections.get(name)
            self.connections[name] = database
            self.current = name
            if former is not None:
                self._retired.append(former)
                if not self._borrowed[id(former)]:
                    self._close_retired(former)

    def _close_retired(self, database: Database) -> None:
        if any(each is database for each in self._retired):
            self._retired = [each for each in self._retired if each is not database]
            database.close()

    def _demo(self) -> Database:
        from backend_mentor.demo.connect import connect_demo
        from backend_mentor.demo.database import is_made

        if not is_made():
            self.announce("Making the demo database, this once; some seconds.")
        return connect_demo()


def _given_alike(before: Statement, after: Statement) -> Statement:
    """Return the second statement with the values of the first: a placeholder of one name is one value."""
    values = {each.marker: each for each in before.parameters}
    if values.keys() != {each.marker for each in after.parameters}:
        lists = [", ".join(each.written for each in one.parameters) or "none" for one in (before, after)]
        raise MentorError(
            f"The two statements take different placeholders: {lists[0]} and {lists[1]}.",
            "Give both the same placeholders, or write values in their place.",
        )
    return replace(after, parameters=tuple(values[each.marker] for each in after.parameters))
