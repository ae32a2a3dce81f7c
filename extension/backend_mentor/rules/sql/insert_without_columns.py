"""The rule insert-without-columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class InsertWithoutColumns:
    """An INSERT does not name its columns.

    Values go by position, so a column that is added or moved puts them into the wrong place, or breaks the statement.
    """

    name: ClassVar[str] = "insert-without-columns"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("INSERT INTO orders VALUES (1, 'open')", says="the values for orders go by position"),
        Passes("INSERT INTO orders (id, status) VALUES (1, 'open')", because="the columns are named"),
        Passes("INSERT INTO orders DEFAULT VALUES", because="there are no values to misplace"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each INSERT without a list of columns."""
        for node in subject.statement.tree.find_all(exp.Insert):
            if not isinstance(node.this, exp.Table) or node.expression is None or node.args.get("default"):
                continue
            table = subject.schema.table(node.this.name)
            names = f" ({', '.join(column.name for column in table.columns)})" if table is not None else " (…)"
            yield report(
                self,
                place_in_text(subject, node.this),
                what=f"In this INSERT the values for {node.this.name} go by position.",
                why="A column that is added or moved shifts them.",
                instead=f"Write INSERT INTO {node.this.name}{names}.",
                evidence=(from_text(f"INSERT INTO {node.this.name} without columns"),),
            )
