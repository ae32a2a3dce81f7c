"""What our diffs make of code, run on a real database: the same answers, with fewer statements or without the race."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi import HTTPException
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.editing import apply_changes
from backend_mentor.reading import endpoints
from backend_mentor.rules.endpoint import find_in_code

TABLES = """\
import uuid

from fastapi import HTTPException
from sqlalchemy import ForeignKey, Uuid, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    stock: Mapped[int]


"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    yield made
    made.dispose()


def corrected(cell: str, rule: str) -> str:
    source = endpoints.read_source(Cell(cell, CellKind.ENDPOINT))
    finding = next(each for each in find_in_code(source) if each.rule == rule)
    change = next(found for fix in CODE_FIXES if rule in fix.answers if (found := fix.change(source, finding)))
    after = apply_changes(cell, source, [change])
    assert after is not None
    assert after != cell
    return after


def module_of(cell: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    module = ModuleType("cell_of_this_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), vars(module))
    return vars(module)


def stocked(names: dict[str, Any], engine: Engine) -> None:
    names["Base"].metadata.drop_all(engine)
    names["Base"].metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(names["Book"](title=f"book {number}", stock=number % 4) for number in range(1, 41))
        session.commit()


CASES = [
    pytest.param(
        "count-by-fetching",
        "def ask(session):\n    return len(session.query(Book).filter(Book.stock > 1).all())\n",
        id="counting",
    ),
    pytest.param(
        "count-only-tested",
        "def ask(session):\n    return session.query(Book).filter(Book.stock == 3).count() > 0\n",
        id="there is one",
    ),
    pytest.param(
        "count-only-tested",
        "def ask(session):\n    return session.query(Book).filter(Book.stock == 9).count() == 0\n",
        id="there is none",
    ),
    pytest.param(
        "page-without-order",
        "def ask(session):\n"
        "    return [book.title for book in session.scalars(select(Book).limit(5).offset(10)).all()]\n",
        id="a page",
    ),
    pytest.param(
        "filter-after-fetch",
        "def ask(session):\n    return keep(session, 2)\n\n\ndef keep(session, least: int):\n"
        "    return [book.title for book in session.scalars(select(Book)).all() if book.stock > least]\n",
        id="choosing",
    ),
    pytest.param(
        "query-in-loop",
        "def ask(session):\n    return titles(session, [3, 1, 99, 3])\n\n\n"
        "def titles(session, keys: list[int]):\n    found = []\n    for key in keys:\n"
        "        book = session.get(Book, key)\n        found.append(book and book.title)\n    return found\n",
        id="looking up",
    ),
    pytest.param(
        "read-then-written-back",
        "def ask(session):\n    book = session.query(Book).filter(Book.id == 3).one()\n    book.stock -= 1\n"
        "    session.commit()\n    return session.get(Book, 3).stock\n",
        id="locking",
    ),
    pytest.param(
        "commit-in-loop",
        "def ask(session):\n    for book in session.scalars(select(Book)).all():\n        book.stock = 7\n"
        "        session.commit()\n    return session.scalar(select(func.sum(Book.stock)))\n",
        id="committing",
    ),
]


@pytest.mark.parametrize(("rule", "code"), CASES)
def test_the_answer_is_the_same_before_and_after_and_no_more_is_sent(
    rule: str, code: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    seen = []
    for cell in (TABLES + code, corrected(TABLES + code, rule)):
        names = module_of(cell, monkeypatch)
        stocked(names, engine)
        sent.clear()
        with Session(engine) as session:
            seen.append((names["ask"](session), len(sent)))
    (before, many), (after, fewer) = seen
    assert before == after
    assert fewer <= many


def test_two_rows_get_two_keys_once_the_default_is_made_for_each(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = TABLES + (
        "class Order(Base):\n    __tablename__ = 'orders'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    key: Mapped[uuid.UUID] = mapped_column(Uuid, default=uuid.uuid4())\n"
    )
    seen = []
    for each in (cell, corrected(cell, "default-made-at-import")):
        names = module_of(each, monkeypatch)
        stocked(names, engine)
        with Session(engine) as session:
            orders = [names["Order"](), names["Order"]()]
            session.add_all(orders)
            session.flush()
            seen.append(len({order.key for order in orders}))
    assert seen == [1, 2]


REGISTER = TABLES + (
    "def register(session, title: str):\n    if session.query(Book).filter(Book.title == title).first():\n"
    "        raise HTTPException(409, 'known')\n    session.add(Book(title=title, stock=0))\n    session.commit()\n"
)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        pytest.param(REGISTER, IntegrityError, id="before, an error of the server"),
        pytest.param(corrected(REGISTER, "check-then-insert"), HTTPException, id="after, the answer of the check"),
    ],
)
def test_the_second_of_two_requests_that_pass_the_check_together_is_told_so(
    cell: str, error: type[Exception], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = module_of(cell, monkeypatch)
    stocked(names, engine)

    def come_first(*_: object) -> None:
        with Session(engine) as other:
            other.add(names["Book"](title="new", stock=1))
            other.commit()

    with Session(engine) as session:
        event.listen(session, "before_flush", come_first, once=True)
        with pytest.raises(error):
            names["register"](session, "new")


def test_a_blocking_helper_leaves_the_thread_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (
        "import threading\nimport time\n\n\ndef work():\n    time.sleep(0)\n    return threading.get_ident()\n\n\n"
        "async def ask():\n    return work()\n"
    )
    before = asyncio.run(module_of(cell, monkeypatch)["ask"]())
    after = asyncio.run(module_of(corrected(cell, "blocking-helper-in-async"), monkeypatch)["ask"]())
    assert before == threading.get_ident()
    assert after != before
