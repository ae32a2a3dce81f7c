"""The rule mutation-without-permission."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.graphql import ResolverKind, read_resolvers
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SIBLINGS = 2
_CHECKED = re.compile(
    r"user|auth|permission|login|register|signup|token|require|role|admin|verif|password|refresh|public", re.IGNORECASE
)


class MutationWithoutPermission:
    """One mutation checks nobody, while its siblings check who is calling.

    The odd one out is mostly a forgotten argument.
    """

    name: ClassVar[str] = "mutation-without-permission"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import strawberry
            @strawberry.type
            class Mutation:
                @strawberry.mutation(permission_classes=[IsAuthenticated])
                def add(self, name: str) -> Order: ...
                @strawberry.mutation(permission_classes=[IsAuthenticated])
                def rename(self, key: int, name: str) -> Order: ...
                @strawberry.mutation
                def remove(self, key: int) -> bool: ...
            """,
            says="The mutation remove checks nobody; the 2 others do",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class Mutation:
                @strawberry.mutation(permission_classes=[IsAuthenticated])
                def add(self, name: str) -> Order: ...
                @strawberry.mutation(permission_classes=[IsAuthenticated])
                def rename(self, key: int, name: str) -> Order: ...
                @strawberry.mutation
                def login(self, name: str) -> str: ...
            """,
            because="nobody is known before he has logged in",
        ),
        PassesCode(
            """
            import strawberry
            @strawberry.type
            class Mutation:
                @strawberry.mutation
                def add(self, name: str) -> Order: ...
                @strawberry.mutation
                def remove(self, key: int) -> bool: ...
            """,
            because="none of them does, so the endpoint may",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the only mutation of three or more of one type that has no permission and no word of one."""
        mutations = [each for each in read_resolvers(source) if each.kind is ResolverKind.MUTATION]
        for owner in sorted({each.owner for each in mutations}):
            own = [each for each in mutations if each.owner == owner]
            bare = [each for each in own if not each.guards]
            if len(bare) != 1 or len(own) <= _SIBLINGS or _CHECKED.search(source.code_of(bare[0].node)):
                continue
            yield report(
                self,
                source,
                bare[0].node,
                what=f"The mutation {bare[0].name} checks nobody; the {len(own) - 1} others do.",
                why="Whoever reads the schema can call it (OWASP API5:2023).",
                instead="Give it the permission_classes of its siblings.",
            )
