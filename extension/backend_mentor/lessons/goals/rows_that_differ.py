"""A handful of rows on which two queries that look alike answer differently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.lesson import Outcome
from backend_mentor.lessons.goals.reading import read_query

if TYPE_CHECKING:
    from backend_mentor.session import Session

_HOW = "Hand in VALUES (…), (…) with literal values."


@dataclass(frozen=True, slots=True)
class RowsThatDiffer:
    """The attempt is `VALUES …`: the rows of `table`, on which `first` and `second` differ."""

    table: str
    columns: tuple[str, ...]
    first: str
    second: str
    most_rows: int

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Return whether the two differ on these rows; see `Goal`."""
        with session.borrow() as database:
            values = read_query(attempt, database)
            if not isinstance(values.tree, exp.Values):
                raise MentorError("These are no rows.", _HOW)
            count = len(values.tree.expressions)
            if count > self.most_rows:
                return Outcome(False, f"{count} rows are more than it takes; {self.most_rows} are enough.")
            head = f"WITH {self.table}({', '.join(self.columns)}) AS ({values.text.strip().rstrip(';')}) "
            given = database.fetch(read_query(f"{head}SELECT * FROM {self.table}", database))
            first, second = (database.fetch(read_query(head + each, database)) for each in (self.first, self.second))
        tables = (
            replace(given, name=self.table),
            replace(first, name="the first answers"),
            replace(second, name="the second answers"),
        )
        if Counter(first.rows) == Counter(second.rows):
            return Outcome(False, "On these rows both queries answer the same.", tables=tables)
        rows = f"{count} row{'' if count == 1 else 's'}"
        return Outcome(True, f"{rows}, and the two queries differ.", tables=tables)
