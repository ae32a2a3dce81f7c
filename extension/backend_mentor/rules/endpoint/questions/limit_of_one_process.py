"""The question limit-of-one-process."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import full_name, has_unpacked, keyword, last_name
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class LimitOfOneProcess:
    """Will there be more than one process behind a limit that is kept in memory?

    Each of them counts for itself.
    """

    name: ClassVar[str] = "limit-of-one-process"
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from slowapi import Limiter
            limiter = Limiter(key_func=get_remote_address)
            """,
            says="Will more than one process serve what limiter limits?",
        ),
        PassesCode(
            """
            from slowapi import Limiter
            limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache")
            """,
            because="all count in one place",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each limiter of slowapi or Flask-Limiter that is given no storage."""
        for node in walk(source.tree):
            call = node.value if isinstance(node, ast.Assign) else None
            if not isinstance(call, ast.Call) or not isinstance(node, ast.Assign):
                continue
            known = full_name(source.tree, call.func) in {"slowapi.Limiter", "flask_limiter.Limiter"}
            if (
                known
                and keyword(call, "storage_uri") is None
                and not has_unpacked(call)
                and "RATELIMIT" not in source.text
            ):
                yield Question(
                    f"Will more than one process serve what {last_name(node.targets[0])} limits?",
                    "It counts in the memory of each: four workers let four times as many through, and a restart "
                    "forgets all. `storage_uri` with Redis counts for all.",
                    self.responsibility,
                )
