"""The rule naive-timestamp-column."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.rules.endpoint.code import last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class NaiveTimestampColumn:
    """A column keeps times without their zone.

    Which moment a row means depends on the machine that wrote it, and an hour of each autumn comes twice.
    """

    name: ClassVar[str] = "naive-timestamp-column"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    placed_at = Column(DateTime, nullable=False)\n",
            says="placed_at of Order keeps times without their zone",
        ),
        FlagsCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n"
            "    placed_at: Mapped[datetime] = mapped_column(DateTime())\n",
            says="placed_at of Order keeps times without their zone",
        ),
        PassesCode(
            "class Order(Base):\n    __tablename__ = 'orders'\n    placed_at = Column(DateTime(timezone=True))\n",
            because="it keeps the zone",
        ),
        PassesCode(
            "class Shop(Base):\n    __tablename__ = 'shops'\n    opens_local = Column(DateTime)\n",
            because="its name says that the local time is meant",
        ),
        PassesCode(
            "class Order(models.Model):\n    placed_at = models.DateTimeField()\n",
            because="Django's setting USE_TZ decides",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each column of SQLAlchemy whose type is a plain DateTime or TIMESTAMP."""
        for table in tables(source).values():
            for column in table.columns.values() if not table.is_django else ():
                kind = next((each for each in column.call.args if _is_naive(each)), None) if column.call else None
                if kind is not None and not {"local", "naive", "wall"} & set(words_of(column.name)):
                    yield report(
                        self,
                        source,
                        kind,
                        what=f"{column.name} of {table.model.name} keeps times without their zone.",
                        why="Two servers with different settings write different moments as the same value.",
                        instead="Use `DateTime(timezone=True)` and aware times, and convert the rows that there are "
                        "in a migration.",
                    )


def _is_naive(node: ast.expr) -> bool:
    if last_name(node) not in {"DateTime", "TIMESTAMP"}:
        return False
    return not isinstance(node, ast.Call) or not (node.args or node.keywords)
