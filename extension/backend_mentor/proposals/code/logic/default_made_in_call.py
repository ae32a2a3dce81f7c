"""A default that can be changed is made anew in each call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_after, added_before, indent_of, node_of, replaced
from backend_mentor.reading.endpoints.trees import defaults, functions, parameters
from backend_mentor.reading.endpoints.words import words_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_MEMORY = frozenset({"cache", "cached", "memo", "memory", "seen", "known", "registry"})


class DefaultMadeInCall:
    """Default to None, and make the list, dictionary or set inside the function.

    Valid for an empty literal as the default of a function that no framework calls: to a route its default is a part
    of its contract.
    """

    name: ClassVar[str] = "default-made-in-call"
    answers: ClassVar[tuple[str, ...]] = ("mutable-default",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def add(é, items=[]):  # é\n    items.append(é)\n    return items\n",
            "def add(é, items=None):  # é\n    if items is None:\n        items = []\n    items.append(é)\n"
            "    return items\n",
        ),
        Fixes(
            "class Shop:\n    def add(self, item, *, tags: dict[str, int] = {}):\n        '''é'''\n"
            "        tags[item] = 1\n",
            "class Shop:\n    def add(self, item, *, tags: dict[str, int] | None = None):\n        '''é'''\n"
            "        if tags is None:\n            tags = {}\n        tags[item] = 1\n",
        ),
        Declines(
            "def add(item, items=['a']):\n    items.append(item)\n    return items\n",
            because="what it holds would be made anew in each call",
        ),
        Declines(
            "def power(n, memo={}):\n    memo[n] = memo.get(n - 1, 1) * 2\n    return memo[n]\n",
            because="its name says that it is to remember",
        ),
        Declines(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/items')\n"
            "def items(tags: list[str] = []):\n    tags.append('a')\n    return tags\n",
            because="a framework calls it, and knows the default",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the default, and make the collection at the top of the body."""
        default = node_of(source, finding, ast.expr)
        function = next(
            (each for each in functions(source.tree) if default is not None and default in defaults(each).values()),
            None,
        )
        if default is None or function is None or function in [each.node for each in source.handlers]:
            return None
        text = source.code_of(default)
        name = next(name for name, value in defaults(function).items() if value is default)
        parameter = next(each for each in parameters(function) if each.arg == name)
        documented = isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant)
        first = function.body[1] if documented and len(function.body) > 1 else function.body[0]
        indent = indent_of(source, first)
        if (
            text not in {"[]", "{}", "set()", "list()", "dict()"}
            or indent is None
            or (documented and len(function.body) < 2)
        ):
            return None
        if (
            _MEMORY & set(words_of(name))
            or isinstance(parameter.annotation, ast.Constant)
            or function.body[0].lineno == function.lineno
        ):
            return None
        typed = (added_after(source, parameter.annotation, " | None"),) if parameter.annotation is not None else ()
        step = "\t" if indent.startswith("\t") else "    "
        return Change(
            title=f"Make {name} anew in each call",
            reason="A caller who passes nothing gets an empty one, and not what earlier calls have put into it.",
            edits=(
                replaced(source, default, "None"),
                *typed,
                added_before(source, first, f"if {name} is None:\n{indent}{step}{name} = {text}\n{indent}"),
            ),
            tradeoffs=Tradeoffs(
                "a caller who passes None gets an empty one too", "it is meant to remember, as a cache"
            ),
            conditions=(Condition("no framework calls the function", f"{function.name} is no route"),),
        )
