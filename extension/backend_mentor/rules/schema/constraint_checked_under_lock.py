"""The rule constraint-checked-under-lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import alterations, is_worth_a_lock, known_rows
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class ConstraintCheckedUnderLock:
    """A new constraint is checked against all rows under lock.

    With NOT VALID it holds for new rows at once, and VALIDATE CONSTRAINT looks at the old ones beside the traffic.
    """

    name: ClassVar[str] = "constraint-checked-under-lock"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES accounts (id)",
            says="orders is locked while the FOREIGN KEY is checked",
            engine="postgres",
            schema="CREATE TABLE accounts (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, "
            "account_id int); INSERT INTO orders SELECT i FROM generate_series(1, 20000) AS i; ANALYZE orders",
        ),
        Passes(
            "ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES accounts (id) NOT "
            "VALID",
            because="the old rows are not looked at yet",
            engine="postgres",
            schema="CREATE TABLE accounts (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY, "
            "account_id int); INSERT INTO orders SELECT i FROM generate_series(1, 20000) AS i; ANALYZE orders",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each FOREIGN KEY or CHECK without NOT VALID on a table that is not small."""
        tree = subject.statement.tree
        if tree.args.get("not_valid"):
            return
        for action in alterations(tree, exp.AddConstraint):
            found = action.find(exp.ForeignKey, exp.CheckColumnConstraint)
            name = tree.this.name
            if found is None or not is_worth_a_lock(subject.schema, name):
                continue
            kind = "FOREIGN KEY" if isinstance(found, exp.ForeignKey) else "CHECK"
            rows = known_rows(subject.schema, name)
            yield report(
                self,
                place_in_text(subject, action),
                what=f"In production {name} is locked while the {kind} is "
                f"checked{f' on {count(rows)}' if rows else ''}.",
                why="Writes wait until the last row was looked at.",
                instead="Add it NOT VALID, then run VALIDATE CONSTRAINT in a transaction of its own.",
                evidence=(from_text(f"ADD {kind} without NOT VALID"),),
            )
