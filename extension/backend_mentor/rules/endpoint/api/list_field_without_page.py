"""The rule list-field-without-page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, own_calls
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.graphql import read_resolvers
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ListFieldWithoutPage:
    """A field of GraphQL answers all rows of a table.

    A caller can not ask for fewer, and nested in another field it is all rows for each of those.
    """

    name: ClassVar[str] = "list-field-without-page"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import strawberry
            @strawberry.type
            class Query:
                @strawberry.field
                def orders(self) -> list[Order]:
                    return session.scalars(select(OrderRow)).all()
            """,
            says="orders answers all rows",
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

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each resolver of a list that asks a database with neither condition nor limit."""
        for resolver in read_resolvers(source):
            code = source.code_of(resolver.node)
            is_list = re.match(r"(?:typing\.)?[lL]ist\[", resolver.returns or "") or resolver.name.startswith(
                "resolve_all"
            )
            if not is_list or resolver.arguments or re.search(r"limit|\[:|where|filter|first|page|slice|load", code):
                continue
            call = next(
                (
                    each
                    for each in own_calls(resolver.node)
                    if asks_database(each) or chain(each)[1:] == ("objects", "all")
                ),
                None,
            )
            if call is not None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"{resolver.name} answers all rows.",
                    why="The answer grows with the table until a request takes all the memory (OWASP API4:2023).",
                    instead="Take `first: int = 20` and `after`, order by the key, and allow 100 at most.",
                )
