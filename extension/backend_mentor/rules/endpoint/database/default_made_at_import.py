"""The rule default-made-at-import."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, enclosing, enclosing_function, full_name, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_MOMENTARY = (
    "datetime.now", "datetime.utcnow", "date.today", "time.time", "timezone.now", "uuid.uuid4", "uuid.uuid1",
    "secrets.token_hex", "secrets.token_urlsafe",
)  # fmt: skip
_PARTS = [name.split(".") for name in _MOMENTARY]


class DefaultMadeAtImport:
    """A column's default is computed once, when the module is loaded.

    Each row gets the time, or the key, of the moment in which the process started.
    """

    name: ClassVar[str] = "default-made-at-import"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "class Order(Base):\n    placed_at = Column(DateTime, default=datetime.now())\n",
            says="`datetime.now()` is computed once",
        ),
        FlagsCode(
            "class Order(models.Model):\n    key = models.UUIDField(default=uuid.uuid4())\n",
            says="`uuid.uuid4()` is computed once",
        ),
        FlagsCode(
            "class Order(BaseModel):\n    placed_at: datetime = Field(default=datetime.now(timezone.utc))\n",
            says="`datetime.now(timezone.utc)` is computed once",
        ),
        PassesCode(
            "class Order(Base):\n    key = Column(Uuid, default=uuid.uuid4)\n",
            because="the function itself is called for each row",
        ),
        PassesCode(
            "class Order(Base):\n    placed_at = Column(DateTime, server_default=func.now())\n",
            because="the database computes it for each row",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `default=` of a column or field in a class that calls a clock or a generator of keys."""
        for call in calls(source.tree):
            default = keyword(call, "default")
            if not isinstance(default, ast.Call) or not _makes_field(call):
                continue
            if full_name(source.tree, default.func).split(".")[-2:] not in _PARTS:
                continue
            if enclosing_function(source.tree, call) is None and any(
                isinstance(each, ast.ClassDef) for each in enclosing(source.tree, call)
            ):
                yield report(
                    self,
                    source,
                    default,
                    what=f"`{excerpt(default)}` is computed once, when the class is made.",
                    why="Each row gets that one value until the process starts again.",
                    instead="Hand over the function, not its result: `default=uuid.uuid4`, "
                    "`default=lambda: datetime.now(timezone.utc)`; in Pydantic `default_factory=`.",
                )


def _makes_field(call: ast.Call) -> bool:
    name = last_name(call)
    return name in {"Column", "mapped_column", "Field"} or name.endswith("Field")
