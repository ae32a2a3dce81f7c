"""The rule window-without-order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class WindowWithoutOrder:
    """A window function depends on an order that is not given.

    row_number(), rank(), lag() and their like number or compare rows in turn. Without ORDER BY in the window the turn
    is the engine's choice.
    """

    name: ClassVar[str] = "window-without-order"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT id, row_number() OVER (PARTITION BY account_id) AS n FROM orders",
            says="row_number() has no ORDER BY",
        ),
        Passes(
            "SELECT id, row_number() OVER (PARTITION BY account_id ORDER BY id) AS n FROM orders",
            because="the order is given",
        ),
        Passes(
            "SELECT id, sum(amount) OVER (PARTITION BY account_id) AS total FROM orders",
            because="a sum is the same in any order",
        ),
        Passes(
            "SELECT id, row_number() OVER () AS n FROM orders", because="a bare number for each row asks for no order"
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each ranking or offset function over an unordered, partitioned window."""
        ranked = (
            exp.RowNumber,
            exp.Rank,
            exp.DenseRank,
            exp.Lag,
            exp.Lead,
            exp.FirstValue,
            exp.LastValue,
            exp.NthValue,
            exp.Ntile,
        )
        for window in subject.statement.tree.find_all(exp.Window):
            if not isinstance(window.this, ranked) or window.args.get("order") is not None or window.args.get("alias"):
                continue
            if isinstance(window.this, exp.RowNumber) and not window.args.get("partition_by"):
                continue
            shown = excerpt(window.this, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, window),
                what=f"In this window {shown} has no ORDER BY.",
                why="Which row comes first is the engine's choice, and it changes with the plan.",
                instead="Add ORDER BY with a unique last column to the window.",
                evidence=(from_text(excerpt(window, subject.statement.dialect)),),
            )
