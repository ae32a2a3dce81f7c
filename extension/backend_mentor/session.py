"""What lasts between two cells: connections and the last reviews. The only mutable object."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    """One notebook's or one command's connections and reviews; its swaps of state are guarded by a lock."""

    connections: dict[str, Database] = field(default_factory=dict)
    current: str | None = None
    reviews: list[Review] = field(default_factory=list)
    announce: Callable[[str], None] = lambda _: None
    """What to tell the user before something that they did not ask for in so many words."""
    _mentor: Mentor | None = None
    _servers: list[object] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def connect(self, target: object, alias: str | None = None) -> Database:
        """Connect, make it the current database and return it; an alias already known is switched to."""
        from backend_mentor.databases.registry import connect

        with self._lock:
            if isinstance(target, str) and target in self.connections:
                self.current = target
                return self.connections[target]
            is_demo = isinstance(target, str) and target == DEMO
            database = self._demo() if is_demo else connect(target)
            name = alias or (DEMO if is_demo else database.name)
            self._replace(name, database)
            return database

    def database(self) -> Database:
        """Return the current database: the one connected, else DATABASE_URL's, else the demo."""
        with self._lock:
            if self.current is None:
                database = self.connect(os.environ.get("DATABASE_URL") or DEMO)
                self.announce(f"Nothing was connected, so this is about {database.name}, read-only.")
                return database
            return self.connections[self.current]

    def start_postgres(self) -> Database:
        """Start an embedded PostgreSQL that holds the demo data, and connect to it."""
        from backend_mentor.demo.connect import start_demo_server

        with self._lock:
            if "postgres" not in self.connections:
                self.announce("Starting a PostgreSQL and loading the demo data into it; some seconds.")
                database, server = start_demo_server()
                self._servers.append(server)
                self._replace("postgres", database)
            self.current = "postgres"
            return self.connections["postgres"]

    def review(
        self,
        text: str,
        *,
        name: str = "cell",
        analyze: bool | None = None,
        variables: Mapping[str, object] | None = None,
        executed: Executed | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Review:
        """Review a cell on the current database and remember the result; `executed` where its code has been run."""
        from backend_mentor.pipeline import review

        database = self.database()
        database.stop.clear()
        result = review(
            text, database, name=name, analyze=analyze, variables=variables, executed=executed, progress=progress
        )
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

        database = self.database()
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
        return self._mentor is not None and self._mentor.speaks_for(self.database())

    def stop(self) -> None:
        """Ask whatever runs on any connection to stop; callable from any thread."""
        for database in list(self.connections.values()):
            database.stop.request()

    def close(self) -> None:
        """Close every connection and stop the servers started here."""
        with self._lock:
            for database in self.connections.values():
                database.close()
            for server in self._servers:
                getattr(server, "close")()  # noqa: B009  the server's type would import its engine here
            self.connections.clear()
            self._servers.clear()
            self.current = None

    def _last(self) -> tuple[Review, ...]:
        if not self.reviews:
            return ()
        return (self.reviews[-1], *self.reviews[-1].further)

    def _replace(self, name: str, database: Database) -> None:
        former = self.connections.get(name)
        if former is not None:
            former.close()
        self.connections[name] = database
        self.current = name

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
