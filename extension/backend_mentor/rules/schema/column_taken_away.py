"""The rule column-taken-away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import alterations
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class ColumnTakenAway:
    """A column is dropped or renamed while programs still use it.

    Code that runs at that moment names the old column and fails. What was in a dropped column is gone.
    """

    name: ClassVar[str] = "column-taken-away"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("ALTER TABLE orders DROP COLUMN note", says="orders.note and all it holds is dropped"),
        Flags(
            "ALTER TABLE orders RENAME COLUMN note TO remark",
            says="orders.note is renamed under the programs that use it",
        ),
        Passes("ALTER TABLE orders ADD COLUMN remark TEXT", because="nothing that exists is taken away"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each column that an ALTER TABLE drops or renames."""
        tree = subject.statement.tree
        for action in alterations(tree, exp.Drop, exp.RenameColumn):
            renamed = isinstance(action, exp.RenameColumn)
            if not renamed and action.args.get("kind") != "COLUMN":
                continue
            columns = [action.this] if renamed else action.args.get("tables") or [action.this]
            for column in columns:
                name = f"{tree.this.name}.{column.name}"
                yield report(
                    self,
                    place_in_text(subject, column),
                    what=f"With this {name} is renamed under the programs that use it."
                    if renamed
                    else f"With this {name} and all it holds is dropped.",
                    why="Programs that run now name the old column, and fail until the last of them is replaced.",
                    instead="Release code that no longer needs the old name first; change the column with the "
                    "release after that.",
                    evidence=(from_text(excerpt(tree, subject.statement.dialect)),),
                )
