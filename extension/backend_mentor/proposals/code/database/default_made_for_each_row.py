"""A default is computed for each row."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of
from backend_mentor.reading.endpoints.trees import enclosing, keyword, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DefaultMadeForEachRow:
    """Hand over the function that makes the default, not what it once made.

    Valid for a function without arguments; with arguments in SQLAlchemy and pydantic, where a lambda may stand.
    """

    name: ClassVar[str] = "default-made-for-each-row"
    answers: ClassVar[tuple[str, ...]] = ("default-made-at-import",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "class Order(Base):\n    placed_at = Column(DateTime, default=datetime.now())  # é\n",
            "class Order(Base):\n    placed_at = Column(DateTime, default=datetime.now)  # é\n",
        ),
        Fixes(
            "class Order(Base):\n    placed_at = mapped_column(\n        'é', default=datetime.now(timezone.utc)\n"
            "    )\n",
            "class Order(Base):\n    placed_at = mapped_column(\n"
            "        'é', default=lambda: datetime.now(timezone.utc)\n    )\n",
        ),
        Fixes(
            "class Order(BaseModel):\n    key: UUID = Field(default=uuid.uuid4())\n",
            "class Order(BaseModel):\n    key: UUID = Field(default_factory=uuid.uuid4)\n",
        ),
        Fixes(
            "class Order(models.Model):\n    key = models.UUIDField('é', default=uuid.uuid4())\n",
            "class Order(models.Model):\n    key = models.UUIDField('é', default=uuid.uuid4)\n",
        ),
        Declines(
            "class Order(models.Model):\n    key = models.CharField(default=secrets.token_hex(8))\n",
            because="Django's migrations can not write a lambda",
        ),
        Declines(
            "class Order(BaseModel):\n    key: UUID = Field(default=uuid.uuid4(), default_factory=None)\n",
            because="there is a factory already",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Drop the brackets, or put a lambda before the call."""
        default = node_of(source, finding, ast.Call)
        above = next(iter(enclosing(source.tree, default)), None) if default is not None else None
        maker = next(iter(enclosing(source.tree, above)), None) if isinstance(above, ast.keyword) else None
        if default is None or not isinstance(above, ast.keyword) or not isinstance(maker, ast.Call):
            return None
        name = last_name(maker)
        bare = not default.args and not default.keywords
        if (name not in {"Column", "mapped_column", "Field"} and not bare) or keyword(maker, "default_factory"):
            return None
        start, inner = source.offset(above.lineno, above.col_offset), source.span_of(default)
        word = "default_factory=" if name == "Field" else "default="
        text = source.code_of(default.func) if bare else f"lambda: {source.code_of(default)}"
        if source.text[start : inner.start] != "default=":
            return None
        return Change(
            title=f"Compute `{' '.join(source.code_of(default).split())}` for each row",
            reason="The function is called when a row is made, not once when the class is.",
            edits=(Edit(start, inner.end, f"{word}{text}"),),
            tradeoffs=Tradeoffs("none", "one value for all rows is meant: write it as a constant then"),
            conditions=(
                Condition(
                    "nothing in it depends on the place", "it has no arguments" if bare else "a lambda holds them"
                ),
            ),
        )
