"""The route of an exact path stands above the one that would take it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import function_of
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import block_of, lines_of, names_bound
from backend_mentor.reading.endpoints.trees import names_in

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Handler, Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
_BY_KEY = "@app.get('/users/{é}')\ndef user(é: str):\n    return USERS[é]  # é\n"
_MINE = "# é\n@app.get('/users/me')\nasync def me():\n\treturn 'é'\n"


class RouteMoved:
    """Move a handler, with its decorators and the comment above them, before the one whose path takes its own.

    Valid where nothing that it names when it is defined comes into being between the two places.
    """

    name: ClassVar[str] = "route-moved"
    answers: ClassVar[tuple[str, ...]] = ("route-shadowed",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + _BY_KEY + "\n\n" + _MINE + "\n\nprint('é')\n", _APP + _MINE + "\n\n" + _BY_KEY + "\n\nprint('é')\n"
        ),
        Fixes(
            _APP + "# all é\n" + _BY_KEY + "\nLIMIT = 3\n\n" + _MINE.removesuffix("\n"),
            _APP + _MINE + "\n# all é\n" + _BY_KEY + "\nLIMIT = 3\n",
        ),
        Declines(
            _APP + _BY_KEY + "\n\nclass User(BaseModel):\n    name: str\n\n\n@app.get('/users/me')\n"
            "def me() -> User:\n    return USERS[0]\n",
            because="its annotation names a class that is defined in between",
        ),
        Declines(
            _APP + _BY_KEY + "\n\n@app.get('/users/me')\ndef me():\n    return 1\n\n\n"
            "@app.get('/users/you')\ndef user():\n    return me\n",
            because="two functions have one name, and which of them is meant below would change",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Cut the handler out, and put it before the other."""
        function = function_of(source, finding)
        handler = next((each for each in source.handlers if function is not None and each.node is function), None)
        first = _taker(source, handler) if handler is not None else None
        block = block_of(source, function) if function is not None else None
        if function is None or first is None or first.node is None or block is None or first.node not in block:
            return None
        between = block[block.index(first.node) : block.index(function)]
        if not between or not _can_move(function, between) or _is_double(source):
            return None
        edits = _moved(source, function, first.node, between[-1])
        if edits is None:
            return None
        return Change(
            title=f"Move {function.name} above {first.name}",
            reason=f"Routes are tried from the top: {first.route} takes each request that {function.name} is for.",
            edits=edits,
            tradeoffs=Tradeoffs("the order of the functions changes, and with it that of the documentation"),
            conditions=(
                Condition("it needs nothing that is made in between", f"{len(between)} statements bind none of it"),
            ),
        )


def _taker(source: Source, handler: Handler) -> Handler | None:
    """Return the first handler of the same router whose one path takes the only path of this one."""
    if len(handler.routes) != 1:
        return None
    route = handler.routes[0]
    for each in source.handlers:
        if each is handler:
            return None
        for other in each.routes:
            pattern = re.sub(r"\\\{\w+(?::str)?\\\}", "[^/]+", re.escape(other.path or ""))
            same = other.router == route.router and set(route.methods) <= set(other.methods)
            if same and route.methods and re.fullmatch(pattern, route.path or ""):
                return each
    return None


def _can_move(function: FunctionNode, between: list[ast.stmt]) -> bool:
    made = frozenset().union(*(names_bound(each) for each in between))
    parts = [*function.decorator_list, function.args]
    parts += [function.returns] if function.returns is not None else []
    texts = {word for part in parts for each in ast.walk(part) for word in _words(each)}
    plain = all(
        isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign)
        for each in between
    )
    used = frozenset().union(*(names_in(part) for part in parts)) | texts
    return plain and not made & (used | {function.name})


def _words(node: ast.AST) -> list[str]:
    # An annotation can be written as a text.
    return re.findall(r"\w+", node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _is_double(source: Source) -> bool:
    names = [each.name for each in source.tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return len(names) != len(set(names))


def _moved(source: Source, function: FunctionNode, first: FunctionNode, above: ast.stmt) -> tuple[Edit, ...] | None:
    ours, theirs, last = lines_of(source, function), lines_of(source, first), lines_of(source, above)
    if ours is None or theirs is None or last is None:
        return None
    start, place = _with_comments(source, ours[0]), _with_comments(source, theirs[0])
    gap = source.text[last[1] : start]
    if gap.strip() or place >= start:
        return None
    text = source.text[start : ours[1]]
    text = text if text.endswith("\n") else f"{text}\n"
    return Edit(place, place, text + (gap or "\n")), Edit(last[1], ours[1], "")


def _with_comments(source: Source, start: int) -> int:
    """Return where the comments directly above a line begin, or the line itself."""
    while start > 0:
        before = source.text.rfind("\n", 0, start - 1) + 1
        if not source.text[before:start].lstrip().startswith("#"):
            break
        start = before
    return start
