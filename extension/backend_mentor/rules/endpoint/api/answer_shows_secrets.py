"""The rule answer-shows-secrets."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import is_true, last_name, own_nodes, targets
from backend_mentor.rules.endpoint.databases import chained
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Model, Source
    from backend_mentor.domain.finding import Finding

_SECRET = re.compile(r"password|passwd|hash|secret|token|ssn|api_?key", re.IGNORECASE)
_READS = frozenset(
    {"get", "scalar", "scalars", "first", "one", "one_or_none", "all", "scalar_one", "scalar_one_or_none"}
)


class AnswerShowsSecrets:
    """A row with a secret column is answered as it is.

    Each column goes out: the hash of the password too.
    """

    name: ClassVar[str] = "answer-shows-secrets"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                password_hash: Mapped[str]
            @app.get("/users/{key}")
            def user(key: int, session=Depends(get_session)):
                return session.get(User, key)
            """,
            says="GET /users/{key} answers with password_hash of User",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI
            from sqlmodel import SQLModel
            app = FastAPI()
            class User(SQLModel, table=True):
                id: int
                api_key: str
            @app.get("/users", response_model=list[User])
            def users(session=Depends(get_session)):
                return session.exec(select(User)).all()
            """,
            says="GET /users answers with api_key of User",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                password_hash: Mapped[str]
            @app.get("/users/{key}", response_model=UserOut)
            def user(key: int, session=Depends(get_session)):
                return session.get(User, key)
            """,
            because="the model of the answer lets only its own fields through",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            class Order(Base):
                __tablename__ = "orders"
                id: Mapped[int] = mapped_column(primary_key=True)
                total: Mapped[int]
            @app.get("/orders/{key}")
            def order(key: int, session=Depends(get_session)):
                return session.get(Order, key)
            """,
            because="nothing of it is secret",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each answer of FastAPI that is a row of a mapped class of the cell with a column named as a secret."""
        if source.framework != "FastAPI":
            return
        secret = {
            model.name: _secret_of(model)
            for model in source.models
            if model.kind in (ModelKind.SQLALCHEMY, ModelKind.SQLMODEL) and _is_table(source, model)
        }
        for handler in source.handlers:
            shown = handler.response_model or handler.return_type
            if handler.node is None or "response_class" in source.code_of(handler.node):
                continue
            if shown is not None and not any(re.search(rf"\b{name}\b", shown) for name in secret):
                continue
            name = _answered(handler, secret)
            if name is not None:
                yield report(
                    self,
                    source,
                    handler.node,
                    what=f"{next(iter(handler.methods), 'GET')} {handler.route} answers with {secret[name]} of {name}.",
                    why="FastAPI writes each column of a row into the JSON unless a model of the answer leaves it out "
                    "(OWASP API3:2023).",
                    instead=f"Declare a model without {secret[name]} as the return type.",
                )


def _secret_of(model: Model) -> str | None:
    names = (each.name for each in model.fields)
    return next((name for name in names if _SECRET.search(name) and not name.endswith(("_id", "_at"))), None)


def _answered(handler: Handler, secret: dict[str, str | None]) -> str | None:
    """Return the class with a secret whose rows the handler returns as they were read."""
    rows: dict[str, str] = {}
    for node in own_nodes(handler.node) if handler.node is not None else ():
        if isinstance(node, ast.Assign) and (read := _read_of(node.value, secret)) is not None:
            rows |= dict.fromkeys(targets(node), read)
        elif isinstance(node, ast.Return) and node.value is not None:
            found = rows.get(node.value.id) if isinstance(node.value, ast.Name) else _read_of(node.value, secret)
            if found is not None:
                return found
    return None


def _read_of(node: ast.expr, secret: dict[str, str | None]) -> str | None:
    inner = node.value if isinstance(node, ast.Await) else node
    if not isinstance(inner, ast.Call) or last_name(inner) not in _READS:
        return None
    for call in chained(inner):
        for given in call.args[:1]:
            name = _selected(given)
            if name in secret and secret[name] is not None:
                return name
    return None


def _selected(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    for call in chained(node):
        if last_name(call) in {"select", "query"} and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
            return call.args[0].id
    return ""


def _is_table(source: Source, model: Model) -> bool:
    if model.kind is ModelKind.SQLALCHEMY:
        return True
    return model.node is not None and any(each.arg == "table" and is_true(each.value) for each in model.node.keywords)
