"""The rule owner-not-checked."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind, ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import names_in, own_calls, own_nodes
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Parameter, Source
    from backend_mentor.domain.finding import Finding

_RANKS = frozenset({"admin", "superuser", "staff", "role", "roles", "permission", "require", "requires", "optional"})


class OwnerNotChecked:
    """A handler knows who is calling and loads an object by its number without comparing the two.

    Whoever is logged in reads or changes the objects of others by counting up the number.
    """

    name: ClassVar[str] = "owner-not-checked"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{order_id}")
            def order(order_id: int, user: User = Depends(get_current_user), session: Session = Depends(get_session)):
                return session.get(Order, order_id)
            """,
            says="order loads by order_id and never uses user",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{order_id}")
            def order(order_id: int, user: User = Depends(get_current_user), session: Session = Depends(get_session)):
                return session.scalar(select(Order).where(Order.id == order_id, Order.owner_id == user.id))
            """,
            because="the owner is part of the condition",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/admin/orders/{order_id}")
            def order(order_id: int, user: User = Depends(get_current_admin), session: Session = Depends(get_session)):
                return session.get(Order, order_id)
            """,
            because="administrators see all of them",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each handler with a path's id and a dependency on the current user that its body never reads."""
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE:
                continue
            keys = [
                each.name
                for each in handler.parameters_of(ParameterKind.PATH)
                if each.name == "id" or each.name.endswith(("_id", "_key", "_uuid"))
            ]
            users = [
                each
                for each in handler.parameters_of(ParameterKind.DEPENDENCY)
                if {"user", "principal", "account"} & set(words_of(each.name))
                and not _RANKS & set(words_of(f"{each.provider} {each.type}"))
            ]
            read = frozenset(node.id for node in own_nodes(handler.node) if isinstance(node, ast.Name))
            loads = next(
                (
                    each
                    for each in own_calls(handler.node)
                    if asks_database(each) and any(names_in(part) & set(keys) for part in ast.walk(each))
                ),
                None,
            )
            if keys and len(users) == 1 and users[0].name not in read and loads is not None and not handler.guards[1:]:
                yield report(
                    self,
                    source,
                    loads,
                    what=f"{handler.name} loads by {keys[0]} and never uses {users[0].name}.",
                    why="Whoever is logged in gets the objects of others by counting up the number (OWASP API1:2023).",
                    instead="Put the owner into the condition, `.where(Model.owner_id == "
                    f"{_number_of(users[0])})`, and answer 404; "
                    "if everybody is meant to see it, move the dependency to the decorator.",
                )


def _number_of(user: Parameter) -> str:
    """Return how a handler writes the number of its caller: the dependency can provide the number itself."""
    is_number = user.type in {"int", "str", "UUID", "uuid.UUID"} or words_of(user.name)[-1] == "id"
    return user.name if is_number else f"{user.name}.id"
