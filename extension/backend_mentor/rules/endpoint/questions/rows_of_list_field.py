"""The question rows-of-list-field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import own_calls
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.graphql import read_resolvers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class RowsOfListField:
    """How many rows can a field of GraphQL answer at most?

    A field without arguments answers all of them, and nested in another all of them for each.
    """

    name: ClassVar[str] = "rows-of-list-field"
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            import strawberry
            @strawberry.type
            class Query:
                @strawberry.field
                def orders(self) -> list[Order]:
                    return session.scalars(select(OrderRow)).all()
            """,
            says="How many rows can orders answer at most?",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class Query:
                @strawberry.field
                def orders(self, first: int = 20) -> list[Order]:
                    return session.scalars(select(OrderRow).order_by(OrderRow.id).limit(first)).all()
            """,
            because="the caller says how many",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class User:
                @strawberry.field
                def orders(self) -> list[Order]:
                    return session.scalars(select(OrderRow).where(OrderRow.user_id == self.id)).all()
            """,
            because="it is only the rows of one user",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each resolver of a list that asks a database with neither condition nor limit."""
        for resolver in read_resolvers(source):
            code = source.code_of(resolver.node)
            is_list = re.match(r"(?:typing\.)?[lL]ist\[", resolver.returns or "")
            if not is_list or resolver.arguments or re.search(r"limit|\[:|where|filter|first|page|slice|load", code):
                continue
            if any(asks_database(call) for call in own_calls(resolver.node)):
                yield Question(
                    f"How many rows can {resolver.name} answer at most?",
                    "It takes no arguments, and its answer grows with the table. Unless that stays small, take "
                    "`first: int = 20` and `after`, and allow 100 at most (OWASP API4:2023).",
                    self.responsibility,
                )
