"""The rule type-change-rewrites-table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.definitions import alterations, is_worth_a_lock
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class TypeChangeRewritesTable:
    """A change of type rewrites the whole table under lock.

    Nobody reads or writes until every row and every index is written anew. Only a few changes, such as varchar to
    text, are done in the catalogue alone.
    """

    name: ClassVar[str] = "type-change-rewrites-table"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
            says="orders is rewritten to make id bigint",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT i FROM generate_series(1, "
            "20000) AS i; ANALYZE orders",
        ),
        Passes(
            "ALTER TABLE orders ALTER COLUMN status TYPE text",
            because="varchar to text changes the catalogue alone",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, status varchar(20)); INSERT INTO orders SELECT i FROM "
            "generate_series(1, 20000) AS i; ANALYZE orders",
        ),
        Passes(
            "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
            because="three rows are rewritten at once",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1), (2), (3); ANALYZE orders",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each change of type on a table that is not small."""
        tree = subject.statement.tree
        for action in alterations(tree, exp.AlterColumn):
            target = action.args.get("dtype")
            table = subject.schema.table(tree.this.name)
            column = table.column(action.this.name) if table is not None else None
            if (
                not isinstance(target, exp.DataType)
                or table is None
                or column is None
                or not is_worth_a_lock(subject.schema, table.name)
            ):
                continue
            if (
                column.type.lower().startswith(("character varying", "text"))
                and target.is_type("text", "varchar")
                and not target.expressions
            ):
                continue
            yield report(
                self,
                place_in_text(subject, action),
                what=f"In production {table.name} is rewritten to make {column.name} "
                f"{target.sql('postgres').lower()}{f', {count(table.rows)}' if table.rows else ''}.",
                why=f"{column.type} and {target.sql('postgres').lower()} are stored differently; the table is "
                "locked against reads and writes meanwhile.",
                instead="Add a column of the new type, fill it in batches, and swap the names in a short transaction.",
                evidence=(from_catalogue(f"{table.name}.{column.name} is {column.type}"),),
            )
