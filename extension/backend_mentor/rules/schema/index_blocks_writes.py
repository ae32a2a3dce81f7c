"""The rule index-blocks-writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import is_worth_a_lock, known_rows
from backend_mentor.rules.report import from_catalogue, from_statistics, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class IndexBlocksWrites:
    """CREATE INDEX keeps every write out of the table until it is built.

    CONCURRENTLY builds it beside the traffic. It takes about twice as long and can not run inside a transaction.
    """

    name: ClassVar[str] = "index-blocks-writes"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE INDEX orders_status ON orders (status)",
            says="orders takes no write while orders_status is built",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status text); INSERT INTO orders SELECT i, 'open' FROM "
            "generate_series(1, 20000) AS i; ANALYZE orders",
        ),
        Passes(
            "CREATE INDEX CONCURRENTLY orders_status ON orders (status)",
            because="it is built beside the traffic",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status text)",
        ),
        Passes(
            "CREATE INDEX orders_status ON orders (status)",
            because="the table is new: nobody writes to it yet",
            engine="postgres",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield a plain CREATE INDEX on a table that is there and not small."""
        tree = subject.statement.tree
        if not isinstance(tree, exp.Create) or not isinstance(tree.this, exp.Index) or tree.args.get("concurrently"):
            return
        target = tree.this.args.get("table")
        if target is None or not is_worth_a_lock(subject.schema, target.name):
            return
        rows = known_rows(subject.schema, target.name)
        yield report(
            self,
            place_in_text(subject, tree.this),
            what=f"In production {target.name} takes no write while {tree.this.name} is built.",
            why=f"CREATE INDEX holds a SHARE lock{f' until {count(rows)} are sorted' if rows else ''}.",
            instead="Write CREATE INDEX CONCURRENTLY, outside a transaction, and drop an index that it leaves INVALID.",
            evidence=(from_statistics(f"{target.name} has {count(rows)}"),)
            if rows
            else (from_catalogue(f"{target.name} exists"),),
        )
