"""The rule patch-overwrites-with-defaults."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    chain,
    enclosing,
    last_name,
    names_in,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOGS = frozenset({"debug", "info", "warning", "error", "exception", "log", "print"})


class PatchOverwritesWithDefaults:
    """A PATCH writes the defaults of fields that the caller did not send.

    Whoever changes one field resets all others.
    """

    name: ClassVar[str] = "patch-overwrites-with-defaults"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.patch("/users/{key}")
            def change(key: int, body: UserPatch, session: Session = Depends(get_session)):
                user = session.get(User, key)
                for name, value in body.model_dump().items():
                    setattr(user, name, value)
            """,
            says="change writes each field of body",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.patch("/users/{key}")
            def change(key: int, body: UserPatch):
                for name, value in body.model_dump(exclude_unset=True).items():
                    setattr(USERS[key], name, value)
            """,
            because="what was not sent is left out",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.put("/users/{key}")
            def replace(key: int, body: UserIn):
                USERS[key] = body.model_dump()
            """,
            because="a PUT replaces the whole",
        ),
        PassesCode(
            """
            @router.patch("/items/{key}")
            def patch(key: int, body: ItemPatch, session: Session = Depends(get_session)):
                ItemPatch(**body.model_dump())
                session.execute(update(Item).where(Item.id == key).values(name=body.name))
            """,
            because="it is only validated once more",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            from pydantic import BaseModel
            app = FastAPI()
            class Change(BaseModel):
                name: str = ""
            @app.patch("/people/{key}")
            def change(key: int, body: Change):
                logger.debug("change %s: %s", key, body.model_dump())
                session.query(Person).filter(Person.id == key).update(operations_of(body))
            """,
            because="the dump goes to the log alone",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each dump of the body without `exclude_unset` in a handler of PATCH alone that updates from it."""
        for handler in source.handlers:
            if handler.node is None or set(handler.methods) != {"PATCH"}:
                continue
            bodies = {each.name for each in handler.parameters_of(ParameterKind.BODY, ParameterKind.UNKNOWN)}
            updates = any(
                last_name(each) in {"setattr", "update", "values", "sqlmodel_update"}
                for each in own_calls(handler.node)
            )
            for call in own_calls(handler.node):
                names = chain(call)
                if (
                    len(names) == 2
                    and names[0] in bodies
                    and names[1] in {"model_dump", "dict"}
                    and updates
                    and _is_written(source, handler.node, call)
                    and not call.keywords
                ):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} writes each field of {names[0]}, also those that were not sent.",
                        why="Their defaults overwrite what is stored: who changes one field resets the others.",
                        instead=f"Use `{names[0]}.{names[1]}(exclude_unset=True)`.",
                    )


def _is_written(source: Source, function: Function, dump: ast.Call) -> bool:
    """Return whether what was dumped goes into an update: directly, or by a variable."""
    if any(isinstance(each, ast.Call) and last_name(each) in _LOGS for each in enclosing(source.tree, dump)):
        return False
    around = next(iter(enclosing(source.tree, dump)), None)
    if isinstance(around, ast.Assign):
        held = targets(around)
        return any(
            held & names_in(each) and last_name(each) not in {"model_validate", "validate_python"}
            for each in (
                *own_calls(function),
                *(node.iter for node in own_nodes(function) if isinstance(node, ast.For)),
            )
        )
    return not any(
        isinstance(each, ast.Call) and last_name(each) in {"model_validate", "validate_python"}
        for each in enclosing(source.tree, dump)
    ) and not (isinstance(around, ast.keyword) and _makes_object(source, around))


def _makes_object(source: Source, keyword: ast.keyword) -> bool:
    call = next(iter(enclosing(source.tree, keyword)), None)
    return isinstance(call, ast.Call) and last_name(call)[:1].isupper()
