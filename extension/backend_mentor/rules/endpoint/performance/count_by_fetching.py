"""The rule count-by-fetching."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, dotted
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CountByFetching:
    """Rows are fetched to be counted.

    Each row is sent and made into an object, and all that is used of them is their number.
    """

    name: ClassVar[str] = "count-by-fetching"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def unread(session, user_id: int) -> int:
                return len(session.query(Message).filter(Message.user_id == user_id).all())
            """,
            says="fetches each row to count them",
        ),
        FlagsCode(
            "if len(Order.objects.filter(paid=False)) > 0:\n    remind()\n", says="fetches each row to count them"
        ),
        PassesCode(
            "count = session.scalar(select(func.count()).select_from(Message))\n", because="the database counts"
        ),
        PassesCode("rows = session.query(Message).all()\nprint(len(rows))\n", because="the rows are there for more"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `len()` directly around a query."""
        for call in calls(source.tree):
            if dotted(call.func) != "len" or len(call.args) != 1:
                continue
            names = chain(call.args[0])
            queried = names[-1:] in {("all",), ("fetchall",)} and names_session(names[0]) and len(names) > 2
            if queried or ("objects" in names[:-1] and names[-1] in {"all", "filter", "exclude"}):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(call)}` fetches each row to count them.",
                    why="All rows travel and become objects; their number is one row.",
                    instead="Let the database count: `select(func.count())`, `.count()`; `.exists()` "
                    "for whether there is one.",
                )
