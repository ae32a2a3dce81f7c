"""The rule scan-inside-join."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_PASSES = 10
# A hundred thousand rows checked in vain take about ten milliseconds on either engine.
_ROWS_IN_ALL = 100_000


class ScanInsideJoin:
    """A whole table is read again for each row of the other side of a join.

    Without an index on the join column, every pass of the nested loop reads the inner table from end to end.
    """

    name: ClassVar[str] = "scan-inside-join"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM accounts a JOIN notes n ON n.account_id = a.id",
            says="notes is read whole 800 times, 8,000,000 rows in all",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="accounts", expected=800, rows=800, milliseconds=1.0),
                    step(
                        "Seq Scan",
                        table="notes",
                        expected=1,
                        rows=1,
                        loops=800,
                        milliseconds=1.2,
                        said={"Filter": "(account_id = a.id)", "Rows Removed by Filter": 9999},
                    ),
                    expected=800,
                    rows=800,
                    milliseconds=970.0,
                ),
                execution=971.0,
            ),
        ),
        Flags(
            "SELECT * FROM accounts a CROSS JOIN notes n WHERE n.account_id = a.id",
            says="notes is read whole once for each row of accounts",
            schema="""CREATE TABLE accounts (id INTEGER PRIMARY KEY);
                CREATE TABLE notes (account_id INTEGER, body TEXT);
                INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            SELECT i FROM n;
                INSERT INTO notes SELECT id, 'x' FROM accounts""",
            plan="SCAN accounts AS a\nSCAN notes AS n",
        ),
        Passes(
            "SELECT * FROM orders o JOIN currencies c ON c.code = o.currency",
            because="30 rows on one page are read at once, however often",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="orders", expected=100, rows=100, milliseconds=1.0),
                    step(
                        "Seq Scan",
                        table="currencies",
                        expected=1,
                        rows=1,
                        loops=100,
                        milliseconds=0.01,
                        said={"Filter": "(code = o.currency)", "Rows Removed by Filter": 29},
                    ),
                    expected=100,
                    rows=100,
                    milliseconds=2.0,
                ),
                execution=2.1,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each scan on the inner side of a nested loop that reads a hundred thousand rows in all."""
        figures = plan_figures(subject)
        for join in figures.running(Operation.NESTED_LOOP) if figures else ():
            for node in join.children[1:]:
                if figures is None or node.operation is not Operation.SCAN or not node.relation or node.loops == 0:
                    continue
                if not figures.weighs(node) or (node.loops is not None and node.loops < _PASSES):
                    continue
                read = figures.rows_read(node)
                outer = figures.rows_returned(join.children[0]) or figures.rows_read(join.children[0])
                if read is None:
                    continue
                total = read.rows if node.loops is not None else read.rows * (outer.rows if outer else 1)
                if total < _ROWS_IN_ALL:
                    continue
                times = (
                    f"{node.loops:,.0f} times, {count(total)} in all"
                    if node.loops is not None
                    else f"once for each row of {join.children[0].relation or 'the other side'}"
                )
                yield report(
                    self,
                    place_in_plan(node),
                    what=f"{node.relation} is read whole {times}.",
                    why=f"No index leads the join to its partners in {node.relation}.",
                    instead=f"Give the columns by which {node.relation} is joined an index; if no condition joins "
                    "it, add the one that is missing.",
                    evidence=(read.evidence, *((outer.evidence,) if outer else ())),
                )
