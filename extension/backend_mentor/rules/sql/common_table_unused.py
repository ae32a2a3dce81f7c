"""The rule common-table-unused."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import common_table
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class CommonTableUnused:
    """A WITH is written and never read.

    It is left over from an earlier version, or its name is misspelt where it was meant to be used.
    """

    name: ClassVar[str] = "common-table-unused"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("WITH old AS (SELECT 1 AS id) SELECT id FROM orders", says="old is written and never read"),
        Passes("WITH recent AS (SELECT id FROM orders) SELECT id FROM recent", because="it is read"),
        Passes("WITH a AS (SELECT 1 AS id), b AS (SELECT id FROM a) SELECT id FROM b", because="another WITH reads it"),
        Passes(
            "WITH gone AS (DELETE FROM orders WHERE id = 1 RETURNING id) SELECT 1",
            because="it deletes, whether it is read or not",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each common table expression that no part of the statement reads."""
        tree = subject.statement.tree
        read = {id(found) for node in tree.find_all(exp.Table) if (found := common_table(node)) is not None}
        for cte in tree.find_all(exp.CTE):
            if id(cte) in read or cte.find(exp.Insert, exp.Update, exp.Delete, exp.Merge):
                continue
            yield report(
                self,
                place_in_text(subject, cte.args["alias"]),
                what=f"In this statement {cte.alias} is written and never read.",
                why="The reader looks for its use, and some engines compute it all the same.",
                instead=f"Take {cte.alias} out, or use it where it was meant.",
                evidence=(from_text(f"WITH {cte.alias}"),),
            )
