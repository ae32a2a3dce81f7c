"""The rule list-in-column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import defined_columns
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_LIST = re.compile(r"(_ids|_list|^tags|_tags|^roles|^emails|^categories)$", re.IGNORECASE)


class ListInColumn:
    """A column is named for many values and holds one text.

    A list in a text has no foreign key and no index: each question about one of its values reads every row and takes
    the text apart.
    """

    name: ClassVar[str] = "list-in-column"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product_ids TEXT)",
            says="orders.product_ids is named for many values and is TEXT",
        ),
        Passes(
            "CREATE TABLE orders (id int PRIMARY KEY, product_ids int[])",
            because="an array keeps its values apart and can have a GIN index",
            engine="postgres",
        ),
        Passes("CREATE TABLE orders (id INTEGER PRIMARY KEY, product_id INTEGER)", because="that is one value"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each text column with the name of a list."""
        for column in defined_columns(subject.statement.tree):
            if (
                column.type is None
                or not column.type.is_type("text", "varchar", "char")
                or not _LIST.search(column.name)
            ):
                continue
            shown = excerpt(column.type, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, column.node),
                what=f"The column {column.table}.{column.name} is named for many values and is {shown}.",
                why="No index and no foreign key reaches into a text.",
                instead=f"Make a table with one row for each pair of {column.table} and value.",
                evidence=(from_text(f"{column.name} {shown}"),),
            )
