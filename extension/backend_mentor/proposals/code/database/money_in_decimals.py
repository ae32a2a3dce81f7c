"""A column for money counts in decimals."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of, replaced
from backend_mentor.reading.endpoints.trees import dotted, last_name, targets, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_FLOATS = frozenset({"Float", "FLOAT", "REAL", "Double", "DOUBLE"})


class MoneyInDecimals:
    """Give a column for money a decimal type.

    Valid where the cell only declares it. Callers see a text or a Decimal where a float was, and the table needs a
    migration, so it is offered on its own.
    """

    name: ClassVar[str] = "money-in-decimals"
    answers: ClassVar[tuple[str, ...]] = ("money-as-float",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from sqlalchemy import Column, Float\n\n\nclass Order(Base):\n    é = 1\n"
            "    total_price = Column('é', Float, nullable=False)  # é\n",
            "from sqlalchemy import Column, Float, Numeric\n\n\nclass Order(Base):\n    é = 1\n"
            "    total_price = Column('é', Numeric(12, 2), nullable=False)  # é\n",
        ),
        Fixes(
            "from django.db import models\n\n\nclass Order(models.Model):\n    amount = models.FloatField(default=0)\n",
            "from django.db import models\n\n\nclass Order(models.Model):\n"
            "    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)\n",
        ),
        Fixes(
            "from sqlalchemy.orm import Mapped\n\n\nclass Order(Base):\n    fee: Mapped[float]\n",
            "from decimal import Decimal\n\nfrom sqlalchemy.orm import Mapped\n\n\nclass Order(Base):\n"
            "    fee: Mapped[Decimal]\n",
        ),
        Declines(
            "from sqlalchemy import Column, Float\n\n\nclass Order(Base):\n"
            "    total_price = Column(Float, default=0.1)\n",
            because="its default is a binary fraction, which would have to be written anew",
        ),
        Declines(
            "from sqlalchemy import Column, Float\n\n\nclass Order(Base):\n    total_price = Column(Float)\n\n\n"
            "def gross(order):\n    return order.total_price * 1.19\n",
            because="the cell multiplies it by a binary fraction, which a Decimal refuses",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the type."""
        node = node_of(source, finding, ast.stmt)
        if not isinstance(node, ast.Assign | ast.AnnAssign) or _has_fraction(source, node):
            return None
        name = min(targets(node), default="")
        edits: list[Edit] = []
        imports: list[str] = []
        if isinstance(node.value, ast.Call) and last_name(node.value) == "FloatField":
            call = node.value
            first = "max_digits=12, decimal_places=2" + (", " if call.args or call.keywords else "")
            end = source.span_of(call.func).end
            if call.args or source.text[end] != "(":
                return None
            edits = [Edit(end - len("FloatField"), end + 1, f"DecimalField({first}")]
        elif isinstance(node.value, ast.Call):
            kind = next((each for each in node.value.args if last_name(each) in _FLOATS), None)
            if kind is not None:
                owner = dotted(kind.func if isinstance(kind, ast.Call) else kind).rpartition(".")[0]
                edits.append(replaced(source, kind, f"{owner}.Numeric(12, 2)" if owner else "Numeric(12, 2)"))
                imports += [] if owner else ["sqlalchemy.Numeric"]
        if isinstance(node, ast.AnnAssign):
            floats = [each for each in ast.walk(node.annotation) if isinstance(each, ast.Name) and each.id == "float"]
            edits += [replaced(source, each, "Decimal") for each in floats]
            imports += ["decimal.Decimal"] if floats else []
        return (
            None
            if not edits
            else Change(
                title=f"Keep {name} in decimals",
                reason="A decimal holds each cent exactly, so sums do not drift.",
                edits=tuple(edits),
                imports=tuple(imports),
                keeps_contract=False,
                tradeoffs=Tradeoffs(
                    "a migration of the column; answers hold a Decimal (in JSON a text) where a float was",
                    "amounts have more than two places after the point",
                ),
                conditions=(Condition(f"{name} holds money", "its name"),),
            )
        )


def _has_fraction(source: Source, node: ast.AST) -> bool:
    """Return whether the declaration holds a binary fraction, or the cell computes with one and a money's name."""
    if any(isinstance(each, ast.Constant) and isinstance(each.value, float) for each in ast.walk(node)):
        return True
    name = min(targets(node), default="")
    return any(
        isinstance(each, ast.BinOp)
        and any(isinstance(part, ast.Attribute) and part.attr == name for part in ast.walk(each))
        and any(isinstance(part, ast.Constant) and isinstance(part.value, float) for part in ast.walk(each))
        for each in walk(source.tree)
    )
