"""What a user can put right: one class for each kind of thing, each error with its remedy."""

from __future__ import annotations


class MentorError(Exception):
    """Something the user can put right: `what` went wrong, and the `remedy` as an imperative."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n{self.remedy}"


class CellError(MentorError):
    """The cell can not be reviewed as it stands: empty, binary, too large."""


class StatementSyntaxError(MentorError):
    """The SQL can not be parsed; `line` and `column` count from 1 within the cell, `excerpt` shows the place."""

    def __init__(self, what: str, remedy: str, *, line: int, column: int, excerpt: str) -> None:
        super().__init__(what, remedy)
        self.line = line
        self.column = column
        self.excerpt = excerpt

    def __str__(self) -> str:
        return f"{self.what}\n{self.excerpt}\n{self.remedy}"


class UnknownNameError(MentorError):
    """A table or column that the database does not have; `nearest` holds the real names that resemble it."""

    def __init__(self, what: str, remedy: str, *, name: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(what, remedy)
        self.name = name
        self.nearest = nearest


class RefusedError(MentorError):
    """The statement would change something or reach outside the database; `name` is what was refused."""

    def __init__(self, what: str, remedy: str, *, name: str) -> None:
        super().__init__(what, remedy)
        self.name = name


class ConnectError(MentorError):
    """The database can not be reached or is not what its address says."""


class DatabaseError(MentorError):
    """The database answered with an error: no permission, a failed cast, a vanished file."""


class TimeLimitError(MentorError):
    """The statement was stopped at its time limit."""


class StoppedError(MentorError):
    """The user asked to stop."""


class NotSupportedError(MentorError):
    """This trial or figure can not be had for this statement on this engine; the reason is `what`."""
