"""The rule sync-orm-in-async."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.shapes import sync_queries
from backend_mentor.rules.endpoint.code import chain
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SyncOrmInAsync:
    """A query of Django is sent synchronously in an `async def`.

    Django refuses it there: it raises SynchronousOnlyOperation.
    """

    name: ClassVar[str] = "sync-orm-in-async"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            DJANGO_TABLES + "async def book(request, key):\n    found = Book.objects.get(pk=key)\n    return found\n",
            says="`Book.objects.get` is sent synchronously in book",
        ),
        FlagsCode(
            DJANGO_TABLES
            + "async def books(request):\n    for book in Book.objects.filter(sold=0):\n        print(book)\n",
            says="`Book.objects.filter` is sent synchronously in books",
        ),
        PassesCode(
            DJANGO_TABLES
            + "async def book(request, key):\n    found = await Book.objects.aget(pk=key)\n    return found\n",
            because="it is awaited",
        ),
        PassesCode(
            DJANGO_TABLES
            + "async def books(request):\n    return [book async for book in Book.objects.filter(sold=0)]\n",
            because="`async for` asks asynchronously",
        ),
        PassesCode(
            DJANGO_TABLES
            + "async def books(request):\n    found = Book.objects.filter(sold=0)\n    return await show(found)\n",
            because="nothing is sent by building a queryset",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call that sends a query of a class of the cell, and each plain loop over one, in async code."""
        for call, function in sync_queries(source):
            yield report(
                self,
                source,
                call,
                what=f"`{'.'.join(chain(call))}` is sent synchronously in {function.name}.",
                why="Django raises SynchronousOnlyOperation in asynchronous code: the caller sees a 500.",
                instead="Await its asynchronous counterpart (`aget`, `acount`, `acreate`), or go through the rows "
                "with `async for`.",
            )
