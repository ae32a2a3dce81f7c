"""After a run nothing is different: not the user's rows, not the engine, not one hook of the process."""

from __future__ import annotations

import gc
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from backend_mentor.domain.errors import StoppedError
from backend_mentor.domain.trace import SentRequest
from backend_mentor.proofs.running.run import Target, run
from backend_mentor.proofs.running.versions import compare_versions
from tests.proofs.running.cells import ENGINE, FASTAPI, MODELS
from tests.proofs.running.conftest import Execute

WRITES = (
    "from fastapi import Depends, FastAPI\n"
    + MODELS
    + ENGINE
    + """
Local = sessionmaker(engine)
app = FastAPI()

def session():
    with Local() as opened:
        yield opened

@app.post("/authors")
def add(name: str, db: Session = Depends(session)):
    added = Author(name=name)
    db.add(added)
    db.commit()
    db.refresh(added)
    return {"id": added.id, "known": len(db.scalars(select(Author)).all())}
"""
)


def hooks() -> dict[str, object]:
    """Everything of the process that a run touches or that such tools like to touch."""
    return {
        "connect": sqlite3.connect,
        "execute": psycopg.Cursor.execute,
        "async execute": psycopg.AsyncCursor.execute,
        "trace": sys.gettrace(),
        "profile": sys.getprofile(),
        "thread trace": threading.gettrace(),
        "listens": Engine._has_events,
        "listeners": [len(each._clslevel.get(kind, ())) for kind, each in listeners()],
        "threads": [each.name for each in threading.enumerate() if each.name == "backend-mentor-run"],
    }


def listeners() -> list[tuple[type, Any]]:
    return [
        (Engine, Engine.dispatch.before_cursor_execute),
        (Engine, Engine.dispatch.after_cursor_execute),
        (Engine, Engine.dispatch.commit),
        (Session, Session.dispatch.do_orm_execute),
        (Pool, Pool.dispatch.checkout),
        (Pool, Pool.dispatch.checkin),
    ]


def state_of(engine: Any) -> tuple[object, ...]:
    return engine.pool, sorted(vars(engine)), sorted(vars(engine.dialect))


def rows_of(engine: Any) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM authors ORDER BY id")]


def stopped(target: Target) -> None:
    target.stop.request()
    with pytest.raises(StoppedError):
        run(target)


@pytest.mark.parametrize(
    "act",
    [
        lambda target: run(target),
        stopped,
        lambda target: compare_versions(target, target.source.text.replace('"name"', '"title"')),
    ],
    ids=["a run", "a stop", "a comparison"],
)
def test_a_run_leaves_no_hook_and_the_engine_as_it_was(execute: Execute, act: Callable[[Target], object]) -> None:
    target = execute(FASTAPI)
    engine, names = target.namespace["engine"], dict(target.namespace)
    rows, state, before = rows_of(engine), state_of(engine), hooks()
    act(target)
    gc.collect()
    assert hooks() == before
    assert state_of(engine) == state
    assert rows_of(engine) == rows
    assert dict(target.namespace) == names


def test_a_write_that_was_asked_for_answers_as_it_would_and_is_rolled_back(execute: Execute) -> None:
    target = execute(WRITES, SentRequest("POST", "/authors?name=new", given=True))
    before = rows_of(target.namespace["engine"])
    outcome = run(target)
    (exchange,) = outcome.trace.exchanges
    assert exchange.status == 200
    assert exchange.statements[0].writes
    assert outcome.trace.notes == ("What the app wrote to its database was rolled back.",)
    assert rows_of(target.namespace["engine"]) == before


def test_writes_are_not_derived_from_routes(execute: Execute) -> None:
    outcome = run(execute(WRITES))
    assert outcome.trace.exchanges == ()
    assert outcome.skipped[-1].reason == "the cell has no route that answers GET"


def test_a_write_that_can_not_be_rolled_back_is_told(execute: Execute, tmp_path: Path) -> None:
    cell = (
        "import sqlite3\n"
        "from flask import Flask\n"
        "app = Flask('shop')\n"
        "@app.post('/rows')\n"
        "def rows():\n"
        f"    db = sqlite3.connect({str(tmp_path / 'own.db')!r})\n"
        "    db.execute('CREATE TABLE IF NOT EXISTS t (a)')\n"
        "    db.execute('INSERT INTO t VALUES (1)')\n"
        "    db.commit()\n"
        "    db.close()\n"
        "    return {}\n"
    )
    outcome = run(execute(cell, SentRequest("POST", "/rows", given=True)))
    assert outcome.trace.notes == (
        "The app wrote to its database on a connection that could not be rolled back: what it wrote is there.",
    )


def test_startup_code_that_makes_tables_and_disposes_of_its_engine_leaves_the_file_empty(
    execute: Execute, async_cell: str, tmp_path: Path
) -> None:
    outcome = run(execute(async_cell))
    assert [each.status for each in outcome.trace.exchanges] == [200]
    connection = sqlite3.connect(tmp_path / "own.db")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


def test_what_the_notebook_listens_to_is_still_listened_to(execute: Execute) -> None:
    target = execute(FASTAPI)
    heard: list[str] = []

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        heard.append(statement)

    event.listen(target.namespace["engine"], "before_cursor_execute", hear)
    run(target)
    heard.clear()
    rows_of(target.namespace["engine"])
    assert len(heard) == 1
    event.remove(target.namespace["engine"], "before_cursor_execute", hear)


def test_django_writes_are_rolled_back(django_names: dict[str, Any], django_target: Target) -> None:
    author = django_names["Author"]
    names = [each.name for each in author.objects.all()]
    run(django_target)
    assert [each.name for each in author.objects.all()] == names


ON_POSTGRES = WRITES.replace(
    ENGINE,
    """
engine = create_engine("URL")
Base.metadata.create_all(engine)
""",
)
ASYNC_ON_POSTGRES = (
    """
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
"""
    + MODELS
    + """
maker = create_engine("URL")
Base.metadata.create_all(maker)
maker.dispose()
engine = create_async_engine("URL")
Local = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()

async def session():
    async with Local() as opened:
        yield opened

@app.post("/authors")
async def add(name: str, db: AsyncSession = Depends(session)):
    added = Author(name=name)
    db.add(added)
    await db.commit()
    await db.refresh(added)
    return {"known": len((await db.scalars(select(Author))).all())}
"""
)


@pytest.mark.parametrize("cell", [ON_POSTGRES, ASYNC_ON_POSTGRES], ids=["sync", "async"])
def test_writes_to_postgres_are_rolled_back_and_its_data_is_not_grown(
    execute: Execute, new_database: Callable[..., str], postgres18: str, cell: str
) -> None:
    url = new_database(postgres18)
    written = url.replace("postgresql://", "postgresql+psycopg://")
    outcome = run(execute(cell.replace("URL", written), SentRequest("POST", "/authors?name=new", given=True)))
    (exchange,) = outcome.trace.exchanges
    assert (exchange.status, exchange.error) == (200, None)
    assert outcome.trace.notes == ("What the app wrote to its database was rolled back.",)
    assert outcome.trace.growths == ()
    assert any("scratch file of SQLite" in each.reason for each in outcome.skipped)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM authors").fetchone() == (0,)
