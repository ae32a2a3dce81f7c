"""A write that would have changed rows, refused by the connection, and the table shown to be as before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.errors import MentorError, RefusedError
from backend_mentor.domain.lesson import Outcome
from backend_mentor.lessons.goals.reading import read_query, read_statement

if TYPE_CHECKING:
    from backend_mentor.databases.base import Database
    from backend_mentor.domain.statement import Statement
    from backend_mentor.session import Session


@dataclass(frozen=True, slots=True)
class WriteRefused:
    """The attempt is a DELETE or UPDATE of `table` that would change rows, if the connection ran it."""

    table: str
    total: str
    """The column whose sum is compared before and after."""

    def judge(self, attempt: str, session: Session) -> Outcome:
        """Send the attempt as if it were a query, and return what came of it; see `Goal`."""
        with session.borrow() as database:
            statement = read_statement(attempt, database)
            touched = self._touched(statement, database)
            if touched is None:
                return Outcome(False, f"That is no DELETE or UPDATE of {self.table}; a read proves nothing here.")
            if not touched:
                return Outcome(False, f"It would change no row of {self.table}, so a refusal would prove little.")
            before = self._figures(database)
            refusal = _send(statement, database)
            after = self._figures(database)
        if refusal is None or before != after:
            return Outcome(False, f"It was not refused, and {self.table} is no longer as it was.")
        count, total = after
        return Outcome(
            True,
            f"It would have changed {touched:,} of {count:,} rows and was refused: {refusal} "
            f"Before and after, {self.table} has {count:,} rows, whose {self.total} adds up to {total:,}.",
        )

    def _touched(self, statement: Statement, database: Database) -> int | None:
        """Return how many rows its condition holds for, or None where it is no such write."""
        tree = statement.tree
        if not isinstance(tree, exp.Delete | exp.Update) or not isinstance(tree.this, exp.Table):
            return None
        if tree.this.name.lower() != self.table:
            return None
        # Planning it shows that the database itself understands it; an error of the writer's own is no proof.
        database.explain(statement)
        query = exp.select("count(*)").from_(tree.this.copy())
        if where := tree.args.get("where"):
            query = query.where(where.this.copy())
        (touched,) = self._row(query.sql(dialect=statement.dialect), database)
        return touched

    def _figures(self, database: Database) -> tuple[int, int]:
        count, total = self._row(f"SELECT count(*), sum({self.total}) FROM {self.table}", database)
        return count, total

    def _row(self, query: str, database: Database) -> tuple[int, ...]:
        (row,) = database.fetch(read_query(query, database)).rows
        return tuple(int(str(value)) for value in row)


def _send(statement: Statement, database: Database) -> str | None:
    """Return the sentence with which the connection refuses to run the statement; None where it ran."""
    try:
        database.run(statement)
    except RefusedError as error:
        return error.what
    except MentorError as error:
        raise MentorError(f"It failed before it could be refused. {error.what}", error.remedy) from error
    return None
