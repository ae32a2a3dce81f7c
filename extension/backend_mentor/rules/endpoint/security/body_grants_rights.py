"""The rule body-grants-rights."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, keyword, last_name, own_calls, root_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import body_models
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_RIGHTS = frozenset(
    {
        "is_admin",
        "is_superuser",
        "is_staff",
        "role",
        "roles",
        "balance",
        "is_verified",
        "owner_id",
        "permissions",
        "credit",
    }
)
_RANKS = frozenset({"admin", "superuser", "staff", "role", "roles", "permission", "permissions", "scope", "require"})


class BodyGrantsRights:
    """A body's model has fields that are not the caller's to set, and all of it is written to a row.

    A client that adds `"is_admin": true` is an administrator.
    """

    name: ClassVar[str] = "body-grants-rights"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class UserIn(BaseModel):
                name: str
                is_admin: bool = False
            @app.post("/register")
            def register(body: UserIn, session=Depends(get_session)):
                session.add(User(**body.model_dump()))
            """,
            says="register lets the caller set is_admin of User",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class UserIn(BaseModel):
                name: str
                is_admin: bool = False
            @app.post("/register")
            def register(body: UserIn, session=Depends(get_session)):
                session.add(User(**body.model_dump(exclude={"is_admin"})))
            """,
            because="the field is left out",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class UserIn(BaseModel):
                name: str
                is_admin: bool = False
            @app.post("/users")
            def add(body: UserIn, admin=Depends(get_current_admin)):
                session.add(User(**body.model_dump()))
            """,
            because="an administrator may",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each mapped class made from a whole body with a field of rights, in a handler that no rank guards."""
        for handler in source.handlers:
            if handler.node is None or any(_RANKS & set(words_of(each)) for each in handler.guards):
                continue
            bodies = {
                name: [each.name for each in model.fields if each.name in _RIGHTS]
                for name, model in body_models(source, handler)
            }
            for call in own_calls(handler.node):
                for given in call.keywords:
                    if given.arg is not None or not isinstance(given.value, ast.Call) or given.value.args:
                        continue
                    held = bodies.get(root_name(given.value), [])
                    dumps = last_name(given.value) in {"model_dump", "dict"} and keyword(given.value, "exclude") is None
                    if held and dumps and keyword(given.value, "include") is None and _is_row(source, call):
                        yield report(
                            self,
                            source,
                            call,
                            what=f"{handler.name} lets the caller set {held[0]} of {dotted(call.func)}.",
                            why="Each field of the body's model is in the interface, whether your page offers it "
                            "or not (OWASP API3:2023).",
                            instead=f"Take {held[0]} out of the model, and set it where an administrator decides.",
                        )


def _is_row(source: Source, call: ast.Call) -> bool:
    name = dotted(call.func)
    model = source.model(name)
    if model is not None:
        return model.kind in (ModelKind.SQLALCHEMY, ModelKind.SQLMODEL, ModelKind.DJANGO)
    return name[:1].isupper() or name.endswith(".objects.create")
