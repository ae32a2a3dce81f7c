"""A row is looked up by the session, as in SQLAlchemy 2."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RowLookedUpBySession:
    """Ask the session for a row by its key: `session.get(Model, key)`.

    Valid for one class and one key: both look into the session first, and then into the table.
    """

    name: ClassVar[str] = "row-looked-up-by-session"
    answers: ClassVar[tuple[str, ...]] = ("legacy-query-get",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def find(session, é):\n    return session.query(User).get(é)  # é\n",
            "def find(session, é):\n    return session.get(User, é)  # é\n",
        ),
        Fixes(
            "def find(self, key):\n    return self.db.query(\n        User\n    ).get((key, 'é')).name\n",
            "def find(self, key):\n    return self.db.get(User, (key, 'é')).name\n",
        ),
        Declines(
            "def find(session, key):\n    return session.query(User.name).get(key)\n",
            because="a column is no class to be looked up",
        ),
        Declines(
            "def find(session, key):\n    return session.query(  # the person\n        User\n    ).get(key)\n",
            because="the comment would be lost",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the two calls as one."""
        call = node_of(source, finding, ast.Call)
        inner = call.func.value if call is not None and isinstance(call.func, ast.Attribute) else None
        if call is None or not isinstance(inner, ast.Call) or not isinstance(inner.func, ast.Attribute):
            return None
        model = inner.args[0] if len(inner.args) == 1 and not inner.keywords else None
        if not isinstance(model, ast.Name) or len(call.args) != 1 or call.keywords:
            return None
        start, end = source.span_of(inner.func.value).end, source.span_of(call.args[0]).start
        pieces = source.text[start:end]
        if "#" in pieces or re.sub(r"\s+", "", pieces).rstrip("(") != f".query({model.id}).get":
            return None
        opened = pieces.rstrip()[len(pieces.rstrip().rstrip("(")) :]
        return Change(
            title=f"Look {model.id} up by the session",
            reason="Both look into the session first and then into the table; this one is not deprecated.",
            edits=(Edit(start, end, f".get({model.id}, {opened[1:]}"),),
            tradeoffs=Tradeoffs("none"),
            conditions=(Condition("one class is queried by one key", source.code_of(model)),),
        )
