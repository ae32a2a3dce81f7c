"""The rule join-filter-discards-rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# pgplan's first level is 10,000 rows; a hundred thousand is where the loss is seen on the clock.
_DROPPED_ROWS = 100_000


class JoinFilterDiscardsRows:
    """A join makes pairs of rows and throws nearly all of them away.

    The condition that decides is no equality that a hash or an index could serve, so every pair is made and tested.
    """

    name: ClassVar[str] = "join-filter-discards-rows"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM prices p JOIN periods q ON p.at BETWEEN q.starts AND q.ends",
            says="the join made 2,001,000 pairs to keep 1,000",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="prices", expected=2001, rows=2001, milliseconds=1.0),
                    step(
                        "Materialize",
                        step("Seq Scan", table="periods", expected=1000, rows=1000, milliseconds=1.0),
                        expected=1000,
                        rows=1000,
                        loops=2001,
                        milliseconds=0.1,
                    ),
                    expected=1000,
                    rows=1000,
                    milliseconds=900.0,
                    said={
                        "Join Filter": "((p.at >= q.starts) AND (p.at <= q.ends))",
                        "Rows Removed by Join Filter": 2000000,
                    },
                ),
                execution=901.0,
            ),
        ),
        Passes(
            "SELECT * FROM accounts a JOIN orders o ON o.account_id = a.id AND o.amount > a.least",
            because="one pair in five is dropped: the equality does the work and the filter is a detail",
            engine="postgres",
            plan=plan_json(
                step(
                    "Hash Join",
                    step("Seq Scan", table="orders", expected=200000, rows=200000, milliseconds=20.0),
                    step(
                        "Hash",
                        step("Seq Scan", table="accounts", expected=1000, rows=1000, milliseconds=1.0),
                        expected=1000,
                        rows=1000,
                    ),
                    expected=160000,
                    rows=160000,
                    milliseconds=90.0,
                    said={
                        "Hash Cond": "(o.account_id = a.id)",
                        "Join Filter": "(o.amount > a.least)",
                        "Rows Removed by Join Filter": 40000,
                    },
                ),
                execution=91.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each join whose filter drops nine pairs of ten."""
        figures = plan_figures(subject)
        for node in (
            figures.running(Operation.NESTED_LOOP, Operation.HASH_JOIN, Operation.MERGE_JOIN) if figures else ()
        ):
            removed = node.detail("Rows Removed by Join Filter")
            kept = node.total_actual_rows
            if figures is None or not isinstance(removed, (int, float)) or kept is None or not figures.weighs(node):
                continue
            dropped = removed * (node.loops or 1)
            if dropped < _DROPPED_ROWS or dropped < 9 * kept:
                continue
            condition = str(node.detail("Join Filter") or node.join_condition or "its filter")
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan the join made {count(dropped + kept, 'pair')} to keep {kept:,.0f}.",
                why=f"{condition} is checked on each pair; no hash and no index can decide it.",
                instead="Add an equality that both sides share, such as a day or a key, or index the inner side for "
                "the range.",
                evidence=(from_run(f"Rows Removed by Join Filter: {dropped:,.0f}"),),
            )
