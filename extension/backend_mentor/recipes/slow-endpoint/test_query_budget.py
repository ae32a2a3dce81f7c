"""A query in a loop is found by its growth, placed on its line, and shown gone after the cure."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from query_budget import Settings, Trace, assert_constant, find_slowest, grows, measure_growth, tell, watch
from sqlalchemy import Engine, ForeignKey, StaticPool, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    app = FastAPI()

    @app.get("/slow")
    def slow() -> dict[int, int]:
        with Session(engine) as session:
            return {author.id: len(author.books) for author in session.scalars(select(Author))}

    @app.get("/fast")
    def fast() -> dict[int, int]:
        with Session(engine) as session:
            authors = session.scalars(select(Author).options(selectinload(Author.books)))
            return {author.id: len(author.books) for author in authors}

    with TestClient(app) as made:
        yield made


@pytest.fixture
def fill(engine: Engine) -> Callable[[int], None]:
    def fill_to(rows: int) -> None:
        with Session(engine) as session:
            there = session.scalar(select(func.count()).select_from(Author)) or 0
            session.add_all(Author(books=[Book(), Book()]) for _ in range(rows - there))
            session.commit()

    return fill_to


def ask(client: TestClient, path: str) -> Callable[[], None]:
    def send() -> None:
        assert client.get(path).status_code == 200

    return send


def test_a_query_in_a_loop_shows_itself_by_its_growth(
    engine: Engine, client: TestClient, fill: Callable[[int], None]
) -> None:
    traces = measure_growth(engine, fill, ask(client, "/slow"))
    assert {rows: len(trace.sent) for rows, trace in traces.items()} == {1: 2, 10: 11, 100: 101}
    assert grows(traces)
    with pytest.raises(AssertionError, match="at most 2 statements"):
        assert_constant(traces, 2)


def test_the_cure_sends_the_same_number_at_every_size_and_answers_the_same(
    engine: Engine, client: TestClient, fill: Callable[[int], None]
) -> None:
    traces = measure_growth(engine, fill, ask(client, "/fast"))
    assert {len(trace.sent) for trace in traces.values()} == {2}
    assert_constant(traces, 2)
    assert client.get("/fast").json() == client.get("/slow").json()


def test_a_budget_that_is_too_small_is_told_even_where_nothing_grows(
    engine: Engine, client: TestClient, fill: Callable[[int], None]
) -> None:
    traces = measure_growth(engine, fill, ask(client, "/fast"))
    with pytest.raises(AssertionError, match="at most 1 statements"):
        assert_constant(traces, 1)


def test_the_repeated_statement_is_named_with_its_count_and_line(
    engine: Engine, client: TestClient, fill: Callable[[int], None]
) -> None:
    traces = measure_growth(engine, fill, ask(client, "/slow"))
    ((statement, count),) = traces[100].repeated()
    assert count == 100
    assert "FROM books" in statement.text
    assert ".py:" in statement.place
    table = tell(traces, Settings(characters_shown=30))
    assert "101" in table
    assert f"100 times from {statement.place}: SELECT books.id, " in table
    assert all(len(line) < 90 for line in table.splitlines())


def test_nothing_is_recorded_before_and_after_the_block(engine: Engine) -> None:
    with Session(engine) as session:
        session.scalars(select(Author)).all()
        with watch(engine) as trace:
            session.scalars(select(Author)).all()
        session.scalars(select(Author)).all()
    assert len(trace.sent) == 1


def test_a_trace_ends_with_its_block_also_where_that_fails(engine: Engine) -> None:
    def fail() -> None:
        with watch(engine) as trace:
            traces.append(trace)
            session.scalars(select(Author)).all()
            raise RuntimeError

    traces: list[Trace] = []
    with Session(engine) as session:
        with pytest.raises(RuntimeError):
            fail()
        session.scalars(select(Author)).all()
    assert [len(trace.sent) for trace in traces] == [1]


def test_times_are_those_of_the_clock(engine: Engine) -> None:
    ticks = iter(range(100))
    with Session(engine) as session, watch(engine, lambda: next(ticks)) as trace:
        session.scalars(select(Author)).all()
        session.scalars(select(Book)).all()
    assert [each.milliseconds for each in trace.sent] == [1000.0, 1000.0]
    assert trace.database_milliseconds == 2000.0
    assert trace.milliseconds == 5000.0
    assert [each.text.split("FROM ")[1] for each in find_slowest(trace, 1)] == ["authors"]


def test_no_value_of_a_row_stands_in_a_trace(engine: Engine) -> None:
    with Session(engine) as session, watch(engine) as trace:
        session.scalars(select(Author).where(Author.id == 123456789)).all()
    assert "123456789" not in str(trace)
