"""A column keeps the zone of its times."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import node_of, replaced
from backend_mentor.reading.endpoints.trees import chain, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_TABLE = (
    "from datetime import datetime\n\nfrom sqlalchemy import Column, DateTime\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\nclass Order(Base):\n    __tablename__ = 'orders'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)


class TimeWithZone:
    """Let a column keep times with their zone.

    Valid where the application writes aware times. Callers see the offset in the answers, and the rows that there are
    must be converted, so it is offered on its own.
    """

    name: ClassVar[str] = "time-with-zone"
    answers: ClassVar[tuple[str, ...]] = ("naive-timestamp-column",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _TABLE + "    placed_at = Column(DateTime, nullable=False)  # é\n",
            _TABLE + "    placed_at = Column(DateTime(timezone=True), nullable=False)  # é\n",
        ),
        Fixes(
            _TABLE + "    placed_at: Mapped[datetime] = mapped_column('é', DateTime())\n",
            _TABLE + "    placed_at: Mapped[datetime] = mapped_column('é', DateTime(timezone=True))\n",
        ),
        Declines(
            _TABLE + "    placed_at = Column(DateTime, default=datetime.utcnow)\n",
            because="its default writes times without a zone",
        ),
        Declines(
            _TABLE + "    placed_at = Column(DateTime)\n\n\ndef place(session):\n"
            "    session.add(Order(placed_at=datetime.utcnow()))\n",
            because="the cell writes times without a zone",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `timezone=True` to the type."""
        kind = node_of(source, finding, ast.expr)
        if kind is None or _writes_naive_times(source):
            return None
        name = ast.unparse(kind.func if isinstance(kind, ast.Call) else kind)
        return Change(
            title="Keep the zone of the times",
            reason="A time with its zone is one moment, whatever the settings of the machine that wrote it.",
            edits=(replaced(source, kind, f"{name}(timezone=True)"),),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                "a migration that says which zone the rows that are there mean; the answers show an offset",
                "the times are local ones on purpose, as opening hours are",
            ),
            conditions=(Condition("the cell writes no naive times", "it calls neither utcnow nor now without a zone"),),
        )


def _writes_naive_times(source: Source) -> bool:
    for node in walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"utcnow", "utcfromtimestamp"}:
            return True
        called = isinstance(node, ast.Call) and last_name(node) == "now" and "datetime" in chain(node)
        if called and isinstance(node, ast.Call) and not node.args and not node.keywords:
            return True
    return any(
        isinstance(each, ast.keyword)
        and last_name(each.value) == "now"
        and isinstance(each.value, ast.Attribute)
        and each.arg in {"default", "onupdate", "default_factory"}
        for each in walk(source.tree)
    )
