"""The rule index-discards-rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import conditions_on
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# Nine of ten fetched rows thrown away; pgplan's graver level is 95 %, its milder one 50 %.
_DROPPED_AT_LEAST = 0.9
_DROPPED_ROWS = 1_000


class IndexDiscardsRows:
    """An index finds rows that a second condition then throws away.

    The index narrows by its own columns only; every row that it finds is fetched from the table before the rest of
    the WHERE is checked. With the other column in the index too, those rows are never fetched.
    """

    name: ClassVar[str] = "index-discards-rows"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE account_id = 7 AND status = 'open'",
            says="the index orders_account finds 40,000 rows of orders, and 39,900 of them are thrown away",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Scan",
                    table="orders",
                    index="orders_account",
                    rows=100,
                    milliseconds=30.0,
                    said={
                        "Index Cond": "(account_id = 7)",
                        "Filter": "(status = 'open'::text)",
                        "Rows Removed by Filter": 39900,
                    },
                ),
                execution=30.1,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE account_id = 7 AND status = 'open'",
            because="the index finds 12 rows, and to check 12 rows costs nothing",
            engine="postgres",
            plan=plan_json(
                step(
                    "Index Scan",
                    table="orders",
                    index="orders_account",
                    rows=1,
                    milliseconds=0.1,
                    said={
                        "Index Cond": "(account_id = 7)",
                        "Filter": "(status = 'open'::text)",
                        "Rows Removed by Filter": 11,
                    },
                ),
                execution=0.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each search whose filter drops most of what the index found; only a run can tell."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SEARCH, Operation.BITMAP_SCAN) if figures else ():
            read = figures.rows_read(node) if figures else None
            kept = node.total_actual_rows
            if figures is None or read is None or kept is None or not figures.weighs(node):
                continue
            dropped = read.rows - kept
            if dropped < _DROPPED_ROWS or dropped < _DROPPED_AT_LEAST * read.rows:
                continue
            name = f"the index {node.index}" if node.index else "the key"
            conditions = [each for each in conditions_on(subject, node) if not _in_index(each, node)]
            shown = " and ".join(excerpt(each, subject.engine.name) for each in conditions) or "the rest of the WHERE"
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan {name} finds {count(read.rows)} of {node.relation}, and {dropped:,.0f} of them "
                "are thrown away.",
                why=f"Each of these rows is fetched from the table before {shown} is checked.",
                instead=f"Extend {name} by the columns of {shown}, those compared with = first.",
                evidence=(read.evidence, from_run(f"{node.relation}: {count(kept)} kept")),
            )


def _in_index(condition: exp.Expr, node: PlanNode) -> bool:
    names = {column.name.lower() for column in condition.find_all(exp.Column)}
    return bool(names) and all(
        re.search(rf"\b{re.escape(name)}\b", (node.index_condition or "").lower()) for name in names
    )
