"""The rule state-shared-by-instances."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, last_name, targets, walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class StateSharedByInstances:
    """Objects of a class change a collection that belongs to the class.

    There is one of it for all of them: what one request puts in, the next one finds.
    """

    name: ClassVar[str] = "state-shared-by-instances"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "class Cart:\n    items = []\n    def add(self, item):\n        self.items.append(item)\n",
            says="each Cart changes the one `items` of the class",
        ),
        FlagsCode(
            "class Rates:\n    known = {}\n    def put(self, key, value):\n        self.known[key] = value\n",
            says="each Rates changes the one `known` of the class",
        ),
        PassesCode(
            "class Cart:\n    items = []\n    def __init__(self):\n        self.items = []\n"
            "    def add(self, item):\n        self.items.append(item)\n",
            because="each object gets its own",
        ),
        PassesCode(
            "class Cart(BaseModel):\n    items: list[str] = []\n    def add(self, item):\n"
            "        self.items.append(item)\n",
            because="pydantic copies it for each object",
        ),
        PassesCode(
            "class Registry:\n    known = {}\n    @classmethod\n    def put(cls, key, value):\n"
            "        cls.known[key] = value\n",
            because="a method of the class says that it is meant for all",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each empty list, dictionary or set of a plain class that its methods change through `self`."""
        for node in walk(source.tree):
            if not isinstance(node, ast.ClassDef) or node.decorator_list or not _is_plain(node):
                continue
            for statement in node.body:
                name = min(targets(statement), default="")
                if isinstance(statement, ast.Assign) and _is_empty(statement.value) and _is_changed(node, name):
                    yield report(
                        self,
                        source,
                        statement,
                        what=f"Here each {node.name} changes the one `{name}` of the class.",
                        why="What one request puts into it, all others find there.",
                        instead=f"Make it in `__init__`: `self.{name} = {source.code_of(statement.value)}`.",
                    )


def _is_plain(node: ast.ClassDef) -> bool:
    return not node.keywords and all(last_name(base) in {"object", "ABC", "Protocol"} for base in node.bases)


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return dotted(node.func) in {"list", "dict", "set"} and not node.args
    return (isinstance(node, ast.List) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def _is_changed(node: ast.ClassDef, name: str) -> bool:
    own = f"self.{name}"
    changed = False
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and dotted(each) == own:
            return False
        if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store) and dotted(each.value) == own:
            changed = True
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and dotted(each.func.value) == own:
            changed = changed or each.func.attr in {"append", "add", "update", "extend", "setdefault", "insert"}
    return changed
