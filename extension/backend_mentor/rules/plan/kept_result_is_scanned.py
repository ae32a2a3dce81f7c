"""The rule kept-result-is-scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class KeptResultIsScanned:
    """A view or WITH is written into a temporary table, which is then scanned for each row of another.

    It has no index there, so each pass of the join goes through all of it.
    """

    name: ClassVar[str] = "kept-result-is-scanned"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "WITH totals AS (SELECT account_id, sum(amount) AS total FROM orders GROUP BY 1) SELECT * FROM accounts "
            "a LEFT JOIN totals t ON t.total > a.credit",
            says="the kept rows of t are gone through for each row of a",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY, credit INTEGER); CREATE TABLE orders (account_id "
            "INTEGER, amount INTEGER)",
            plan="|--MATERIALIZE t\n|  `--SCAN orders\n|--SCAN a\n`--SCAN t LEFT-JOIN",
        ),
        Passes(
            "WITH totals AS (SELECT account_id, sum(amount) AS total FROM orders GROUP BY 1) SELECT * FROM totals "
            "t, accounts a WHERE a.id = t.account_id",
            because="the kept rows are gone through once, as the outer side",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY, credit INTEGER); CREATE TABLE orders (account_id "
            "INTEGER, amount INTEGER)",
            plan="|--MATERIALIZE t\n|  `--SCAN orders\n|--SCAN t\n`--SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each kept result on the inner side of a join."""
        figures = plan_figures(subject)
        for join in figures.running(Operation.NESTED_LOOP) if figures else ():
            outer = join.children[0]
            rows = figures.rows_returned(outer) or figures.rows_read(outer) if figures else None
            for node in join.children[1:]:
                kept = any(child.operation is Operation.MATERIALIZE for child in node.children)
                if figures is None or node.operation is not Operation.CTE_SCAN or not kept or node.loops == 0:
                    continue
                if (rows is not None and rows.rows and rows.rows < 100) or not figures.weighs(node):
                    continue
                yield report(
                    self,
                    place_in_plan(node),
                    what=f"In this plan the kept rows of {node.alias} are gone through for each row of "
                    f"{outer.alias or outer.relation or 'the other side'}.",
                    why="A kept result has no index, and this join has no equality for SQLite to build one on.",
                    instead="Join it by an equality, or narrow it inside the WITH before it is kept.",
                    evidence=((rows.evidence,) if rows else ()) + (from_plan(node.label),),
                )
