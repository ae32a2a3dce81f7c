"""The rule memoize-is-useless."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_run, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class MemoizeIsUseless:
    """A cache of look-ups hardly ever finds what it looks for.

    Memoize keeps results by their key in the hope that keys repeat. Where nearly every key is new, it costs memory
    and time and spares nothing: the planner was wrong about the number of distinct keys.
    """

    name: ClassVar[str] = "memoize-is-useless"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id",
            says="cache over accounts missed 98,000 of 100,000 look-ups",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="orders", expected=100000, rows=100000, milliseconds=10.0),
                    step(
                        "Memoize",
                        step(
                            "Index Scan",
                            table="accounts",
                            index="accounts_pkey",
                            rows=1,
                            loops=98000,
                            milliseconds=0.002,
                            said={"Index Cond": "(id = o.account_id)"},
                        ),
                        rows=1,
                        loops=100000,
                        milliseconds=0.003,
                        said={
                            "Cache Key": "o.account_id",
                            "Cache Hits": 2000,
                            "Cache Misses": 98000,
                            "Cache Evictions": 90000,
                        },
                    ),
                    expected=100000,
                    rows=100000,
                    milliseconds=400.0,
                ),
                execution=401.0,
            ),
        ),
        Passes(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id",
            because="nine look-ups of ten were found in the cache",
            engine="postgres",
            plan=plan_json(
                step(
                    "Nested Loop",
                    step("Seq Scan", table="orders", expected=100000, rows=100000, milliseconds=10.0),
                    step(
                        "Memoize",
                        step(
                            "Index Scan",
                            table="accounts",
                            index="accounts_pkey",
                            rows=1,
                            loops=10000,
                            milliseconds=0.002,
                            said={"Index Cond": "(id = o.account_id)"},
                        ),
                        rows=1,
                        loops=100000,
                        milliseconds=0.001,
                        said={
                            "Cache Key": "o.account_id",
                            "Cache Hits": 90000,
                            "Cache Misses": 10000,
                            "Cache Evictions": 0,
                        },
                    ),
                    expected=100000,
                    rows=100000,
                    milliseconds=150.0,
                ),
                execution=151.0,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each Memoize with nine misses of ten look-ups, from a thousand on."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.MEMOIZE) if figures else ():
            hits, misses = node.detail("Cache Hits"), node.detail("Cache Misses")
            if figures is None or not isinstance(hits, int) or not isinstance(misses, int) or hits + misses < 1_000:
                continue
            if misses < 0.9 * (hits + misses) or not figures.weighs_with_children(node):
                continue
            tables = listed(dict.fromkeys(each.relation for each in node.walk() if each.relation) or ["a subquery"])
            yield report(
                self,
                place_in_plan(node),
                what=f"The cache over {tables} missed {misses:,} of {hits + misses:,} look-ups.",
                why=f"The planner expected {node.detail('Cache Key')} to repeat, and it does not.",
                instead=f"Run ANALYZE; if it stays so, set n_distinct of {node.detail('Cache Key')} by ALTER TABLE "
                "… ALTER COLUMN … SET.",
                evidence=(
                    from_run(
                        f"Cache Hits: {hits:,}, Cache Misses: {misses:,}, Cache Evictions: "
                        f"{node.detail('Cache Evictions')}"
                    ),
                ),
            )
