"""The rule row-misestimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import PlanFigures, plan_figures
from backend_mentor.rules.report import from_plan, from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.plan import PlanNode
    from backend_mentor.domain.subject import Subject


# QuerySense calls a factor of 10 on 100 rows the mark of stale statistics; below, plans seldom turn.
_FACTOR = 10.0
_ROWS = 100
_JOINS = frozenset([Operation.NESTED_LOOP, Operation.HASH_JOIN, Operation.MERGE_JOIN])


class RowMisestimate:
    """The planner expected far more or far fewer rows than there are.

    It chose its joins, their order and its memory for the number that it expected. The error is named at the lowest
    step in which it appears, since all steps above inherit it. A step that a LIMIT ended early is not judged: it
    returned less than it could have. Nor is one that no join depends on.
    """

    name: ClassVar[str] = "row-misestimate"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.status = 'open' AND o.kind = 'x'",
            says="5 rows of orders were expected and 40,000 came, 8,000 times as many",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="orders", expected=5, rows=40000, milliseconds=30.0),
                    step(
                        "Index Scan",
                        table="accounts",
                        index="accounts_pkey",
                        rows=1,
                        loops=40000,
                        milliseconds=0.001,
                        said={"Index Cond": "(id = o.account_id)"},
                    ),
                    expected=5,
                    rows=40000,
                    milliseconds=90.0,
                ),
                execution=90.0,
            ),
        ),
        Passes(
            "SELECT * FROM orders ORDER BY id LIMIT 10",
            because="the scan was ended by the LIMIT: it had 200,000 rows to give and was asked for 10",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step("Index Scan", table="orders", index="orders_pkey", expected=200000, rows=10, milliseconds=0.1),
                    expected=10,
                    rows=10,
                    milliseconds=0.1,
                ),
                execution=0.2,
            ),
        ),
        Passes(
            "SELECT * FROM accounts WHERE lower(email) = 'a@example.net'",
            because="no join was planned by this estimate, so another one would change nothing",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="accounts",
                    expected=100,
                    rows=1,
                    milliseconds=9.0,
                    said={"Filter": "(lower(email) = 'a@example.net'::text)", "Rows Removed by Filter": 19999},
                ),
                execution=9.1,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7",
            because="1 expected and 40 found is a large factor of a small number: no other plan would have been better",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Scan",
                    table="orders",
                    index="orders_account",
                    expected=1,
                    rows=40,
                    milliseconds=0.2,
                    said={"Index Cond": "(account_id = 7)"},
                ),
                execution=0.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the lowest nodes whose estimate is off by a factor of ten or more."""
        figures = plan_figures(subject)
        for node in _lowest(figures) if figures else ():
            if figures is None or not _steers_a_join(figures, node) or "SubPlan" in (node.filter or ""):
                continue
            if not figures.weighs_with_children(node) or figures.may_stop_early(node):
                continue
            expected, actual, factor = node.estimated_rows or 0, node.actual_rows or 0, node.estimate_factor or 1
            more = actual > expected
            of = f" of {node.relation}" if node.relation else f" of the step {node.label}"
            yield report(
                self,
                place_in_plan(node),
                what=f"{count(expected)}{of} were expected and {actual:,.0f} came, "
                + (f"{factor:,.0f} times as many." if more else f"one in {factor:,.0f}."),
                why="The joins above, their order and their memory were chosen for "
                + ("a small number that turned out large." if more else "a large number that turned out small."),
                instead=f"Run ANALYZE{' ' + node.relation if node.relation else ''}"
                + _statistics_advice(subject, node),
                evidence=(
                    from_plan(f"{count(expected)} expected"),
                    from_run(f"{count(actual)} in each of {count(node.loops or 1, 'pass')}"),
                ),
            )


def _lowest(figures: PlanFigures) -> list[PlanNode]:
    """Return the nodes with a wrong estimate that have none below them."""
    off = [node for node in figures.running() if _is_off(node)]
    above: set[int] = set()
    for node in off:
        for parent in figures.above(node):
            if parent.number in above:
                break
            above.add(parent.number)
    return [node for node in off if node.number not in above]


def _steers_a_join(figures: PlanFigures, node: PlanNode) -> bool:
    """Return whether a join was planned by this estimate; without one, a wrong figure changes no plan."""
    return any(each.operation in _JOINS for each in (node, *figures.above(node)))


def _is_off(node: PlanNode) -> bool:
    off = (node.estimate_factor or 1.0) >= _FACTOR and node.loops != 0
    return off and max(node.estimated_rows or 0, node.actual_rows or 0) >= _ROWS


def _statistics_advice(subject: Subject, node: PlanNode) -> str:
    columns = dict.fromkeys(each.name for part in conditions_on(subject, node) for each in part.find_all(exp.Column))
    if len(columns) < 2 or not node.relation:
        return "; if it stays off, raise the column's statistics target."
    return f"; if it stays off, CREATE STATISTICS ON {', '.join(columns)} FROM {node.relation}."
