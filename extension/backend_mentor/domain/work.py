"""What the functions of a cell do: the statements that they send, what they raise, answer and leave for later."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum

from backend_mentor.domain.cell import Span


class Building(StrEnum):
    """How the text of a query comes about."""

    LITERAL = "literal"
    F_STRING = "f-string"
    PERCENT = "%"
    FORMAT = "format"
    CONCATENATION = "concatenation"
    VARIABLE = "variable"
    """A name whose text the cell does not show."""
    ORM = "orm"
    """Put together by calls: `select(User).where(…)`, `User.objects.filter(…)`."""


class TransactionStep(StrEnum):
    """What happens to a transaction."""

    BEGIN = "begin"
    FLUSH = "flush"
    COMMIT = "commit"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that a handler raises itself, or an `abort`."""

    name: str
    """As written: `HTTPException`."""
    status: int | None
    """What the caller sees, where the code says it."""
    detail: str | None
    """The literal text that goes with it."""
    condition: str | None
    """The source of the nearest `if` (`not (…)` in its `else`) or `except …` that it stands under."""
    span: Span
    caught: bool = False
    """True where an `except` of the same function takes it before the framework sees it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A `return` of a handler: the source of the value, and the status where it is a literal of this answer's own."""

    text: str
    status: int | None
    condition: str | None
    span: Span
    node: ast.Return | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Query:
    """One statement that the code sends to a database, or one ORM call that makes the ORM send one."""

    text: str
    """SQL where it is a literal (holes of an f-string in braces, as written); else the source of the call."""
    building: Building
    span: Span
    """Of the SQL's own literal, or of the whole ORM expression."""
    in_loop: bool
    handler: str | None
    """The function that it stands in; None at the top level of the cell."""
    is_text: bool = False
    """True where SQLAlchemy's `text()` is around it."""
    receiver: str | None = None
    """What sends it, as written: `session`, `cursor`, `User.objects`."""
    method: str | None = None
    """The call that sends it: `execute`, `scalars`, `get`."""
    writes: bool | None = None
    """None where the code does not show it."""
    models: tuple[str, ...] = ()
    """The mapped classes that an ORM call names."""
    call: ast.Call | None = field(default=None, compare=False, repr=False)

    @property
    def is_sql(self) -> bool:
        """True where the text is SQL in a string."""
        return self.building not in (Building.ORM, Building.VARIABLE)


@dataclass(frozen=True, slots=True)
class Session:
    """A database session, connection or cursor, and how it was made."""

    name: str
    is_async: bool | None
    """None where neither its type nor its maker tells."""
    made: str
    """`parameter`, `with` (closed at the end of the block) or `assigned`."""
    handler: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Transaction:
    """A step of a transaction."""

    step: TransactionStep
    receiver: str
    in_loop: bool
    handler: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Background:
    """Work that goes on after the answer: `task` as written, `starter` is the call that starts it."""

    task: str
    starter: str
    handler: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something outside the cell that a handler waits for; `name` has its import undone."""

    name: str
    awaited: bool
    in_loop: bool
    handler: str | None
    span: Span
    node: ast.Call | None = field(default=None, compare=False, repr=False)
