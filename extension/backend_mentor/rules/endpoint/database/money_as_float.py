"""The rule money-as-float."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, last_name, walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class MoneyAsFloat:
    """A column for money is a binary fraction.

    0.1 + 0.2 is 0.30000000000000004: sums drift by cents, and nobody can say where they went.
    """

    name: ClassVar[str] = "money-as-float"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("class Order(Base):\n    total_price = Column(Float)\n", says="total_price of Order is a Float"),
        FlagsCode(
            "class Order(models.Model):\n    amount = models.FloatField(default=0)\n",
            says="amount of Order is a FloatField",
        ),
        FlagsCode("class Order(Base):\n    fee: Mapped[float]\n", says="fee of Order is a float"),
        PassesCode("class Order(Base):\n    price = Column(Numeric(12, 2))\n", because="it counts in decimals"),
        PassesCode("class Film(Base):\n    total_score = Column(Float)\n", because="a score is no money"),
        PassesCode("class Point(BaseModel):\n    amount: float\n", because="it is not a column"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each column of a mapped class or model with a name for money and a floating type."""
        for model in walk(source.tree):
            if not isinstance(model, ast.ClassDef):
                continue
            for node in model.body:
                name, kind = _column(node)
                if kind and names_money(name):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{name} of {model.name} is a {kind}.",
                        why="Binary fractions can not hold a cent exactly, and sums of them drift.",
                        instead="Use `Numeric(12, 2)` (`DecimalField` in Django) and Decimal, or "
                        "whole cents in an integer.",
                    )


def _column(node: ast.stmt) -> tuple[str, str]:
    """Return the name and the floating type of a column's definition; an empty type for anything else."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        mapped = ast.unparse(node.annotation) in {"Mapped[float]", "Mapped[float | None]", "Mapped[Optional[float]]"}
        # A type given to mapped_column() is the column's; the annotation is only Python's side of it.
        if mapped and not (isinstance(node.value, ast.Call) and node.value.args):
            return node.target.id, "float"
        value = node.value
        name = node.target.id
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        value, name = node.value, node.targets[0].id
    else:
        return "", ""
    if not isinstance(value, ast.Call):
        return name, ""
    if last_name(value) == "FloatField" and dotted(value.func).startswith("models."):
        return name, "FloatField"
    is_column = last_name(value) in {"Column", "mapped_column"}
    kinds = [
        last_name(each) for each in value.args if last_name(each) in {"Float", "FLOAT", "REAL", "Double", "DOUBLE"}
    ]
    return name, kinds[0] if is_column and kinds else ""
