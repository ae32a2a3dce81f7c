"""The rule statistics-are-missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import READS_TABLE, plan_figures
from backend_mentor.rules.report import from_statistics, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# A planner without figures assumes a fixed size; on a small table any plan will do.
_ROWS = 1_000
# Autovacuum analyses a table when a tenth of it has changed; at twice that, its statistics are out of date.
_SHARE_CHANGED = 0.2


class StatisticsAreMissing:
    """The planner has no statistics of a table, or outdated ones.

    Without ANALYZE it knows neither how many rows there are nor how many values a column has, so it guesses which
    index to use and in what order to join.
    """

    name: ClassVar[str] = "statistics-are-missing"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.status = 'open'",
            says="no statistics of orders",
            schema="""CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
                CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, status TEXT);
                CREATE INDEX orders_status ON orders (status);
                CREATE INDEX orders_account ON orders (account_id);
                INSERT INTO orders (status) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i
            < 2000) SELECT 'open' FROM n""",
            plan="SEARCH orders AS o USING INDEX orders_status (status=?)\nSEARCH accounts AS a USING INTEGER "
            "PRIMARY KEY (rowid=?)",
        ),
        Passes(
            "SELECT * FROM orders WHERE status = 'open'",
            because="ANALYZE has been run",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT);
                CREATE INDEX orders_status ON orders (status);
                INSERT INTO orders (status) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i
            < 2000) SELECT 'open' FROM n;
                ANALYZE""",
            plan="SEARCH orders USING INDEX orders_status (status=?)",
        ),
        Passes(
            "SELECT * FROM notes WHERE id = 1",
            because="a look-up by the primary key needs no statistics, and there is no other way to choose",
            schema="""CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
                INSERT INTO notes (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <
            2000) SELECT 'x' FROM n""",
            plan="SEARCH notes USING INTEGER PRIMARY KEY (rowid=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each large table of the plan that was never analysed, or has changed much since."""
        figures = plan_figures(subject)
        seen: set[str] = set()
        for node in figures.running(*READS_TABLE) if figures else ():
            table = subject.schema.table(node.relation) if node.relation else None
            if (
                table is None
                or table.name in seen
                or (table.rows or 0) < _ROWS
                or all(index.primary for index in table.indexes)
            ):
                continue
            seen.add(table.name)
            changed = table.modified_since_analyze or 0
            if table.analyzed is False:
                what, fact = (
                    f"The planner has no statistics of {table.name}, {count(table.rows or 0)}.",
                    f"{table.name} was never analysed",
                )
            elif changed > _SHARE_CHANGED * (table.rows or 0):
                what = f"Since {table.name} was analysed, {count(changed)} of {table.rows:,} have changed."
                fact = f"{count(changed, 'change')} since the last ANALYZE"
            else:
                continue
            yield report(
                self,
                place_in_plan(node),
                what=what,
                why="It guesses how many rows each condition keeps, and by that the index and the order of the joins.",
                instead=f"Run ANALYZE {table.name}, and keep it current.",
                evidence=(from_statistics(fact),),
            )
