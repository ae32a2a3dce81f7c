"""The rule lock-outside-transaction."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, enclosing, own_calls, parameters
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.code import Function


class LockOutsideTransaction:
    """Rows are locked outside of a transaction.

    A lock lasts as long as its transaction; without one Django raises TransactionManagementError.
    """

    name: ClassVar[str] = "lock-outside-transaction"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            DJANGO_TABLES + "def sell(request, key):\n    book = Book.objects.select_for_update().get(pk=key)\n"
            "    book.sold += 1\n    book.save()\n",
            says="sell locks rows outside of a transaction",
        ),
        PassesCode(
            DJANGO_TABLES + "@transaction.atomic\ndef sell(request, key):\n"
            "    book = Book.objects.select_for_update().get(pk=key)\n    book.sold += 1\n    book.save()\n",
            because="the decorator opens one",
        ),
        PassesCode(
            DJANGO_TABLES + "def sell(request, key):\n    with transaction.atomic():\n"
            "        book = Book.objects.select_for_update().get(pk=key)\n        book.sold += 1\n"
            "        book.save()\n",
            because="the block opens one",
        ),
        PassesCode(
            DJANGO_TABLES + "def locked(key):\n    return Book.objects.select_for_update().get(pk=key)\n",
            because="its caller can have opened one",
        ),
        PassesCode(
            """
            async def update(request, key):
                async with in_transaction() as connection:
                    order = await Order.filter(id=key).using_db(connection).select_for_update().get()
            """,
            because="another library's transaction is one",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `select_for_update` that a view sends itself, where neither block nor decorator is atomic."""
        for handler in (*source.handlers, *source.functions):
            if (
                handler.node is None
                or not _is_view(handler.node)
                or any("atomic" in each for each in handler.decorators)
            ):
                continue
            for call in own_calls(handler.node):
                names = chain(call)
                if "select_for_update" not in names[:-1] or names[-1] not in {"get", "first", "last"}:
                    continue
                blocks = [each for each in enclosing(source.tree, call) if isinstance(each, ast.With | ast.AsyncWith)]
                opened = " ".join(ast.unparse(item) for each in blocks for item in each.items)
                if "atomic" not in opened and "transaction" not in opened:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} locks rows outside of a transaction.",
                        why="Without ATOMIC_REQUESTS Django raises TransactionManagementError here.",
                        instead="Put the read and the write into `with transaction.atomic():`.",
                    )


def _is_view(function: Function) -> bool:
    given = parameters(function)
    return any(each.arg == "request" for each in given[:2])
