"""The rule whole-row-saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.saving import saved_rows
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class WholeRowSaved:
    """Django writes each column of a row of which one has changed.

    What another request has written into the others since the row was read is overwritten with old values.
    """

    name: ClassVar[str] = "whole-row-saved"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            DJANGO_TABLES + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'New'\n"
            "    book.save()\n",
            says="`book.save()` writes each column of Book, and title is what has changed",
        ),
        PassesCode(
            DJANGO_TABLES + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'New'\n"
            "    book.save(update_fields=['title'])\n",
            because="the one column is named",
        ),
        PassesCode(
            DJANGO_TABLES + "def rename(request, key):\n    book = Book.objects.select_for_update().get(pk=key)\n"
            "    book.title = 'New'\n    book.save()\n",
            because="the row is locked from the read on",
        ),
        PassesCode(
            DJANGO_TABLES + "def add(request):\n    book = Book()\n    book.title = 'New'\n    book.save()\n",
            because="the row is new",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each bare `save()` of a row that the function has fetched and set columns of."""
        for saved in saved_rows(source):
            yield report(
                self,
                source,
                saved.call,
                what=f"`{source.code_of(saved.call)}` writes each column of {saved.model}, "
                f"and {' and '.join(saved.columns)} {'is' if len(saved.columns) == 1 else 'are'} what has changed.",
                why="A value that another request has written since the row was read is lost.",
                instead=f"Name the columns: `save(update_fields=[{', '.join(map(repr, saved.columns))}])`.",
            )
