"""The rule count-only-tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.shapes import counts_tested
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CountOnlyTested:
    """Rows are counted to learn whether there is one.

    The database goes through all that match, where it could stop at the first.
    """

    name: ClassVar[str] = "count-only-tested"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def busy(session, key: int):\n"
            "    return session.query(Order).filter(Order.customer_id == key).count() > 0\n",
            says="counts each row to learn whether there is one",
        ),
        FlagsCode(
            "def busy(key):\n    if Order.objects.filter(customer=key).count():\n        return 'busy'\n",
            says="counts each row to learn whether there is one",
        ),
        FlagsCode(
            "def free(key):\n    return Order.objects.filter(customer=key).count() == 0\n",
            says="counts each row to learn whether there is one",
        ),
        PassesCode(
            "def many(key):\n    return Order.objects.filter(customer=key).count() > 5\n", because="it needs the number"
        ),
        PassesCode(
            "def busy(key):\n    return Order.objects.filter(customer=key).exists()\n", because="it stops at the first"
        ),
        PassesCode("def empty(text: str):\n    return text.count('a') == 0\n", because="it is no query"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `count()` of a query that is compared with nothing, or stands as a condition."""
        for call, _, _ in counts_tested(source):
            yield report(
                self,
                source,
                call,
                what=f"`{excerpt(call)}` counts each row to learn whether there is one.",
                why="All that match are read; one would do.",
                instead="Ask whether there is one: `.exists()` in Django, "
                "`session.query(query.exists()).scalar()` in SQLAlchemy.",
            )
