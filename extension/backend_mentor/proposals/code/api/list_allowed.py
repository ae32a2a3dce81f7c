"""A list is answered as JSON."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import takes_arguments
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import argument_added, call_of
from backend_mentor.reading.endpoints.trees import enclosing, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ListAllowed:
    """Tell `JsonResponse` that a list is meant.

    Valid where nothing around the call catches the TypeError that it raises today.
    """

    name: ClassVar[str] = "list-allowed"
    answers: ClassVar[tuple[str, ...]] = ("list-as-json",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from django.http import JsonResponse\n\n\ndef é(request):\n"
            "    return JsonResponse(['é', *(each for each in ALL)], status=200)  # é\n",
            "from django.http import JsonResponse\n\n\ndef é(request):\n"
            "    return JsonResponse(['é', *(each for each in ALL)], status=200, safe=False)  # é\n",
        ),
        Fixes(
            "from django import http\n\n\nclass Orders:\n\tdef get(self, request):\n\t\treturn http.JsonResponse(\n"
            "\t\t\tlist(ORDERS),  # é\n\t\t)",
            "from django import http\n\n\nclass Orders:\n\tdef get(self, request):\n\t\treturn http.JsonResponse(\n"
            "\t\t\tlist(ORDERS), safe=False,  # é\n\t\t)",
        ),
        Declines(
            "from django.http import JsonResponse\n\n\ndef orders(request):\n    return JsonResponse(([1, 2]))\n",
            because="the list stands in brackets of its own, which an argument would have to be put behind",
        ),
        Declines(
            "from django.http import JsonResponse\n\n\ndef orders(request):\n    try:\n"
            "        return JsonResponse([1, 2])\n    except TypeError:\n"
            "        return JsonResponse({'items': [1, 2]})\n",
            because="the clause around it answers already",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `safe=False`."""
        call = call_of(source, finding)
        if call is None or not takes_arguments(source, call):
            return None
        for each in enclosing(source.tree, call):
            if isinstance(each, ast.Try) and any(
                last_name(clause.type) in {"", "TypeError", "Exception", "BaseException"} for clause in each.handlers
            ):
                return None
        return Change(
            title="Let JsonResponse take the list",
            reason="Each request ends in a TypeError today; browsers have guarded lists in JSON for long.",
            edits=(argument_added(source, call, "safe=False"),),
            tradeoffs=Tradeoffs("a list has no room for a cursor of the next page", 'you can answer `{"items": […]}`'),
            conditions=(Condition("the call raises today", "its data is a list"),),
        )
