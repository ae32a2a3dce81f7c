"""Index what a function makes of a column, where the query compares that."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.errors import StatementSyntaxError
from backend_mentor.domain.schema import IndexColumn
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.indexes.access import Reach, accesses
from backend_mentor.proposals.indexes.keys import is_found_already, is_large
from backend_mentor.proposals.indexes.offer import offer, rows_of
from backend_mentor.proposals.indexes.sample import TABLES
from backend_mentor.reading.dialects import DIALECTS
from backend_mentor.reading.sql import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Table
    from backend_mentor.domain.subject import Fact, Subject

# Immutable on both engines, and no rewrite frees the column: 'a' and 'A' are different values of one lower().
_FUNCTIONS = (exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Abs)


class ExpressionIndex:
    """An index on `lower(email)` and its like, where a query compares the function's result with a known value.

    Only for functions that always give the same result for the same value (an index could not hold others), and only
    where no rewrite leaves the column bare. The query must write the expression as the index does.
    """

    name: ClassVar[str] = "expression-index"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("full-scan-discards-rows", "function-on-column")
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT id FROM customers WHERE lower(email) = 'ada@example.com'",
            "CREATE INDEX customers_lower_email_idx ON customers ((lower(email)))",
            TABLES,
        ),
        Becomes(
            "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE UPPER(TRIM(c.city)) = 'ROME'",
            "CREATE INDEX customers_upper_trim_city_idx ON customers ((upper(trim(city))))",
            TABLES,
            "postgres",
        ),
        Refuses(
            "SELECT id FROM customers WHERE lower(email) = 'ada@example.com'",
            "such an index is there already",
            TABLES + "CREATE INDEX mine ON customers (lower(email))",
        ),
        Refuses(
            "SELECT id FROM orders WHERE date(placed_at) = '2026-03-02'",
            "a range of one day compares the column itself",
            TABLES,
        ),
        Refuses("SELECT id FROM customers WHERE lower(email) <> 'x'", "almost all rows differ from one value", TABLES),
        Refuses("SELECT id FROM customers WHERE lower(email) = city", "both sides come from the same row", TABLES),
        Refuses("SELECT lower(email) FROM customers", "nothing is looked up by it", TABLES),
        Refuses(
            "SELECT id FROM customers WHERE id = 7 AND lower(email) = 'x'", "the primary key finds the row", TABLES
        ),
    )

    def wants(self, subject: Subject) -> Iterator[Fact]:
        """Yield nothing: an index changes no rows."""
        return iter(())

    def propose(self, subject: Subject) -> Iterator[Proposal]:
        """Yield an index on the expression that is compared."""
        dialect = subject.statement.dialect
        for access in accesses(subject):
            table = access.table
            for condition in access.conditions:
                if (
                    condition.column is not None
                    or condition.reach is not Reach.EQUAL
                    or not _is_indexable(condition.key)
                ):
                    continue
                expression = _written(condition.key, dialect)
                if not is_large(access) or is_found_already(access) or _is_there(table, condition.key, dialect):
                    continue
                yield offer(
                    self.name,
                    subject,
                    table,
                    [IndexColumn(expression, expression=True)],
                    title=f"Index {table.name} by {expression}",
                    reason=f"{expression} is computed for every row of {rows_of(table)}, and an index on the bare "
                    "column does not know its results. This one holds them.",
                    answers=self.answers,
                    not_if="queries write the expression in another way: only the same one finds the index",
                )


def _is_indexable(node: exp.Expr) -> bool:
    """Return whether the expression is a chain of those functions around one column."""
    while isinstance(node, _FUNCTIONS):
        if any(value is not None for name, value in node.args.items() if name != "this" and value):
            return False
        node = node.this
        if isinstance(node, exp.Column):
            return True
    return False


def _written(node: exp.Expr, dialect: str) -> str:
    copy = node.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
    return copy.sql(DIALECTS[dialect], normalize_functions="lower")


def _is_there(table: Table, node: exp.Expr, dialect: str) -> bool:
    wanted = _bare(node, dialect)
    for index in table.indexes:
        first = index.columns[0] if index.columns else None
        if first is not None and first.expression and index.valid and index.where is None:
            try:
                tree = parse(f"SELECT {first.name}", dialect).expressions[0]
            except StatementSyntaxError:
                continue
            if _bare(tree, dialect) == wanted:
                return True
    return False


def _bare(node: exp.Expr, dialect: str) -> str:
    """Return the expression without what PostgreSQL adds when it gives it back: casts, parentheses."""
    bare = node.copy().transform(lambda each: each.this if isinstance(each, (exp.Cast, exp.Paren)) else each)
    return _written(bare, dialect).lower().replace('"', "")
