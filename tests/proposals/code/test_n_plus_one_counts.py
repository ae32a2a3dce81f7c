"""The statements of real endpoints, counted while their tables grow, before and after our diff."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from types import ModuleType
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.editing import apply_changes
from backend_mentor.reading import endpoints
from backend_mentor.rules.endpoint import find_in_code

PARENTS = (1, 10, 100)
SHOP = """\
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

app = FastAPI()


def get_session():
    raise NotImplementedError


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.id")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)
    author: Mapped["Author"] = relationship(back_populates="books")


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    title: str


class AuthorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str
    books: list[BookOut]


"""
COLLECTION = """\
@app.get("/rows")
def rows(session: Session = Depends(get_session)):
    # every author, with what they wrote
    authors = session.scalars(select(Author).order_by(Author.id).limit(1000)).all()
    return [{"name": author.name, "books": [book.title for book in author.books]} for author in authors]
"""
PARENT = """\
def show(book):
    return {"title": book.title, "by": book.author.name}


@app.get("/rows")
def rows(session: Session = Depends(get_session)):
    return [show(book) for book in session.query(Book).order_by(Book.id).limit(1000)]
"""
TWO_LEVELS = """\
@app.get("/rows")
def rows(session: Session = Depends(get_session)):
    found = []
    for book in session.execute(select(Book).order_by(Book.id).limit(1000)).scalars():
        for other in book.author.books:
            found.append([book.title, other.title])
    return found
"""
SERIALISED = """\
@app.get("/rows", response_model=list[AuthorOut])
def rows(session: Session = Depends(get_session)):
    return session.scalars(select(Author).order_by(Author.id).limit(1000)).all()
"""


def corrected(cell: str, rule: str) -> str:
    source = endpoints.read_source(Cell(cell, CellKind.ENDPOINT))
    finding = next(each for each in find_in_code(source) if each.rule == rule)
    change = next(found for fix in CODE_FIXES if rule in fix.answers if (found := fix.change(source, finding)))
    after = apply_changes(cell, source, [change])
    assert after is not None
    assert rule not in {each.rule for each in find_in_code(endpoints.read_source(Cell(after, CellKind.ENDPOINT)))}
    return after


def answer_of(cell: str, authors: int) -> tuple[int, Any]:
    """Return how many statements the cell's route sends with so many authors in the database, and what it answers."""
    # Mapped classes look for their annotations in their module.
    module = sys.modules["shop_of_this_test"] = ModuleType("shop_of_this_test")
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), names := vars(module))
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    names["Base"].metadata.create_all(engine)
    with Session(engine) as session:
        for number in range(authors):
            books = [names["Book"](title=f"{number}.{part}") for part in range(3)]
            session.add(names["Author"](name=f"author {number}", books=books))
        session.commit()
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    def open_session() -> Any:
        with Session(engine) as session:
            yield session

    names["app"].dependency_overrides[names["get_session"]] = open_session

    async def ask() -> Any:
        transport = httpx.ASGITransport(names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            answer = await client.get("/rows")
            assert answer.status_code == 200
            return answer.json()

    try:
        answer = asyncio.run(ask())
        return len(sent), answer
    finally:
        engine.dispose()
        del sys.modules["shop_of_this_test"]


@pytest.mark.parametrize(
    ("route", "rule", "before", "after"),
    [
        pytest.param(COLLECTION, "relation-loaded-in-loop", (2, 11, 101), (2, 2, 2), id="the books of each author"),
        pytest.param(PARENT, "relation-loaded-in-loop", (2, 11, 101), (1, 1, 1), id="the author of each book"),
        pytest.param(TWO_LEVELS, "relation-loaded-in-loop", (3, 21, 201), (2, 2, 2), id="the author's other books"),
        pytest.param(
            SERIALISED, "answer-loads-relations", (2, 11, 101), (2, 2, 2), id="the books in the answer's model"
        ),
    ],
)
def test_statements_of_sqlalchemy_grow_with_the_rows_until_our_diff_is_applied(
    route: str, rule: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    cell = SHOP + route
    better = corrected(cell, rule)
    first = [answer_of(cell, authors) for authors in PARENTS]
    second = [answer_of(better, authors) for authors in PARENTS]
    assert tuple(count for count, _ in first) == before
    assert tuple(count for count, _ in second) == after
    assert [answer for _, answer in first] == [answer for _, answer in second]


LIBRARY = """\
from django.db import models
from django.http import JsonResponse
from rest_framework import serializers, viewsets


class Author(models.Model):
    name = models.CharField(max_length=80)

    class Meta:
        app_label = "library"


class Book(models.Model):
    title = models.CharField(max_length=80)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")

    class Meta:
        app_label = "library"


"""
DJANGO_PARENT = """\
def rows(request):
    found = []
    for book in Book.objects.order_by("id"):
        found.append({"title": book.title, "by": book.author.name})
    return JsonResponse(found, safe=False)
"""
DJANGO_COLLECTION = """\
def rows(request):
    authors = Author.objects.filter(id__gt=0).order_by("id")
    return JsonResponse([[author.name, *(book.title for book in author.books.all())] for author in authors], safe=False)
"""
DJANGO_SERIALIZER = """\
class BookOut(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title"]


class AuthorOut(serializers.ModelSerializer):
    books = BookOut(many=True)

    class Meta:
        model = Author
        fields = ["name", "books"]


class Authors(viewsets.ModelViewSet):
    queryset = Author.objects.order_by("id")
    serializer_class = AuthorOut


rows = Authors.as_view({"get": "list"})
"""
# Django's settings and models are one for a process, so each cell gets a process of its own.
RUNNER = """
import json, sys
import django
from django.conf import settings
settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="of this run", USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()
from django.db import connection
from django.test import RequestFactory
cell, sizes = json.load(sys.stdin)
names = {"__name__": "library"}
exec(compile(cell, "<cell>", "exec"), names)
Author, Book = names["Author"], names["Book"]
with connection.schema_editor() as editor:
    editor.create_model(Author)
    editor.create_model(Book)
seen = []
for authors in sizes:
    Book.objects.all().delete()
    Author.objects.all().delete()
    for number in range(authors):
        author = Author.objects.create(name=f"author {number}")
        Book.objects.create(title=f"book {number}", author=author)
    sent = []
    def note(execute, sql, parameters, many, context):
        sent.append(sql)
        return execute(sql, parameters, many, context)
    with connection.execute_wrapper(note):
        answer = names["rows"](RequestFactory().get("/rows"))
        answer = answer.render() if hasattr(answer, "render") else answer
    assert answer.status_code == 200
    seen.append([len(sent), json.loads(answer.content)])
print(json.dumps(seen))
"""


def answers_of_django(cell: str) -> list[tuple[int, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], input=json.dumps([cell, PARENTS]), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [(count, answer) for count, answer in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("view", "rule", "after"),
    [
        pytest.param(DJANGO_PARENT, "relation-loaded-in-loop", 1, id="the author of each book"),
        pytest.param(DJANGO_COLLECTION, "relation-loaded-in-loop", 2, id="the books of each author"),
        pytest.param(DJANGO_SERIALIZER, "serializer-loads-relations", 2, id="the books in the serializer"),
    ],
)
def test_statements_of_django_grow_with_the_rows_until_our_diff_is_applied(view: str, rule: str, after: int) -> None:
    cell = LIBRARY + view
    first, second = answers_of_django(cell), answers_of_django(corrected(cell, rule))
    assert [count for count, _ in first] == [2, 11, 101]
    assert [count for count, _ in second] == [after] * 3
    assert [answer for _, answer in first] == [answer for _, answer in second]
    assert len(first[-1][1]) == 100
