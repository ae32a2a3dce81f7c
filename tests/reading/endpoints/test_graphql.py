"""What is read of GraphQL in a cell."""

from __future__ import annotations

import textwrap

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.reading.endpoints.graphql import Resolver, ResolverKind, read_resolvers, schemas


def read(text: str) -> tuple[Resolver, ...]:
    return read_resolvers(read_source(Cell(textwrap.dedent(text), CellKind.ENDPOINT)))


def test_strawberry_resolvers_are_read_with_their_permissions_and_arguments() -> None:
    found = read("""
        import strawberry
        @strawberry.type
        class User:
            @strawberry.field
            def orders(self) -> list[Order]: ...
        @strawberry.type
        class Mutation:
            @strawberry.mutation(permission_classes=[IsAdmin])
            def remove(self, info: strawberry.Info, name: str) -> bool: ...
            def helper(self): ...
    """)
    assert [(each.owner, each.name, each.kind) for each in found] == [
        ("User", "orders", ResolverKind.FIELD),
        ("Mutation", "remove", ResolverKind.MUTATION),
    ]
    assert (found[1].arguments, found[1].guards) == (("name",), ("IsAdmin",))
    assert found[0].returns == "list[Order]"


def test_graphene_resolvers_are_read_by_their_names() -> None:
    found = read("""
        import graphene
        class Query(graphene.ObjectType):
            user = graphene.Field(UserType, name=graphene.String())
            def resolve_user(root, info, name): ...
        class Rename(graphene.Mutation):
            @login_required
            def mutate(self, info, name): ...
    """)
    assert [(each.kind, each.arguments, each.guards) for each in found] == [
        (ResolverKind.QUERY, ("name",), ()),
        (ResolverKind.MUTATION, ("name",), ("login_required",)),
    ]


def test_ariadne_resolvers_are_read_by_the_type_that_registers_them() -> None:
    found = read("""
        from ariadne import ObjectType, QueryType
        query = QueryType()
        user = ObjectType("User")
        @query.field("users")
        def users(_, info, name): ...
        @user.field("orders")
        def orders(obj, info): ...
    """)
    assert [(each.owner, each.kind, each.arguments) for each in found] == [
        ("Query", ResolverKind.QUERY, ("name",)),
        ("User", ResolverKind.FIELD, ()),
    ]


def test_a_cell_without_graphql_has_no_resolvers() -> None:
    assert read("class Query:\n    def resolve_user(self): ...\n") == ()


def test_the_calls_that_make_a_schema_are_found() -> None:
    source = read_source(Cell("import strawberry\nschema = strawberry.Schema(query=Query)\n", CellKind.ENDPOINT))
    assert len(list(schemas(source))) == 1
