"""What is said of two instances and of ten times the traffic, and what is not."""

from __future__ import annotations

import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code
from backend_mentor.rules.endpoint.escalations import escalate_code

APP = "from fastapi import FastAPI, WebSocket\napp = FastAPI()\n"


def escalated(code: str) -> list[str]:
    source = read_source(Cell(APP + textwrap.dedent(code), CellKind.ENDPOINT))
    return [each.text for each in escalate_code(source, find_in_code(source))]


RAISED = {
    "state": (
        """
        SEEN = {}
        @app.post("/seen/{name}")
        def see(name: str):
            SEEN[name] = True
        """,
        "Decide where the state written on line 7 lives before a second instance runs.",
    ),
    "sockets": (
        """
        CALLERS = set()
        @app.websocket("/feed")
        async def feed(socket: WebSocket):
            await socket.accept()
            for each in CALLERS:
                await each.send_text("joined")
        """,
        "With two instances `CALLERS` holds only the WebSocket callers of its own process.",
    ),
    "limit": (
        """
        from slowapi import Limiter
        limiter = Limiter(key_func=str)
        """,
        "The rate limit on line 5 counts in its own process: two instances allow twice as much.",
    ),
    "jobs": (
        """
        from apscheduler.schedulers.background import BackgroundScheduler
        scheduler = BackgroundScheduler()
        """,
        "With two instances every job of `BackgroundScheduler` on line 5 runs twice.",
    ),
    "files": (
        """
        @app.post("/reports")
        def report(text: str):
            with open("reports/last.txt", "w") as file:
                file.write(text)
        """,
        "`report` writes a file on line 6 that only this machine has.",
    ),
    "pool": (
        """
        from sqlalchemy import create_engine
        engine = create_engine("postgresql://localhost/shop", pool_size=20)
        """,
        "The engine on line 5 opens up to 30 connections in each process: agree on a number for all instances, "
        "or put a pooler in between.",
    ),
}
SILENT = {
    "a set that holds a setting": """
        ROOMS = {"lobby", "news"}
        @app.websocket("/feed/{room}")
        async def feed(socket: WebSocket, room: str):
            if room in ROOMS:
                await socket.accept()
        """,
    "a constant that nobody writes": """
        RATES = {"EUR": 1}
        @app.get("/rates")
        def rates():
            return RATES
        """,
    "counts that are kept in Redis": """
        from slowapi import Limiter
        limiter = Limiter(key_func=str, storage_uri="redis://localhost")
        """,
    "a file of this machine alone": """
        @app.post("/reports")
        def report(text: str):
            with open("/tmp/scratch.txt", "w") as file:
                file.write(text)
        """,
    "a file that is only read": """
        @app.get("/terms")
        def terms():
            return open("terms.txt").read()
        """,
    "a database without connections to share": """
        from sqlalchemy import create_engine
        engine = create_engine("sqlite:///shop.db")
        """,
    "a pool that another setting decides on": """
        from sqlalchemy import NullPool, create_engine
        engine = create_engine("postgresql://localhost/shop", poolclass=NullPool)
        """,
}


@pytest.mark.parametrize(("code", "text"), RAISED.values(), ids=RAISED)
def test_what_breaks_with_a_second_instance_is_taken_to_the_team(code: str, text: str) -> None:
    assert text in escalated(code)


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_what_any_number_of_instances_can_share_is_not(code: str) -> None:
    assert escalated(code) == []


def test_plain_handlers_wait_for_a_pool_that_is_smaller_than_their_threads() -> None:
    code = """
        from sqlalchemy import create_engine
        engine = create_engine("postgresql://localhost/shop")
        @app.get("/orders")
        def orders(): ...
    """
    source = read_source(Cell(APP + textwrap.dedent(code), CellKind.ENDPOINT))
    (pool,) = escalate_code(source, ())
    assert "7 processes of it want 105" in pool.why
    assert "40 threads serve requests, so from the 16th query on they wait" in pool.why


def test_at_most_four_matters_are_named() -> None:
    assert len(escalated("".join(textwrap.dedent(code) for code, _ in RAISED.values()))) == 4
