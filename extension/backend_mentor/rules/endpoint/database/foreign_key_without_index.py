"""The rule foreign-key-without-index."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.rules.endpoint.code import calls, last_name, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.tables import Table


class ForeignKeyWithoutIndex:
    """A foreign key has no index.

    The database makes one for the key that is pointed to, not for the column that points: a join, and each delete of a
    parent, reads the whole table.
    """

    name: ClassVar[str] = "foreign-key-without-index"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey('customers.id'))\n",
            says="customer_id of Order points to customers.id and has no index",
        ),
        FlagsCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    customer_id: Mapped[int] = mapped_column(ForeignKey('customers.id', ondelete='CASCADE'))\n",
            says="customer_id of Order points to customers.id and has no index",
        ),
        PassesCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey('customers.id'), index=True)\n",
            because="it has one",
        ),
        PassesCode(
            "class Member(Base):\n    __tablename__ = 'members'\n"
            "    user_id = Column(ForeignKey('users.id'), primary_key=True)\n"
            "    team_id = Column(ForeignKey('teams.id'), primary_key=True)\n",
            because="both are in the primary key: which one leads it is a decision",
        ),
        PassesCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey('customers.id'))\n"
            "    __table_args__ = (Index('by_customer', 'customer_id', 'id'),)\n",
            because="an index of the table leads with it",
        ),
        PassesCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey('customers.id'))\n"
            "    @declared_attr.directive\n    def __table_args__(cls):\n"
            "        return (Index('by_customer', cls.customer_id, cls.id),)\n",
            because="the index is declared by a method",
        ),
        PassesCode(
            "class Order(models.Model):\n    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n",
            because="Django makes one itself",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each foreign key of SQLAlchemy that no index of its class names."""
        indexed = {last_name(each) for call in calls(source.tree) if last_name(call) == "Index" for each in call.args}
        for table in tables(source).values():
            for column in table.columns.values() if not table.is_django else ():
                named = _index_names(table, column.name) or column.name in indexed
                if column.references and not column.is_indexed and not named and column.call is not None:
                    yield report(
                        self,
                        source,
                        column.node,
                        what=f"{column.name} of {table.model.name} points to {column.references} and has no index.",
                        why="A join over it, and each delete in the table that it points to, reads all rows.",
                        instead="Add `index=True`, and the index in a migration (`CREATE INDEX CONCURRENTLY` in "
                        "PostgreSQL).",
                    )


def _index_names(table: Table, column: str) -> bool:
    """Return whether something else in the class body, as `__table_args__`, names the column."""
    return any(
        (isinstance(each, ast.Constant) and each.value == column)
        or (isinstance(each, ast.Name) and each.id == column and isinstance(each.ctx, ast.Load))
        or (isinstance(each, ast.Attribute) and each.attr == column)
        for statement in (table.model.node.body if table.model.node else ())
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.FunctionDef) and _is_arguments(statement)
        for each in ast.walk(statement)
    )


def _is_arguments(node: ast.stmt) -> bool:
    name = node.name if isinstance(node, ast.FunctionDef) else min(targets(node), default="")
    return name in {"__table_args__", "__mapper_args__"} or (
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last_name(node.value) == "Index"
    )
