"""What the stages of one review share: the database, the clock and the timings so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from backend_mentor.domain.review import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.review import Review


@dataclass
class Desk:
    """One review at work."""

    database: Database
    analyze: bool
    progress: Callable[[str], None]
    clock: Callable[[], float]
    show: Callable[[Review], None] | None = None
    """Given what is known before proposals are tried, by whoever wants to see that already."""
    timings: dict[str, float] = field(default_factory=dict)

    def stage(self, name: str) -> Stage:
        """Tell the user that a stage begins, and time it."""
        self.database.stop.check()
        self.progress(name)
        return Stage(name, self)

    def provenance(self) -> Provenance:
        """Return where the review comes from, as known by now."""
        return Provenance(
            version=version("backend-mentor"),
            database=self.database.name,
            engine=self.database.engine,
            analyzed=self.analyze,
            milliseconds=sum(self.timings.values()),
            timings=tuple(self.timings.items()),
            notes=self.database.notes,
        )


@dataclass
class Stage:
    """A stage that is timed, in milliseconds, from its beginning to its end."""

    name: str
    desk: Desk
    began: float = 0.0

    def __enter__(self) -> None:
        """Note the time."""
        self.began = self.desk.clock()

    def __exit__(self, *_: object) -> None:
        """Add what went by to the stage's timing."""
        milliseconds = (self.desk.clock() - self.began) * 1000
        self.desk.timings[self.name] = self.desk.timings.get(self.name, 0.0) + milliseconds
