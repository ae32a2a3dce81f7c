"""The rule loader-shared-by-requests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, is_false, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FEW = 3


class LoaderSharedByRequests:
    """A DataLoader lives as long as the process.

    It keeps what it has loaded: one user gets what another was allowed to see, and changes are never seen.
    """

    name: ClassVar[str] = "loader-shared-by-requests"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("orders = DataLoader(load_fn=load_orders)\n", says="orders is one DataLoader for all requests"),
        PassesCode(
            """
            async def get_context():
                return {"orders": DataLoader(load_fn=load_orders)}
            """,
            because="each request has its own",
        ),
        PassesCode(
            """
            from torch.utils.data import DataLoader
            batches = DataLoader(dataset, batch_size=32)
            """,
            because="that one reads training data",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each DataLoader of a GraphQL library that is made at the top level, with its cache on."""
        for node in source.tree.body:
            if not isinstance(node, ast.Assign) or last_name(node.value) != "DataLoader":
                continue
            call = node.value
            if not isinstance(call, ast.Call) or full_name(source.tree, call.func).startswith(("torch", "jax")):
                continue
            loads = keyword(call, "load_fn") or keyword(call, "batch_load_fn")
            if is_false(keyword(call, "cache")) or (loads is None and len(call.args) != 1) or len(call.keywords) > _FEW:
                continue
            if keyword(call, "batch_size") is None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"{last_name(node.targets[0])} is one DataLoader for all requests.",
                    why="It keeps each row that it has loaded: the next user gets it too, and never sees it change "
                    "(OWASP API1:2023).",
                    instead="Make it in the function that builds the context, once for each request.",
                )
