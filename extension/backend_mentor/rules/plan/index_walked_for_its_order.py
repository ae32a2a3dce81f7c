"""The rule index-walked-for-its-order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class IndexWalkedForItsOrder:
    """A whole index is walked in its order, with a look-up in the table for each row.

    That saves the sort and pays one random page for each row. On a table that does not fit into memory the sort is
    the cheaper of the two.
    """

    name: ClassVar[str] = "index-walked-for-its-order"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders ORDER BY placed_at",
            says="all 20,000 rows of orders are looked up one by one in the order of orders_placed_at",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at TEXT);
                CREATE INDEX orders_placed_at ON orders (placed_at);
                INSERT INTO orders (placed_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE
            i < 20000) SELECT i FROM n""",
            plan="SCAN orders USING INDEX orders_placed_at",
        ),
        Passes(
            "SELECT * FROM orders ORDER BY placed_at LIMIT 10",
            because="a LIMIT ends the walk after ten rows, which is what such an index is for",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at TEXT);
                CREATE INDEX orders_placed_at ON orders (placed_at);
                INSERT INTO orders (placed_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE
            i < 20000) SELECT i FROM n""",
            plan="SCAN orders USING INDEX orders_placed_at",
        ),
        Passes(
            "SELECT placed_at FROM orders ORDER BY placed_at",
            because="a covering index needs no look-up",
            plan="SCAN orders USING COVERING INDEX orders_placed_at",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each walk of a whole non-covering index of a large table that no LIMIT ends."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.INDEX_SCAN) if figures else ():
            read = figures.rows_read(node) if figures else None
            if (
                figures is None
                or read is None
                or read.rows < SCAN_FLOOR_ROWS
                or node.covering is not False
                or not figures.weighs(node)
            ):
                continue
            if figures.is_limited(node):
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan all {count(read.rows)} of {node.relation} are looked up one by one in the order "
                f"of {node.index}.",
                why="Each step of the index jumps to another page of the table; a scan and a sort read the pages in "
                "sequence.",
                instead=f"Let an index hold all selected columns{_sort_instead(subject)}.",
                evidence=(read.evidence, from_plan(node.label)),
            )


def _sort_instead(subject: Subject) -> str:
    tree = subject.statement.tree
    clauses = [words for name, words in (("order", "ORDER BY"), ("group", "GROUP BY")) if tree.args.get(name)]
    return f", or measure it against a sort (write +column in the {clauses[0]})" if clauses else ""
