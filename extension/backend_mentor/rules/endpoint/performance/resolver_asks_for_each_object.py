"""The rule resolver-asks-for-each-object."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, own_calls, parameters
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.graphql import ResolverKind, read_resolvers
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ONCE = frozenset({"Viewer", "Me", "Root", "Subscription"})


class ResolverAsksForEachObject:
    """A field of GraphQL asks the database once for each object.

    A list of a hundred users with their orders sends a hundred and one statements.
    """

    name: ClassVar[str] = "resolver-asks-for-each-object"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import strawberry
            @strawberry.type
            class User:
                id: int
                @strawberry.field
                def orders(self) -> list[Order]:
                    return session.scalars(select(OrderRow).where(OrderRow.user_id == self.id)).all()
            """,
            says="User.orders asks the database once for each User",
        ),
        FlagsCode(
            """
            import graphene
            class UserType(graphene.ObjectType):
                orders = graphene.List(OrderType)
                def resolve_orders(root, info):
                    return Order.objects.filter(user_id=root.id).count()
            """,
            says="UserType.resolve_orders asks the database once for each UserType",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class User:
                id: int
                @strawberry.field
                async def orders(self, info: strawberry.Info) -> list[Order]:
                    return await info.context["orders"].load(self.id)
            """,
            because="the loader asks once for all users of a request",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class Query:
                @strawberry.field
                def order(self, key: int) -> Order:
                    return session.get(OrderRow, key)
            """,
            because="a query's own field is answered once",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first statement of each object's field whose arguments come from the object."""
        for resolver in read_resolvers(source):
            if resolver.kind is not ResolverKind.FIELD or resolver.owner in _ONCE:
                continue
            first = next((each.arg for each in parameters(resolver.node)), "")
            call = next(
                (
                    each
                    for each in own_calls(resolver.node)
                    if asks_database(each)
                    and any(dotted(part).startswith(f"{first}.") for part in ast.walk(each))
                    and dotted(each.func).partition(".")[0] != first
                ),
                None,
            )
            if call is not None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"{resolver.owner}.{resolver.name} asks the database once for each {resolver.owner}.",
                    why="A list of 100 of them sends 100 statements more, whatever the query that made the list.",
                    instead="Load them with a DataLoader that lives in the context of the request: one "
                    "statement for all.",
                )
