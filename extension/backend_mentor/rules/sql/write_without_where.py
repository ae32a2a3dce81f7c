"""The rule write-without-where."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_statistics, from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class WriteWithoutWhere:
    """An UPDATE or DELETE without WHERE changes every row.

    It is the slip that is most expensive to undo. Where all rows are meant, a comment says so.
    """

    name: ClassVar[str] = "write-without-where"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "DELETE FROM orders",
            says="all 3 rows of orders would be deleted",
            schema="CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (1, 'a'), "
            "(2, 'a'), (3, 'a')",
        ),
        Flags("UPDATE orders SET status = 'closed'", says="all rows of orders would be changed"),
        Passes("DELETE FROM orders WHERE id = 7", because="the WHERE names the row"),
        Passes(
            "UPDATE orders SET status = a.status FROM accounts a JOIN orders o ON o.account_id = a.id WHERE "
            "orders.id = o.id",
            because="it has a WHERE",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each UPDATE and DELETE without a WHERE."""
        for node in subject.statement.tree.find_all(exp.Update, exp.Delete):
            target = node.this
            if (
                node.args.get("where") is not None
                or node.args.get("limit") is not None
                or not isinstance(target, exp.Table)
            ):
                continue
            table = subject.schema.table(target.name)
            rows = f"all {count(table.rows)}" if table is not None and table.rows is not None else "all rows"
            done = "changed" if isinstance(node, exp.Update) else "deleted"
            evidence = (
                (from_statistics(f"{target.name} has {count(table.rows)}"),)
                if table is not None and table.rows is not None
                else ()
            )
            yield report(
                self,
                place_in_text(subject, target),
                what=f"Without a WHERE {rows} of {target.name} would be {done}.",
                why="There is no condition, and no way back after the commit.",
                instead="Add the WHERE that is meant; run it in a transaction and look at the number of rows first.",
                evidence=(
                    from_text(f"{'UPDATE' if done == 'changed' else 'DELETE FROM'} {target.name} without WHERE"),
                    *evidence,
                ),
            )
