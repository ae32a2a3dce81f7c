"""The rule correlated-subquery-runs-often."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.selectivity import kept_at_most
from backend_mentor.rules.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.plan import PlanNode
    from backend_mentor.domain.subject import Subject


# pgplan begins at 1,000 runs, Query Sense at 100; a look-up by index takes about ten microseconds.
_RUNS = 1_000


class CorrelatedSubqueryRunsOften:
    """A subquery is run anew for each row around it.

    The planner could not turn it into a join, so its work is multiplied by the number of rows. One pass that groups
    or joins does all of it at once. A hashed subplan runs once and is fine.
    """

    name: ClassVar[str] = "correlated-subquery-runs-often"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT a.id, (SELECT count(*) FROM orders o WHERE o.account_id = a.id) FROM accounts a",
            says="a subquery on orders runs 20,000 times",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    step(
                        "Aggregate",
                        step(
                            "Seq Scan",
                            table="orders",
                            rows=10,
                            loops=20000,
                            milliseconds=0.04,
                            said={"Filter": "(account_id = a.id)", "Rows Removed by Filter": 500},
                        ),
                        rows=1,
                        loops=20000,
                        milliseconds=0.05,
                        said={"Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1"},
                    ),
                    table="accounts",
                    expected=20000,
                    rows=20000,
                    milliseconds=1020.0,
                ),
                execution=1021.0,
            ),
        ),
        Flags(
            "SELECT a.id, (SELECT count(*) FROM orders o WHERE o.account_id = a.id) FROM accounts a",
            says="a subquery on o runs once for each of 2,000 rows of a",
            schema="""CREATE TABLE accounts (id INTEGER PRIMARY KEY);
                CREATE TABLE orders (account_id INTEGER);
                INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            SELECT i FROM n""",
            plan="|--SCAN accounts AS a\n`--CORRELATED SCALAR SUBQUERY 1\n   `--SCAN orders AS o",
        ),
        Flags(
            "SELECT a.id, (SELECT count(*) FROM orders o WHERE o.account_id = a.id) FROM accounts a WHERE a.name > 'K'",
            says="a subquery on o runs once for each of up to 2,000 rows of a",
            schema="""CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
                CREATE TABLE orders (account_id INTEGER);
                INSERT INTO accounts (id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <
            2000) SELECT i FROM n""",
            plan="|--SCAN accounts AS a\n`--CORRELATED SCALAR SUBQUERY 1\n   `--SCAN orders AS o",
        ),
        Passes(
            "SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account_id FROM orders)",
            because="a hashed subplan is run once and then looked up in memory",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    step(
                        "Seq Scan",
                        table="orders",
                        expected=200000,
                        rows=200000,
                        milliseconds=30.0,
                        said={"Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1"},
                    ),
                    table="accounts",
                    expected=10000,
                    rows=5,
                    milliseconds=90.0,
                    said={"Filter": "(NOT (ANY (id = (hashed SubPlan 1).col1)))", "Rows Removed by Filter": 19995},
                ),
                execution=91.0,
            ),
        ),
        Passes(
            "SELECT a.id, (SELECT max(id) FROM orders o WHERE o.account_id = a.id) FROM accounts a WHERE a.id < 30",
            because="29 look-ups by an index are done in no time",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Scan",
                    step(
                        "Index Scan",
                        table="orders",
                        index="orders_account",
                        rows=1,
                        loops=29,
                        milliseconds=0.005,
                        said={
                            "Index Cond": "(account_id = a.id)",
                            "Parent Relationship": "SubPlan",
                            "Subplan Name": "SubPlan 1",
                        },
                    ),
                    table="accounts",
                    index="accounts_pkey",
                    expected=29,
                    rows=29,
                    milliseconds=0.2,
                    said={"Index Cond": "(id < 30)"},
                ),
                execution=0.3,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each subquery that runs a thousand times or more."""
        figures = plan_figures(subject)
        for node in figures.running() if figures else ():
            parent = figures.parents[node.number] if figures else None
            if figures is None or not node.correlated or parent is None or not figures.weighs_with_children(node):
                continue
            if f"hashed {node.role}" in f"{parent.filter} {parent.details}":
                continue
            loops = node.loops if node.loops is not None else _loops_within(node)
            around = None if loops is not None else figures.rows_returned(parent) or figures.rows_read(parent)
            limited = () if loops is not None or around is None else _limiting(subject, parent)
            runs = loops if loops is not None else around.rows if around else None
            runs = _kept(subject, parent, limited) if limited else runs
            if runs is None or runs < _RUNS:
                continue
            tables = listed(
                dict.fromkeys(each.alias or each.relation or "" for each in node.walk() if each.relation)
                or ["no table"]
            )
            name = parent.alias or parent.relation or "the query around it"
            times = (
                f"{runs:,.0f} times"
                if loops is not None
                else f"once for each of {'up to ' if limited else ''}{count(runs)} of {name}"
            )
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan a subquery on {tables} runs {times}.",
                why=f"It refers to {name}, so the planner repeats it for each row instead of joining once.",
                instead="Join a derived table that groups by the linking column, or ask for an EXISTS with "
                "IN (SELECT …), which runs once.",
                evidence=(
                    (from_run(f"{runs:,.0f} runs"),) if loops is not None else (around.evidence,) if around else ()
                ),
            )


def _loops_within(node: PlanNode) -> float | None:
    return next((each.loops for each in node.walk() if each.loops is not None), None)


def _limiting(subject: Subject, node: PlanNode) -> tuple[exp.Expr, ...]:
    """Return what keeps rows from the subquery, where the plan gives no number of those that are left."""
    return conditions_on(subject, node) if node.actual_rows is None and node.estimated_rows is None else ()


def _kept(subject: Subject, node: PlanNode, conditions: tuple[exp.Expr, ...]) -> float | None:
    table = subject.schema.table(node.relation or "")
    return kept_at_most(conditions, table) if table is not None else None
