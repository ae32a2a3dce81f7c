"""The rule function-on-column."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import resolve_columns
from backend_mentor.rules.conditions import COMPARISONS, access_name, is_constant, parse_condition, query_conditions
from backend_mentor.rules.report import from_catalogue, from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.schema import Column, Table
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE orders (id INTEGER PRIMARY KEY, placed_at TEXT, email TEXT, quantity INTEGER, note TEXT);
    CREATE INDEX orders_placed_at ON orders (placed_at);
    CREATE INDEX orders_email ON orders (lower(email));
    CREATE INDEX orders_quantity ON orders (quantity)"""
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)


class FunctionOnColumn:
    """A function or a sum around a column keeps its index from being used.

    The index is sorted by the column, not by what a function makes of it, so the engine computes the function for
    every row. Comparing the bare column with a range, or an index on the same expression, uses the order again.
    """

    name: ClassVar[str] = "function-on-column"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE date(placed_at) = '2026-03-02'",
            says="the index orders_placed_at can not be used for",
            schema=_TABLES,
        ),
        Flags("SELECT * FROM orders WHERE quantity + 1 > 100", says="the index orders_quantity", schema=_TABLES),
        Passes(
            "SELECT * FROM orders WHERE lower(email) = 'a@example.net'",
            because="there is an index on the very expression",
            schema=_TABLES,
        ),
        Passes(
            "SELECT * FROM orders WHERE upper(note) = 'X'",
            because="no index of note is there to be hidden",
            schema=_TABLES,
        ),
        Passes(
            "SELECT * FROM orders WHERE placed_at >= date('now')",
            because="the function stands on the other side and is computed once",
            schema=_TABLES,
        ),
        Flags(
            "SELECT * FROM orders WHERE placed_at::date = '2026-03-02'",
            says="the index orders_placed_at",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz); CREATE INDEX orders_placed_at "
            "ON orders (placed_at)",
        ),
        Passes(
            "SELECT * FROM orders WHERE email::text = 'a'",
            because="a varchar is binary-compatible with text: the cast changes nothing",
            engine="postgres",
            schema="CREATE TABLE orders (id int PRIMARY KEY, email varchar(80)); CREATE INDEX orders_email ON "
            "orders (email)",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each condition that compares an expression over an indexed column with a constant."""
        resolution = resolve_columns(subject.statement, subject.schema)
        dialect = subject.statement.dialect
        for query in subject.statement.tree.find_all(exp.Select, exp.Update, exp.Delete):
            for condition in query_conditions(query):
                wrapped = _wrapped(condition)
                columns = resolution.columns_within(wrapped) if wrapped is not None else ()
                if (
                    wrapped is None
                    or len(columns) != 1
                    or columns[0].correlated
                    or _changes_nothing(wrapped, columns[0].column)
                ):
                    continue
                hidden = access_name(columns[0].table, columns[0].column.name)
                if hidden is None or _is_indexed(wrapped, columns[0].table, dialect):
                    continue
                name = columns[0].column.name
                yield report(
                    self,
                    place_in_text(subject, condition),
                    what=f"In this condition {hidden} can not be used for {excerpt(wrapped, dialect)}.",
                    why=f"{hidden[0].upper() + hidden[1:]} is sorted by {name}; the expression is computed for "
                    f"every row of {columns[0].table.name}.",
                    instead=f"Compare {name} itself with a value or a range, or index {excerpt(wrapped, dialect)}.",
                    evidence=(from_catalogue(f"{hidden} begins with {name}"), from_text(excerpt(condition, dialect))),
                )


def _wrapped(condition: exp.Expr) -> exp.Expr | None:
    if isinstance(condition, (*COMPARISONS, exp.Like)) and not isinstance(condition, exp.NEQ):
        for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
            inner = side.unnest() if isinstance(side, exp.Paren) else side
            if (
                isinstance(inner, (exp.Func, exp.Cast, *_ARITHMETIC))
                and not isinstance(inner, exp.AggFunc)
                and is_constant(other)
            ):
                return inner if not inner.find(exp.Query, exp.Window) else None
    if isinstance(condition, (exp.In, exp.Between)) and isinstance(condition.this, (exp.Func, exp.Cast, *_ARITHMETIC)):
        return condition.this
    return None


def _changes_nothing(wrapped: exp.Expr, column: Column) -> bool:
    text = ("text", "character varying", "varchar")
    return (
        isinstance(wrapped, exp.Cast) and column.type.lower().startswith(text) and wrapped.to.is_type("text", "varchar")
    )


def _is_indexed(wrapped: exp.Expr, table: Table, dialect: str) -> bool:
    shown = _bare(wrapped, dialect)
    expressions = (key.name for index in table.indexes for key in index.columns if key.expression)
    trees = (parse_condition(each, dialect) for each in expressions)
    return any(tree is not None and _bare(tree, dialect) == shown for tree in trees)


def _bare(node: exp.Expr, dialect: str) -> str:
    copy = node.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
    for cast in list(copy.find_all(exp.Cast)):
        if cast is not copy and isinstance(cast.this, exp.Column):
            cast.replace(cast.this)
    inner = copy.unnest() if isinstance(copy, exp.Paren) else copy
    return inner.sql(dialect).lower().replace("(", "").replace(")", "")
