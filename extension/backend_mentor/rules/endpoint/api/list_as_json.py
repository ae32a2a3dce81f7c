"""The rule list-as-json."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, calls, dotted, full_name, has_unpacked
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ListAsJson:
    """`JsonResponse` is given a list.

    It raises TypeError at the first request: Django wants `safe=False` for anything but a dictionary.
    """

    name: ClassVar[str] = "list-as-json"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from django.http import JsonResponse
            def orders(request):
                return JsonResponse([order.id for order in Order.objects.all()])
            """,
            says="`JsonResponse` refuses a list",
        ),
        PassesCode(
            """
            from django.http import JsonResponse
            def orders(request):
                return JsonResponse([1, 2], safe=False)
            """,
            because="it is told that it is one",
        ),
        PassesCode(
            """
            from django.http import JsonResponse
            def orders(request):
                return JsonResponse({"orders": []})
            """,
            because="it is a dictionary",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each JsonResponse of a literal list, a comprehension or `list(…)` without `safe`."""
        for call in calls(source.tree):
            if full_name(source.tree, call.func) not in {
                "django.http.JsonResponse",
                "django.http.response.JsonResponse",
            }:
                continue
            given = argument(call, 0, "data")
            is_list = isinstance(given, ast.List | ast.ListComp) or (
                isinstance(given, ast.Call) and dotted(given.func) == "list"
            )
            if is_list and argument(call, 2, "safe") is None and not has_unpacked(call):
                yield report(
                    self,
                    source,
                    call,
                    what="`JsonResponse` refuses a list: it raises TypeError at the first request.",
                    why="Django demands a dictionary unless it is told otherwise.",
                    instead='Answer `{"items": […]}`, which leaves room for a page\'s cursor; or write `safe=False`.',
                )
