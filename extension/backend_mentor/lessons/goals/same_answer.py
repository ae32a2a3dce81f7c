"""A query that answers the same question as a given one, for a part of its work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Comparison, Outcome
from backend_mentor.lessons.goals.reading import read_query
from backend_mentor.proofs.own_data import compare_own_data
from backend_mentor.proofs.prove import judge_same

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.statement import Statement
    from backend_mentor.session import Session


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """Trial databases and the demo's own rows agree with the query `of`, and the counted work falls."""

    of: str
    at_most: float | None = None
    """The largest part of the work of `of` that the attempt takes; None where the answer alone counts."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return whether the attempt answers the same, and with how much work; see `Goal`."""
        with session.borrow() as database:
            before, after = read_query(self.of, database), read_query(attempt, database)
            return self._difference(before, after, database) or self._work(before, after, database)

    def _difference(self, before: Statement, after: Statement, database: Database) -> Outcome | None:
        # The attempt is what the reader knows as theirs.
        proof = judge_same(after, before, database)
        if proof.refuted:
            says = "It answers another question: on the rows below yours differs from what is wanted, that one."
            return Outcome(False, says, Comparison(after.text, before.text, proof))
        own_data, reason = compare_own_data(before, after, database.schema(), database)
        if own_data is None:
            return Outcome(False, f"Whether it answers the same could not be tried: {reason or proof.obstacle}.")
        if not own_data.same:
            missing, new = own_data.only_before, own_data.only_after
            return Outcome(
                False, f"It answers another question: {missing:,} rows of the answer are missing, and {new:,} are new."
            )
        return None

    def _work(self, before: Statement, after: Statement, database: Database) -> Outcome:
        if self.at_most is None:
            return Outcome(True, "It gives the same rows on every trial database and on the demo.")
        was, now, unit = database.run(before).count, database.run(after).count, database.count_unit
        if was is None or now is None:
            return Outcome(False, f"The work can not be counted on {database.name}.")
        figures = f"the same rows, with {now:,} {unit} where the given query takes {was:,}"
        if now <= was * self.at_most:
            return Outcome(True, f"It gives {figures}.")
        return Outcome(False, f"It gives {figures}; {int(was * self.at_most):,} or fewer are wanted.")
