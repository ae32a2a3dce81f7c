"""A foreign key gets an index."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import argument_added, node_of
from backend_mentor.reading.endpoints.trees import has_unpacked, keyword, targets

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_TABLE = (
    "from sqlalchemy import Column, ForeignKey\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\nclass Order(Base):\n    __tablename__ = 'orders'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)


class ForeignKeyIndexed:
    """Declare an index on a foreign key.

    Valid for any column: an index changes no answer. The table that is there needs a migration.
    """

    name: ClassVar[str] = "foreign-key-indexed"
    answers: ClassVar[tuple[str, ...]] = ("foreign-key-without-index",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _TABLE + "    customer_id = Column(ForeignKey('customers.é'))  # who pays\n",
            _TABLE + "    customer_id = Column(ForeignKey('customers.é'), index=True)  # who pays\n",
        ),
        Fixes(
            _TABLE + "    customer_id: Mapped[int] = mapped_column(\n        ForeignKey('customers.id'),\n"
            "        nullable=False,  # é\n    )\n",
            _TABLE + "    customer_id: Mapped[int] = mapped_column(\n        ForeignKey('customers.id'),\n"
            "        nullable=False, index=True,  # é\n    )\n",
        ),
        Declines(
            _TABLE + "    customer_id = Column(ForeignKey('customers.id'), **OPTIONS)\n",
            because="the options can hold one",
        ),
        Declines(
            _TABLE + "    customer_id = Column(*KEY, ForeignKey('customers.id'), **REST)\n",
            because="what else is passed is not known",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `index=True`."""
        node = node_of(source, finding, ast.stmt)
        call = getattr(node, "value", None)
        if not isinstance(call, ast.Call) or has_unpacked(call) or keyword(call, "index") is not None:
            return None
        name = min(targets(node), default="the key") if node is not None else "the key"
        return Change(
            title=f"Index {name}",
            reason="An index changes no answer; joins over the key and deletes of its parent find the rows by it.",
            edits=(argument_added(source, call, "index=True"),),
            tradeoffs=Tradeoffs(
                "space on disk, and each INSERT writes one entry more; the table that is there needs a migration",
                "the table stays small, or another index begins with this column",
            ),
            conditions=(Condition(f"{name} has no index", "its declaration and __table_args__ name none"),),
        )
