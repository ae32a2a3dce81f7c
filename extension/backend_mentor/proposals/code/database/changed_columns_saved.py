"""A row is saved with the columns that have changed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of, quoted
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES
from backend_mentor.reading.endpoints.saving import saved_rows
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import is_true, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ChangedColumnsSaved:
    """Name the columns that have changed when a row is saved.

    Valid where the function fetched the row, set columns that the cell declares, and handed it to nobody; and where no
    column of the class is set by `save` itself.
    """

    name: ClassVar[str] = "changed-columns-saved"
    answers: ClassVar[tuple[str, ...]] = ("whole-row-saved",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            DJANGO_TABLES + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'é'\n"
            "    book.save()  # é\n",
            DJANGO_TABLES + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'é'\n"
            '    book.save(update_fields=["title"])  # é\n',
        ),
        Fixes(
            DJANGO_TABLES + "class Books:\n    def sell(self, key):\n        book = Book.objects.get(pk=key)\n"
            "        book.title = 'a'\n        book.sold = 3\n        book.save(\n        )\n",
            DJANGO_TABLES + "class Books:\n    def sell(self, key):\n        book = Book.objects.get(pk=key)\n"
            "        book.title = 'a'\n        book.sold = 3\n"
            '        book.save(update_fields=["title", "sold"])\n',
        ),
        Declines(
            DJANGO_TABLES.replace("sold = models.IntegerField(default=0)", "sold = models.DateTimeField(auto_now=True)")
            + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'a'\n    book.save()\n",
            because="the time of the last change is a column of its own, which would stay as it was",
        ),
        Declines(
            DJANGO_TABLES
            + "def rename(request, key):\n    book = Book.objects.get(pk=key)\n    book.title = 'a'\n    book.save()\n"
            "    book.sold = 3\n    book.save()\n",
            because="which of the two calls saves what is not told apart",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `update_fields`."""
        call = node_of(source, finding, ast.Call)
        saved = next((each for each in saved_rows(source) if each.call is call), None) if call is not None else None
        if call is None or saved is None or sum(each.model == saved.model for each in saved_rows(source)) > 1:
            return None
        table = tables(source)[saved.model]
        # What another class adds to it, as a column that `save` sets, the cell does not show.
        if any(base not in {"models.Model", "Model"} for base in table.model.bases):
            return None
        if any(is_true(keyword(each.call, "auto_now")) for each in table.columns.values() if each.call):
            return None
        start, end = source.span_of(call.func).end, source.span_of(call).end
        if has_comment(source, start, end):
            return None
        names = ", ".join(quoted(source, each) for each in saved.columns)
        return Change(
            title=f"Save {' and '.join(saved.columns)} alone",
            reason="The columns that this function has set are written; the others keep what other requests wrote.",
            edits=(Edit(start, end, f"(update_fields=[{names}])"),),
            tradeoffs=Tradeoffs("a new column that is set here must be named too", "the whole row is meant to win"),
            conditions=(
                Condition(f"the function sets {' and '.join(saved.columns)} alone", "it hands the row to nobody"),
                Condition("save sets no column itself", f"no column of {saved.model} is auto_now"),
            ),
        )
