"""The question uniqueness-of-key."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.rules.endpoint.code import calls, dotted, last_name
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.reading.endpoints.tables import Table

_KEYS = frozenset({"email", "username", "user_name", "login", "slug", "external_id", "sku", "isbn", "handle"})
_FILTERS = frozenset({"filter", "filter_by", "get", "get_or_create", "update_or_create"})


class UniquenessOfKey:
    """Can two rows have the same natural key?

    A check before the insert does not keep two requests apart that come at the same time; a constraint does.
    """

    name: ClassVar[str] = "uniqueness-of-key"
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from sqlalchemy import select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            class Base(DeclarativeBase):
                pass
            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                email: Mapped[str]
            def find(session, email: str):
                return session.scalar(select(User).where(User.email == email))
            """,
            says="Can two rows of User have the same email?",
        ),
        AsksCode(
            """
            from django.db import models
            class Article(models.Model):
                slug = models.SlugField()
            def show(request, slug):
                return Article.objects.get(slug=slug)
            """,
            says="Can two rows of Article have the same slug?",
        ),
        PassesCode(
            """
            from sqlalchemy import select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            class Base(DeclarativeBase):
                pass
            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                email: Mapped[str] = mapped_column(unique=True)
            def find(session, email: str):
                return session.scalar(select(User).where(User.email == email))
            """,
            because="the database keeps it unique",
        ),
        PassesCode(
            """
            from sqlalchemy import UniqueConstraint, select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            class Base(DeclarativeBase):
                pass
            class Page(Base):
                __tablename__ = "pages"
                __table_args__ = (UniqueConstraint("site_id", "slug"),)
                id: Mapped[int] = mapped_column(primary_key=True)
                site_id: Mapped[int]
                slug: Mapped[str]
            def find(session, slug: str):
                return session.scalar(select(Page).where(Page.slug == slug))
            """,
            because="it is unique within its site",
        ),
        PassesCode(
            """
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            class Base(DeclarativeBase):
                pass
            class Invitation(Base):
                __tablename__ = "invitations"
                id: Mapped[int] = mapped_column(primary_key=True)
                email: Mapped[str]
            """,
            because="nothing is looked up by it: one person can be invited twice",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each column with the name of a natural key that rows are looked up by and no constraint speaks of."""
        for name, table in tables(source).items():
            for column in sorted(_KEYS & table.columns.keys()):
                if not _is_looked_up(source, name, column) or _is_unique(source, table, column):
                    continue
                yield Question(
                    f"Can two rows of {name} have the same {column}?",
                    f"The code looks them up by {column}, and nothing in the table keeps it unique: of two requests "
                    "that come together both insert. If not, give the column `unique=True`, in a migration that finds "
                    "the double ones first, and answer 409 to the IntegrityError.",
                    self.responsibility,
                )


def _is_looked_up(source: Source, model: str, column: str) -> bool:
    compared = any(
        isinstance(each, ast.Compare)
        and isinstance(each.ops[0], ast.Eq)
        and f"{model}.{column}" in {dotted(each.left), dotted(each.comparators[0])}
        for each in ast.walk(source.tree)
    )
    return compared or any(
        last_name(call) in _FILTERS
        and any(each.arg == column for each in call.keywords)
        and re.search(rf"\b{model}\b", source.code_of(call.func))
        for call in calls(source.tree)
    )


def _is_unique(source: Source, table: Table, column: str) -> bool:
    found = table.columns[column]
    text = source.code_of(table.model.node) if table.model.node is not None else ""
    constrained = re.search(r"UniqueConstraint|unique_together|Index\(", text)
    return found.is_primary or found.is_unique or "unique" in source.code_of(found.node).lower() or bool(constrained)
