"""Each object gets a collection of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_before, indent_of, lines_of, node_of
from backend_mentor.reading.endpoints.trees import dotted, enclosing, last_name, targets, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class StateOfEachInstance:
    """Make a collection in `__init__` instead of in the class.

    Valid where the class itself is asked for it nowhere, and no class of the cell inherits from it.
    """

    name: ClassVar[str] = "state-of-each-instance"
    answers: ClassVar[tuple[str, ...]] = ("state-shared-by-instances",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "class Cart:\n    items = []  # é\n\n    def add(self, item):\n        self.items.append(item)\n",
            "class Cart:\n    def __init__(self):\n        self.items = []  # é\n\n    def add(self, item):\n"
            "        self.items.append(item)\n",
        ),
        Fixes(
            "class Rates:\n    known = {}\n\n    def __init__(self, url):\n        '''é'''\n        self.url = url\n\n"
            "    def put(self, key, value):\n        self.known[key] = value\n",
            "class Rates:\n\n    def __init__(self, url):\n        '''é'''\n        self.known = {}\n"
            "        self.url = url\n\n"
            "    def put(self, key, value):\n        self.known[key] = value\n",
        ),
        Declines(
            "class Cart:\n    items = []\n\n    def add(self, item):\n        self.items.append(item)\n\n\n"
            "print(Cart.items)\n",
            because="the class is asked for it",
        ),
        Declines(
            "class Cart:\n    items = []\n\n    def add(self, item):\n        self.items.append(item)\n\n\n"
            "class Basket(Cart):\n    def __init__(self):\n        self.name = 'basket'\n",
            because="the other class would not make it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Move the assignment."""
        node = node_of(source, finding, ast.Assign)
        owner = next(iter(enclosing(source.tree, node)), None) if node is not None else None
        if node is None or not isinstance(owner, ast.ClassDef):
            return None
        name = min(targets(node), default="")
        classes = [each for each in walk(source.tree) if isinstance(each, ast.ClassDef)]
        inherits = any(last_name(base) == owner.name for each in classes for base in each.bases)
        asked = any(
            isinstance(each, ast.Attribute) and each.attr == name and dotted(each.value) in {owner.name, "cls"}
            for each in walk(source.tree)
        )
        lines, indent = lines_of(source, node), indent_of(source, node)
        if lines is None or indent is None or inherits or asked or len(node.targets) != 1 or len(owner.body) < 2:
            return None
        text = source.text[lines[0] : lines[1]].strip()
        edits = _edits(source, owner, lines, indent, f"self.{text}")
        return (
            None
            if edits is None
            else Change(
                title=f"Give each {owner.name} its own {name}",
                reason="Each object finds what was put into it, and nothing of the others.",
                edits=edits,
                tradeoffs=Tradeoffs("none", f"{name} is meant for all objects: say so with a method of the class"),
                conditions=(
                    Condition("the class itself is asked for it nowhere", f"{owner.name}.{name} is not in the cell"),
                ),
            )
        )


def _edits(
    source: Source, owner: ast.ClassDef, lines: tuple[int, int], indent: str, text: str
) -> tuple[Edit, ...] | None:
    maker = next((each for each in owner.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    if maker is None:
        return (Edit(*lines, f"{indent}def __init__(self):\n{indent}{indent[:4] or '    '}{text}\n"),)
    documented = isinstance(maker.body[0], ast.Expr) and isinstance(maker.body[0].value, ast.Constant)
    first = maker.body[1] if documented and len(maker.body) > 1 else maker.body[0]
    inner = indent_of(source, first)
    if inner is None or not maker.args.args or maker.args.args[0].arg != "self":
        return None
    return (Edit(*lines, ""), added_before(source, first, f"{text}\n{inner}"))
