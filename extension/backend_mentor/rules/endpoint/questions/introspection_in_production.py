"""The question introspection-in-production."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import calls, constant_text, is_true, keyword
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.graphql import speaks_graphql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class IntrospectionInProduction:
    """May everybody read the GraphQL schema and use its editor?

    Both show each type and each mutation.
    """

    name: ClassVar[str] = "introspection-in-production"
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            'from strawberry.fastapi import GraphQLRouter\nrouter = GraphQLRouter(schema, graphql_ide="graphiql")\n',
            says="Is the GraphQL editor meant to be open in production?",
        ),
        PassesCode(
            "from strawberry.fastapi import GraphQLRouter\nrouter = GraphQLRouter(schema, graphql_ide=None)\n",
            because="it is off",
        ),
        PassesCode(
            "from graphene_django.views import GraphQLView\nview = GraphQLView.as_view(graphiql=settings.DEBUG)\n",
            because="it hangs on the settings",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask where the editor is switched on by a literal."""
        for call in calls(source.tree) if speaks_graphql(source) else ():
            if is_true(keyword(call, "graphiql")) or constant_text(keyword(call, "graphql_ide")) is not None:
                yield Question(
                    "Is the GraphQL editor meant to be open in production?",
                    "It shows each type and mutation to whoever opens the page, and so does introspection "
                    "(OWASP API9:2023).",
                    self.responsibility,
                )
                return
