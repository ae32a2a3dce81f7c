"""An index that helps a given query, built and measured on a copy that is thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Outcome
from backend_mentor.lessons.goals.reading import read_query
from backend_mentor.mentor.index_text import read_index
from backend_mentor.proofs.index_trial import open_workshop

if TYPE_CHECKING:
    from backend_mentor.domain.proof import Measurement
    from backend_mentor.session import Session


@dataclass(frozen=True, slots=True)
class IndexTried:
    """The planner takes the index for `query`, and the counted work falls to `at_most` of what it was."""

    query: str
    at_most: float
    index_bytes: int | None = None
    """The largest size that is still welcome, where a smaller index does as much."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return what the index did for the query; see `Goal`."""
        with session.borrow() as database:
            statement = read_query(self.query, database)
            index = read_index(attempt, database.schema(), database)
            with open_workshop(statement, database) as workshop:
                measurement, reason = workshop.measure(index)
        if measurement is None:
            return Outcome(False, f"It was {reason}.")
        return self._outcome(measurement)

    def _outcome(self, measurement: Measurement) -> Outcome:
        was, now, unit = measurement.before.count, measurement.after.count, measurement.unit
        size = measurement.index_bytes
        if was is None or now is None:
            return Outcome(False, "The work can not be counted here.")
        figures = f"with the index the query takes {now:,} {unit}, without it {was:,}"
        if now > was * self.at_most:
            return Outcome(False, f"Built and taken: {figures}; {int(was * self.at_most):,} or fewer are wanted.")
        if self.index_bytes is not None and size is not None and size > self.index_bytes:
            return Outcome(
                False,
                f"Built and taken: {figures}. But it has {size // 1024:,} kB, and {self.index_bytes // 1024:,} kB do.",
            )
        kilobytes = "" if size is None else f" It has {size // 1024:,} kB."
        return Outcome(True, f"Built on {measurement.place} and taken: {figures}.{kilobytes}")
