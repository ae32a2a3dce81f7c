"""A view that locks rows runs in one transaction."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, node_of
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES
from backend_mentor.reading.endpoints.trees import chain, enclosing_function, own_calls

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class LockedInTransaction:
    """Put `@transaction.atomic` on a view that locks rows.

    Valid for a plain function: a lock lasts as long as its transaction, and without one Django refuses it.
    """

    name: ClassVar[str] = "locked-in-transaction"
    answers: ClassVar[tuple[str, ...]] = ("lock-outside-transaction",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            DJANGO_TABLES + "# é\ndef sell(request, key):\n    book = Book.objects.select_for_update().get(pk=key)\n"
            "    book.title = 'é'\n",
            DJANGO_TABLES + "# é\n@transaction.atomic\ndef sell(request, key):\n"
            "    book = Book.objects.select_for_update().get(pk=key)\n    book.title = 'é'\n",
        ),
        Fixes(
            DJANGO_TABLES
            + "class Sale(View):\n    @method_decorator(login_required)\n    def post(self, request, key):\n"
            "        return Book.objects.select_for_update().get(pk=key)\n",
            DJANGO_TABLES + "class Sale(View):\n    @method_decorator(login_required)\n    @transaction.atomic\n"
            "    def post(self, request, key):\n        return Book.objects.select_for_update().get(pk=key)\n",
        ),
        Declines(
            DJANGO_TABLES + "async def sell(request, key):\n"
            "    book = await sync_to_async(lambda: 1)()\n    return Book.objects.select_for_update().get(pk=key)\n",
            because="atomic does not work in asynchronous code",
        ),
        Declines(
            DJANGO_TABLES + "def sell(request, key):\n    book = Book.objects.select_for_update().get(pk=key)\n"
            "    requests.post(PAY, timeout=3)\n",
            because="the transaction would wait for another service",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the decorator next to the function."""
        call = node_of(source, finding, ast.Call)
        function = enclosing_function(source.tree, call) if call is not None else None
        indent = indent_of(source, function) if function is not None else None
        if not isinstance(function, ast.FunctionDef) or indent is None:
            return None
        if any(chain(each)[:1] and chain(each)[0] in {"requests", "httpx", "time"} for each in own_calls(function)):
            return None
        start = source.line_offsets[function.lineno - 1]
        return Change(
            title=f"Run {function.name} in one transaction",
            reason="The lock is held until the function has done, and its writes are made together or not at all.",
            edits=(Edit(start, start, f"{indent}@transaction.atomic\n"),),
            imports=("django.db.transaction",),
            tradeoffs=Tradeoffs("rows stay locked for as long as the view takes", "ATOMIC_REQUESTS is on already"),
            conditions=(Condition("the view waits for nothing else", f"the calls of {function.name}"),),
        )
