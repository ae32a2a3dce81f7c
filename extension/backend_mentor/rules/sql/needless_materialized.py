"""The rule needless-materialized."""

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


class NeedlessMaterialized:
    """MATERIALIZED fences off a WITH that is read once.

    The planner then computes all of it, and the conditions around it do not reach its tables or their indexes.
    """

    name: ClassVar[str] = "needless-materialized"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "WITH totals AS MATERIALIZED (SELECT account_id, count(*) AS n FROM orders GROUP BY account_id) SELECT "
            "n FROM totals WHERE account_id = 7",
            says="totals is read once and fenced off by MATERIALIZED",
        ),
        Passes(
            "WITH totals AS MATERIALIZED (SELECT account_id, count(*) AS n FROM orders GROUP BY account_id) SELECT "
            "a.n FROM totals a JOIN totals b ON b.n = a.n",
            because="it is read twice and computed once",
        ),
        Passes(
            "WITH picked AS MATERIALIZED (SELECT id, random() AS r FROM orders) SELECT id FROM picked WHERE r > 5",
            because="random() has to be drawn once for each row",
        ),
        Passes(
            "WITH totals AS MATERIALIZED (SELECT count(*) AS n FROM orders) SELECT n FROM totals",
            because="no condition outside could reach into it",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each MATERIALIZED that is read once under a condition."""
        tree = subject.statement.tree
        readers = [(node, found) for node in tree.find_all(exp.Table) if (found := common_table(node)) is not None]
        for cte in tree.find_all(exp.CTE):
            uses = [node for node, found in readers if found is cte]
            if (
                cte.args.get("materialized") is not True
                or len(uses) != 1
                or cte.find(exp.Rand, exp.Anonymous, exp.Insert, exp.Update, exp.Delete)
            ):
                continue
            query = uses[0].find_ancestor(exp.Select)
            if query is None or not (query.args.get("where") or query.args.get("joins")):
                continue
            yield report(
                self,
                place_in_text(subject, cte.args["alias"]),
                what=f"In this statement {cte.alias} is read once and fenced off by MATERIALIZED.",
                why="All of it is computed first; no condition outside reaches its tables or their indexes.",
                instead="Leave MATERIALIZED out, or write NOT MATERIALIZED.",
                evidence=(from_text(f"WITH {cte.alias} AS MATERIALIZED"),),
            )
