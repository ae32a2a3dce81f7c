"""What the rules and the proposals look at."""

from __future__ import annotations

from dataclasses import dataclass

from backend_mentor.domain.plan import Plan
from backend_mentor.domain.schema import Engine, Schema
from backend_mentor.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class Fact:
    """A condition that every row of a table may meet without the schema saying so.

    The database is asked for it before anything rests on it, and trial databases are made to obey it, as if it were a
    CHECK constraint."""

    table: str
    holds: str
    """SQL over the table's own columns, true or NULL in each row: `placed_at GLOB '????-??-??*'`."""
    text: str
    """As in `placed_at holds ISO dates in all rows of orders`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One statement with all that is known of it before anything is judged."""

    statement: Statement
    schema: Schema
    plan: Plan | None = None
    facts: frozenset[Fact] = frozenset()
    """Those that the database was asked for and that hold in all of today's rows."""

    @property
    def engine(self) -> Engine:
        """The engine that the statement is for."""
        return self.schema.engine


@dataclass(frozen=True, slots=True)
class Gate:
    """The engines and versions that an idea is for: `version >= since` and `version < before`."""

    engines: tuple[str, ...] = ("sqlite", "postgres")
    since: tuple[int, ...] = ()
    before: tuple[int, ...] | None = None

    def admits(self, engine: Engine) -> bool:
        """Return whether the idea is for this engine and version."""
        if engine.name not in self.engines or engine.version < self.since:
            return False
        return self.before is None or engine.version < self.before
