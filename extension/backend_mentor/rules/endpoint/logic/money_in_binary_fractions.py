"""The rule money-in-binary-fractions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import names_money, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class MoneyInBinaryFractions:
    """A sum of money is computed in binary fractions.

    0.1 + 0.2 is 0.30000000000000004, and `round` can not mend what the sum has lost.
    """

    name: ClassVar[str] = "money-in-binary-fractions"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("def gross(price):\n    return round(price * 1.19, 2)\n", says="`price * 1.19` computes money"),
        FlagsCode("def gross(item):\n    return item.price * 1.19\n", says="`item.price * 1.19` computes money"),
        FlagsCode(
            "def total(body):\n    return float(body.amount) * body.pieces\n", says="`float(body.amount)` makes money"
        ),
        PassesCode(
            "from decimal import Decimal\ndef gross(price):\n    return price * Decimal('1.19')\n",
            because="it counts in decimals",
        ),
        PassesCode(
            "def mean(total_score, n):\n    return round(total_score * 0.5, 2)\n", because="a score is no money"
        ),
        PassesCode("def cents(price_cents):\n    return price_cents * 3\n", because="whole numbers are exact"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each product of money with a literal fraction, and each `float()` around money."""
        for function in functions(source.tree):
            for node in own_nodes(function):
                done = _computes(node)
                if done:
                    yield report(
                        self,
                        source,
                        node,
                        what=f"`{excerpt(node)}` {done} in binary fractions.",
                        why="They can not hold a tenth exactly: sums drift by cents.",
                        instead="Compute with Decimal (`Decimal('1.19')`) and quantize once at the end.",
                    )


def _computes(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Add | ast.Sub):
        sides = (node.left, node.right)
        fraction = any(isinstance(each, ast.Constant) and isinstance(each.value, float) for each in sides)
        return "computes money" if fraction and any(_is_money(each) for each in sides) else ""
    if isinstance(node, ast.Call) and dotted(node.func) == "float" and len(node.args) == 1 and _is_money(node.args[0]):
        return "makes money a number"
    return ""


def _is_money(node: ast.expr) -> bool:
    name = last_name(node) if isinstance(node, ast.Name | ast.Attribute) else ""
    # A total alone can be one of anything.
    return names_money(name) and bool(set(words_of(name)) & _SURELY) and not set(words_of(name)) & _OTHERWISE


_SURELY = frozenset({"price", "amount", "balance", "cost", "fee", "salary"})
_OTHERWISE = frozenset({"cents", "score", "time", "seconds", "bytes", "size"})
