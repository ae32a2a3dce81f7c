"""Getting ready: what a first review of SQL needs is loaded before it, and no more than that is read."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from backend_mentor.surfaces.sidebar.jobs import Job, Jobs
from backend_mentor.surfaces.sidebar.messages import Told

SCRIPT = """
import sqlite3, sys, threading
opened = []
sys.addaudithook(lambda event, given: opened.append(given) if event == "sqlite3.connect" else None)
from backend_mentor.session import Session
from backend_mentor.surfaces.sidebar.delivering import delivery_of
from backend_mentor.surfaces.sidebar.warming import warm
warm()
warm()
threads = [each for each in threading.enumerate() if each.name == "mentor-warming"]
for each in threads: each.join()
assert opened == [], opened
connection = sqlite3.connect(sys.argv[1])
connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL)")
connection.close()
before = set(sys.modules)
session = Session()
session.connect(sys.argv[1])
delivery_of(session.review("SELECT id FROM parts WHERE date(made_on) = '2026-03-02'"), "senior", 1)
new = [name for name in set(sys.modules) - before if name.startswith(("backend_mentor", "sqlglot"))]
print(len(threads), new)
"""
CODE = """
import sys
import backend_mentor.pipeline
print("backend_mentor.stages.code" in sys.modules)
"""
GATED = """
import sys, threading
from backend_mentor.surfaces.sidebar.warming import warm
asked, rested = threading.Event(), threading.Event()
def await_rest():
    asked.set()
    rested.wait()
warm(await_rest)
assert asked.wait(60)
print([name in sys.modules for name in ("backend_mentor.pipeline", "backend_mentor.rules.endpoint")])
rested.set()
for each in threading.enumerate():
    if each.name == "mentor-warming": each.join()
print("backend_mentor.stages.code" in sys.modules)
"""


def run(script: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True).stdout


def test_what_a_first_review_of_sql_needs_is_loaded_once_and_no_database_is_opened(tmp_path: Path) -> None:
    assert run(SCRIPT, str(tmp_path / "shop.db")).strip() == "1 []"


def test_what_code_alone_needs_is_not_loaded_for_sql() -> None:
    assert run(CODE).strip() == "False"


def test_what_code_needs_is_loaded_once_no_review_is_running() -> None:
    assert run(GATED).splitlines() == ["[True, False]", "True"]


def test_rest_is_awaited_until_the_last_job_has_ended() -> None:
    gate, order = threading.Event(), []
    jobs = Jobs(lambda told: None)
    jobs.await_rest()
    waiting = threading.Thread(target=lambda: (jobs.await_rest(), order.append("rest")))

    def work(job: Job) -> Told:
        waiting.start()
        gate.wait()
        order.append(job.ask)
        return Told()

    jobs.start("first", work)
    jobs.start("second", lambda job: (order.append(job.ask), Told())[1])
    gate.set()
    waiting.join()
    assert order == ["first", "second", "rest"]
