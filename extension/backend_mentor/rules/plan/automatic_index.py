"""The rule automatic-index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, from_statistics, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class AutomaticIndex:
    """SQLite builds an index for this one statement and throws it away.

    It found the join or filter worth an index that does not exist, so it reads the whole table, sorts it into a
    temporary index, uses it and forgets it. The next run pays again.
    """

    name: ClassVar[str] = "automatic-index"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM accounts a JOIN orders o ON o.account_id = a.id",
            says="an index on o (account_id) is built for this statement alone",
            plan="SCAN a\nSEARCH o USING AUTOMATIC COVERING INDEX (account_id=?)",
        ),
        Passes(
            "SELECT * FROM accounts a JOIN orders o ON o.account_id = a.id",
            because="the index exists",
            plan="SCAN a\nSEARCH o USING INDEX orders_account (account_id=?)",
        ),
        Passes(
            "WITH t AS (SELECT account_id, count(*) AS n FROM orders GROUP BY 1) SELECT * FROM accounts a JOIN t ON "
            "t.account_id = a.id",
            because="a derived table can have no other index than an automatic one",
            plan="|--MATERIALIZE t\n|  `--SCAN orders\n|--SCAN a\n`--SEARCH t USING AUTOMATIC COVERING INDEX "
            "(account_id=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each automatic index over a real table."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SEARCH) if figures else ():
            if not node.automatic or node.relation is None or figures is None:
                continue
            table = subject.schema.table(node.relation)
            columns = ", ".join(re.findall(r"(\w+)[=<>]", node.index_condition or ""))
            name = node.alias or node.relation
            evidence = [from_plan(node.label)]
            if table is not None and table.rows is not None:
                evidence.append(from_statistics(f"{table.name} has {count(table.rows)}"))
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan an index on {name} ({columns}) is built for this statement alone.",
                why=f"{count(table.rows) if table and table.rows else 'All rows'} are read and sorted into it, each "
                "time that the statement runs.",
                instead=f"CREATE INDEX ON {table.name if table else node.relation} ({columns}), once and for "
                "all.".replace(
                    "INDEX ON", f"INDEX {(table.name if table else node.relation)}_{columns.replace(', ', '_')} ON"
                ),
                evidence=tuple(evidence),
            )
