"""The question scope-of-view."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import chain, last_name, names_in, walk
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class ScopeOfView:
    """May every user list every row of a view?

    A queryset of all objects is everybody's, whoever is logged in.
    """

    name: ClassVar[str] = "scope-of-view"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from rest_framework.viewsets import ModelViewSet
            class OrderView(ModelViewSet):
                queryset = Order.objects.all()
                permission_classes = [IsAuthenticated]
            """,
            says="May every user see and change every Order?",
        ),
        PassesCode(
            """
            from rest_framework.viewsets import ModelViewSet
            class OrderView(ModelViewSet):
                queryset = Order.objects.all()
                permission_classes = [IsAuthenticated]
                def get_queryset(self):
                    return super().get_queryset().filter(owner=self.request.user)
            """,
            because="it narrows the rows to the user's",
        ),
        PassesCode(
            """
            from rest_framework.viewsets import ReadOnlyModelViewSet
            class CountryView(ReadOnlyModelViewSet):
                queryset = Country.objects.all()
                permission_classes = [AllowAny]
            """,
            because="it is meant for everybody",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each view set for authenticated users on all objects that neither filters nor checks the object."""
        for node in walk(source.tree):
            if not isinstance(node, ast.ClassDef) or not any(
                last_name(each).endswith("ViewSet") for each in node.bases
            ):
                continue
            given = {last_name(each.targets[0]): each.value for each in node.body if isinstance(each, ast.Assign)}
            narrowed = any(
                isinstance(each, ast.FunctionDef) and each.name in {"get_queryset", "get_object", "get_permissions"}
                for each in node.body
            )
            names = chain(given["queryset"]) if "queryset" in given else ()
            kept = names_in(given.get("permission_classes"))
            if names[1:] == ("objects", "all") and kept == {"IsAuthenticated"} and not narrowed:
                yield Question(
                    f"May every user see and change every {names[0]}?",
                    f"{node.name} asks only that somebody is logged in, and serves all rows (OWASP API1:2023).",
                    self.responsibility,
                )
