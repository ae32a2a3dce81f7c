"""The rule writer-without-guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, last_name, own_calls
from backend_mentor.rules.endpoint.databases import writes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import (
    changes_data,
    is_guarded,
    is_open_on_purpose,
    may_check_inside,
    may_check_outside,
    writing_address,
)
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

# Fewer guarded siblings prove no habit; the question guard-of-writer is asked of those.
_SIBLINGS = 3
# Siblings that ask for a rank do not show that nobody asks who it is: the router's own router may.
_RANKS = frozenset({"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "scope", "scopes"})


class WriterWithoutGuard:
    """One of the handlers that write checks nobody, while its siblings check who is calling.

    The odd one out is mostly a forgotten line.
    """

    name: ClassVar[str] = "writer-without-guard"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(order: dict, user=Depends(get_current_user)): ...
            @app.put("/orders/{key}")
            def change(key: int, user=Depends(get_current_user)): ...
            @app.post("/orders/{key}/cancel")
            def cancel(key: int, user=Depends(get_current_user)): ...
            @app.delete("/orders/{key}")
            def remove(key: int):
                db.delete(key)
            """,
            says="DELETE /orders/{key} checks nobody; the 3 others that write do",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(order: dict, user=Depends(get_current_user)): ...
            @app.put("/orders/{key}")
            def change(key: int, user=Depends(get_current_user)): ...
            @app.post("/orders/{key}/cancel")
            def cancel(key: int, user=Depends(get_current_user)): ...
            @app.post("/webhook")
            def webhook(event: dict): ...
            """,
            because="a webhook's caller has no account",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI(dependencies=[Depends(get_current_user)])
            @app.post("/orders")
            def add(order: dict, user=Depends(get_current_user)): ...
            @app.put("/orders/{key}")
            def change(key: int, user=Depends(get_current_user)): ...
            @app.post("/orders/{key}/cancel")
            def cancel(key: int, user=Depends(get_current_user)): ...
            @app.delete("/orders/{key}")
            def remove(key: int): ...
            """,
            because="the application checks for all",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the only writing handler of three or more of one router that is not guarded."""
        if may_check_outside(source):
            return
        routers = {route.router for handler in source.handlers for route in handler.routes if route.router}
        for router in sorted(routers):
            writers = [
                each
                for each in source.handlers
                if changes_data(each) and any(route.router == router for route in each.routes)
            ]
            bare = [each for each in writers if not is_guarded(each)]
            guarded = sum(any(not _RANKS & set(words_of(one)) for one in each.guards) for each in writers)
            # Two or more without a guard are a decision as likely as an omission.
            if len(bare) != 1 or guarded < _SIBLINGS:
                continue
            odd = bare[0]
            if (
                odd.node is None
                or is_open_on_purpose(odd)
                or may_check_inside(source, odd)
                or not _does_write(odd.node)
            ):
                continue
            yield report(
                self,
                source,
                odd.node,
                what=f"{writing_address(odd)} checks nobody; the {guarded} others that write do.",
                why="Whoever finds the address can call it (OWASP API5:2023).",
                instead="Give it the dependency of its siblings, or put that on the router, where none can lack it.",
            )


_VERBS = frozenset(
    {"create", "add", "insert", "update", "set", "save", "store", "write", "delete", "remove", "put", "send"}
)


def _does_write(function: Function) -> bool:
    """Return whether the code shows a change: a method such as POST also carries what is only computed."""
    return any(writes(call) or _VERBS & set(words_of(last_name(call))) for call in own_calls(function))
