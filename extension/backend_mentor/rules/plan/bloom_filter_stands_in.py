"""The rule bloom-filter-stands-in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.conditions import is_led
from backend_mentor.rules.figures import plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.subject import Subject


class BloomFilterStandsIn:
    """SQLite builds a Bloom filter for a join, to skip look-ups that would find nothing.

    It does so where many rows of one side have no partner. Together with an automatic index it is a sign that the
    join column has no index of its own.
    """

    name: ClassVar[str] = "bloom-filter-stands-in"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("sqlite",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders o JOIN accounts a ON a.name = o.name",
            says="a Bloom filter over a is built",
            plan="|--SCAN o\n|--BLOOM FILTER ON a (name=?)\n`--SEARCH a USING AUTOMATIC COVERING INDEX (name=?)",
        ),
        Passes(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id",
            because="the key answers at once",
            plan="|--SCAN o\n`--SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        Passes(
            "SELECT * FROM orders o JOIN accounts a ON a.id = o.account_id WHERE a.name = 'Ada'",
            because="id is the key of accounts: there is no index to give it",
            schema="CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE orders (account_id INT)",
            plan="|--SCAN o\n|--BLOOM FILTER ON a (id=?)\n`--SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each Bloom filter."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.BLOOM_FILTER) if figures else ():
            found = re.match(r"BLOOM FILTER ON (\S+)(?: \((.*)\))?", node.label)
            if not found:
                continue
            names = re.findall(r"(\w+)[=<>]", found[2] or "")
            columns = ", ".join(names)
            table = _table_of(found[1], subject)
            if table is not None and names and is_led(table, names[0]):
                continue
            yield report(
                self,
                place_in_plan(node),
                what=f"In this plan a Bloom filter over {found[1]} is built{f' for {columns}' if columns else ''}.",
                why="It is made anew by a scan each time that the statement runs.",
                instead=f"Where the statement runs often, give {found[1]} an index on {columns or 'the join column'}.",
                evidence=(from_plan(node.label),),
            )


def _table_of(name: str, subject: Subject) -> Table | None:
    sources = resolve_columns(subject.statement, subject.schema).all_sources()
    tables = [source.table for source in sources if source.name.lower() == name.lower()]
    return tables[0] if len(tables) == 1 else None
