"""Django's queries are awaited in asynchronous code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_before, awaited, can_await, node_of
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES
from backend_mentor.reading.endpoints.trees import dotted, enclosing, root_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_BUILDS = frozenset(
    {"all", "filter", "exclude", "order_by", "distinct", "select_related", "prefetch_related", "values", "values_list"}
)


class OrmAwaited:
    """Await Django's asynchronous method, or go through the rows with `async for`.

    Valid in the body of an `async def`: Django has the counterpart with an `a` before its name, and the plain one
    raises there.
    """

    name: ClassVar[str] = "orm-awaited"
    answers: ClassVar[tuple[str, ...]] = ("sync-orm-in-async",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            DJANGO_TABLES + "async def book(request, é):\n    return Book.objects.get(pk=é).title\n",
            DJANGO_TABLES + "async def book(request, é):\n    return (await Book.objects.aget(pk=é)).title\n",
        ),
        Fixes(
            DJANGO_TABLES
            + "async def books(request):\n    total = Book.objects.filter(\n        sold=0  # é\n    ).count()\n"
            "    for book in Book.objects.filter(sold=0):  # é\n        print(book.title, total)\n",
            DJANGO_TABLES + "async def books(request):\n    total = await Book.objects.filter(\n        sold=0  # é\n"
            "    ).acount()\n    async for book in Book.objects.filter(sold=0):  # é\n"
            "        print(book.title, total)\n",
        ),
        Declines(
            DJANGO_TABLES + "async def books(request):\n    return sum(book.sold for book in Book.objects.all())\n",
            because="an asynchronous generator is not for `sum`",
        ),
        Declines(
            DJANGO_TABLES + "async def books(request, keys):\n    return map(lambda key: 1, [*keys]), "
            "list(Book.objects.get(pk=key) for key in keys)\n",
            because="a generator that awaits is no list's",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the `a` and the `await`, or the `async`."""
        call = node_of(source, finding, ast.Call)
        if call is None or not isinstance(call.func, ast.Attribute):
            return None
        around = next(iter(enclosing(source.tree, call)), None)
        if isinstance(around, ast.For) and around.iter is call and can_await(source, around):
            edits: tuple[Edit, ...] = (added_before(source, around, "async "),)
        elif isinstance(around, ast.comprehension) and around.iter is call:
            whole = next(iter(enclosing(source.tree, around)), None)
            if whole is None or isinstance(whole, ast.GeneratorExp) or not can_await(source, whole):
                return None
            start = source.text.rfind("for", 0, source.span_of(around.target).start)
            edits = (Edit(start, start, "async "),)
        elif can_await(source, call) and call.func.attr not in _BUILDS:
            end = source.span_of(call.func).end
            start = end - len(call.func.attr)
            edits = (*awaited(source, call), Edit(start, start, "a"))
        else:
            return None
        name = dotted(call.func) or call.func.attr
        return Change(
            title=f"Ask for {root_name(call)} asynchronously",
            reason="Django raises SynchronousOnlyOperation for the plain call; the asynchronous one answers the same.",
            edits=edits,
            tradeoffs=Tradeoffs("Django still runs the query in a thread"),
            conditions=(Condition("it runs in the body of an async def", f"`{name}`, line {call.lineno}"),),
        )
