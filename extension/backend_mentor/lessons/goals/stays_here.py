"""A query whose request to Claude, byte for byte, holds none of the words that are to stay on this machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.lesson import Outcome
from backend_mentor.lessons.goals.reading import read_query
from backend_mentor.proofs.own_data import compare_own_data

if TYPE_CHECKING:
    from backend_mentor.domain.statement import Statement
    from backend_mentor.session import Session


@dataclass(frozen=True, slots=True)
class StaysHere:
    """The attempt takes `value` as its one parameter, answers as `of` does, and sends no word of the value."""

    of: str
    """The query that is wanted, with one placeholder."""
    value: str

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return what of the value would go out, and whether the question is still the same; see `Goal`."""
        with session.borrow() as database:
            wanted, given = read_query(self.of, database), read_query(attempt, database)
        sent = _sent(attempt, session)
        if leaked := [word for word in self.value.split() if word.lower() in sent.lower()]:
            return Outcome(False, f"Among the {len(sent):,} characters that would go out: {' and '.join(leaked)}.")
        if len(given.parameters) != 1:
            return Outcome(False, f"One placeholder takes the value, and {len(given.parameters)} stand there.")
        return self._compare(wanted, given, len(sent), session)

    def _compare(self, wanted: Statement, given: Statement, characters: int, session: Session) -> Outcome:
        with session.borrow() as database:
            own_data, reason = compare_own_data(self._bound(wanted), self._bound(given), database.schema(), database)
        if own_data is None:
            return Outcome(False, f"Whether it answers the same could not be tried: {reason}.")
        if not own_data.same:
            return Outcome(False, f"With {self.value} for its placeholder it answers another question.")
        return Outcome(
            True,
            f"{characters:,} characters would go out, and no word of the value is among them; with it the query gives "
            "the same rows.",
        )

    def _bound(self, statement: Statement) -> Statement:
        return replace(statement, parameters=(replace(statement.parameters[0], value=self.value),))


def _sent(attempt: str, session: Session) -> str:
    """Return the body that a first question about the attempt would send; nothing is sent and nothing is kept."""
    import json

    from backend_mentor.mentor.mentor import FIRST_QUESTION, Mentor

    review = session.review(attempt, analyze=False, remember=False)
    with session.borrow() as database:
        return json.dumps(Mentor().preview(review, database, FIRST_QUESTION), ensure_ascii=False, default=str)
