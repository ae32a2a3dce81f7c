"""The rule or-across-tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, resolve_columns
from backend_mentor.rules.conditions import query_conditions
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, code TEXT)"""


class OrAcrossTables:
    """An OR compares columns of two tables, so neither side can be narrowed before the join.

    An index on either column is of no use alone: a row that fails one branch can still pass by the other. All pairs
    have to be made first.
    """

    name: ClassVar[str] = "or-across-tables"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE a.name = 'Ann' OR o.code = 'X1'",
            says="this OR has a branch on a and one on o",
            schema=_TABLES,
        ),
        Passes(
            "SELECT o.id FROM orders o WHERE o.code = 'X1' OR o.account_id = 7",
            because="both branches are of one table, and each can have its index",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each OR of a WHERE with branches on different tables."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            for condition in query_conditions(query):
                if not isinstance(condition, exp.Or):
                    continue
                names = [_lone_source(branch, resolution) for branch in condition.flatten()]
                if None in names or len(set(names)) < 2:
                    continue
                yield report(
                    self,
                    place_in_text(subject, condition),
                    what=f"In this WHERE this OR has a branch on "
                    f"{' and one on '.join(dict.fromkeys(str(name) for name in names))}.",
                    why="No branch alone decides, so the tables are joined in full before the OR is checked.",
                    instead="Write a UNION of two queries, one for each branch, each with its own index.",
                    evidence=(from_text(excerpt(condition, subject.statement.dialect)),),
                )


def _lone_source(branch: exp.Expr, resolution: Resolution) -> str | None:
    names = {column.source.name for column in resolution.columns_within(branch) if not column.correlated}
    return names.pop() if len(names) == 1 and resolution.resolves_all(branch) and not branch.find(exp.Query) else None
