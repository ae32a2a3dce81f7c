"""The widget panel: what its buttons send, and what it shows of it. A browser sees it in tests/browser."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from anywidget import AnyWidget

from backend_mentor.session import Session
from backend_mentor.surfaces.panel import make_panel

SECONDS = 60
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL)")
    connection.close()
    made = Session()
    made.connect(str(tmp_path / "shop.db"))
    yield made
    made.close()


def press(panel: AnyWidget, kind: str, **fields: object) -> None:
    """Press a button, and wait until what it started has ended."""
    ended = threading.Event()
    panel.observe(lambda change: change["new"] or ended.set(), "stage")
    panel._handle_custom_msg({"kind": kind, **fields}, [])
    assert ended.wait(SECONDS)


def test_a_review_is_shown_by_its_drawing(session: Session) -> None:
    panel = make_panel(session, dict)
    assert panel.where.startswith("shop.db · SQLite")
    press(panel, "review", text="SELECT id FROM parts")
    assert panel.failed == ""
    assert panel.drawing["page"]["outlines"][0]["statement"] == "SELECT id FROM parts"
    assert panel.drawing["hint"] is False


def test_a_hint_keeps_the_answer_back(session: Session) -> None:
    panel = make_panel(session, dict)
    press(panel, "hint", text="SELECT id FROM parts")
    assert panel.drawing["hint"] is True


def test_what_can_not_be_done_is_shown_with_its_remedy_and_the_last_review_stays(session: Session) -> None:
    panel = make_panel(session, dict)
    press(panel, "review", text="SELECT id FROM parts")
    shown = panel.drawing
    press(panel, "review", text="SELECT id FROM part")
    assert "no table part" in panel.failed
    assert panel.drawing == shown
    press(panel, "connect", target="/nowhere/at/all.db")
    assert "/nowhere/at/all.db" in panel.failed


def test_a_path_in_a_variable_of_the_notebook_is_connected_to_by_the_name_of_the_variable(
    session: Session, tmp_path: Path
) -> None:
    panel = make_panel(session, lambda: {"mine": tmp_path / "shop.db"})
    press(panel, "connect", target="mine")
    assert (panel.failed, session.current) == ("", "shop.db")


def test_a_connection_that_belongs_to_the_cells_thread_is_refused_with_the_remedy(session: Session) -> None:
    connection = sqlite3.connect(":memory:")
    panel = make_panel(session, lambda: {"mine": connection})
    press(panel, "connect", target="mine")
    connection.close()
    assert "created in a thread" in panel.failed
    assert "%backend connect" in panel.failed


def test_a_review_is_stopped(session: Session) -> None:
    panel = make_panel(session, dict)

    def stop_at_the_plan(change: dict[str, str]) -> None:
        if change["new"] == "plan":
            panel._handle_custom_msg({"kind": "stop"}, [])

    panel.observe(stop_at_the_plan, "stage")
    press(panel, "optimise", text=ENDLESS)
    assert panel.failed.startswith("The review was stopped.")


def test_a_second_press_while_one_is_carried_out_starts_nothing(session: Session) -> None:
    panel = make_panel(session, dict)

    def press_again(change: dict[str, str]) -> None:
        if change["new"] == "plan":
            panel._handle_custom_msg({"kind": "review", "text": "SELECT 1"}, [])

    panel.observe(press_again, "stage")
    press(panel, "review", text="SELECT id FROM parts")
    assert len(session.reviews) == 1
