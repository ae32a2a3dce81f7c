"""The sidebar's questions, asked of a real kernel over real comms."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

SECONDS = 60


class Front:
    """A front end of two comms, as the extension opens them."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.asking, self.listening = uuid.uuid4().hex, uuid.uuid4().hex
        self.heard: list[dict] = []
        for comm, target in ((self.asking, "backend_mentor"), (self.listening, "backend_mentor.events")):
            self._send("comm_open", {"comm_id": comm, "target_name": target, "data": {}})

    def _send(self, kind: str, content: dict) -> None:
        self.client.shell_channel.send(self.client.session.msg(kind, content))

    def ask(self, kind: str, **fields: object) -> dict:
        """Ask, and return the answer to it."""
        ask = uuid.uuid4().hex
        self._send("comm_msg", {"comm_id": self.asking, "data": {"ask": ask, "kind": kind, **fields}})
        return self.wait(lambda data: data.get("ask") == ask and "event" not in data)

    def end(self, answer: dict) -> dict:
        """Return how what was started ended."""
        assert answer.get("started") is True, answer
        return self.wait(
            lambda data: data.get("ask") == answer["ask"] and data.get("event") in ("done", "failed", "stopped")
        )

    def wait(self, wanted) -> dict:
        """Return the first message, heard or to come, that is wanted."""
        for data in self.heard:
            if wanted(data):
                return data
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["msg_type"] == "comm_close":
                raise AssertionError("the kernel closed the comm")
            if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] in (self.asking, self.listening):
                data = message["content"]["data"]
                self.heard.append(data)
                if wanted(data):
                    return data


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel()
    client.execute_interactive("%load_ext backend_mentor", timeout=SECONDS, allow_stdin=False)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def front(kernel: BlockingKernelClient) -> Front:
    return Front(kernel)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, made_on TEXT NOT NULL);"
        "CREATE INDEX parts_made_on ON parts (made_on);"
        "INSERT INTO parts VALUES (1, '2026-03-02 10:00:00');"
    )
    connection.close()
    return path


def test_a_connection_is_tried_before_it_is_made_and_then_listed(front: Front, shop: Path) -> None:
    tried = front.end(front.ask("test", target=str(shop)))
    assert tried["works"].startswith("shop.db · SQLite 3")
    made = front.end(front.ask("connect", target=str(shop), alias="shop"))
    assert made["connected"] == "shop.db"
    current = [each["alias"] for each in front.ask("hello")["connections"] if each["current"]]
    assert current == ["shop"]


def test_a_review_comes_with_its_drawing_its_marks_and_its_changes(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    text = "SELECT id FROM parts WHERE date(made_on) = '2026-03-02'"
    ended = front.end(front.ask("review", text=text, name="cell"))
    assert ended["event"] == "done", ended
    delivery = ended["delivery"]
    (mark,) = [each for each in delivery["marks"] if each["rule"] == "function-on-column"]
    assert text[mark["start"] : mark["end"]] == "date(made_on) = '2026-03-02'"
    assert delivery["changes"][0]["before"] in text
    assert delivery["drawing"]["page"]["outlines"][0]["notices"][0]["rule"] == "function-on-column"
    stages = [data["stage"] for data in front.heard if data.get("event") == "progress" and data["ask"] == ended["ask"]]
    assert stages[0] == "reading"
    shown = front.ask("show", number=delivery["number"])["delivery"]
    assert shown["drawing"] == delivery["drawing"]
    assert front.ask("history")["history"][0]["number"] == delivery["number"]


def test_what_can_not_be_reviewed_is_answered_with_the_remedy(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    ended = front.end(front.ask("review", text="SELECT 1 FROM nowhere"))
    assert ended["event"] == "failed"
    assert "the database has no table nowhere" in ended["failed"]["what"]
    failed = front.end(front.ask("connect", target="/nowhere/at/all.db"))["failed"]
    assert failed["remedy"]


def test_an_unknown_question_and_a_broken_one_are_answered(front: Front) -> None:
    assert "knows no dance" in front.ask("dance")["failed"]["what"]
    assert "There is no review 99" in front.ask("show", number=99)["failed"]["what"]


def test_a_question_is_answered_while_a_cell_runs_and_a_stop_stops(
    kernel: BlockingKernelClient, front: Front, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.db"
    sqlite3.connect(endless).close()
    front.end(front.ask("connect", target=str(endless), alias="endless"))
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    started = front.ask("review", text=query, analyze=True)
    front.wait(
        lambda data: data.get("event") == "progress" and data["ask"] == started["ask"] and data["stage"] == "plan"
    )
    assert front.ask("stop", of=started["ask"])["stopping"] is True
    assert front.end(started)["event"] == "stopped"
    assert front.ask("stop", of=started["ask"])["stopping"] is False


def test_a_second_load_keeps_the_connections(kernel: BlockingKernelClient, front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="kept"))
    again = "import backend_mentor; backend_mentor.load_ipython_extension(get_ipython())"
    kernel.execute_interactive(again, timeout=SECONDS, allow_stdin=False)
    assert "kept" in [each["alias"] for each in Front(kernel).ask("hello")["connections"]]


def test_what_is_known_without_running_the_query_is_shown_first(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    before = front.ask("hello")["reviews"]
    ended = front.end(front.ask("review", text="SELECT id FROM parts", analyze=True))
    (first,) = [data for data in front.heard if data.get("event") == "preview" and data["ask"] == ended["ask"]]
    assert "query not run" in first["delivery"]["drawing"]["page"]["header"]
    assert "query run" in ended["delivery"]["drawing"]["page"]["header"]
    assert ended["reviews"] == before + 1


def test_what_is_found_is_shown_before_better_versions_are_tried(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    text = "SELECT id FROM parts WHERE date(made_on) = '2026-03-02'"
    ended = front.end(front.ask("review", text=text, analyze=False))
    told = [data for data in front.heard if data["ask"] == ended["ask"]]
    (place,) = [number for number, data in enumerate(told) if data.get("event") == "preview"]
    look = told[place]["delivery"]
    assert look["conclusion"].endswith("1 idea for a better version is being tried.")
    assert not any(each["offers"] for each in look["drawing"]["page"]["outlines"])
    assert "trying" in " ".join(str(data.get("stage")) for data in told[place:])
    assert any(each["offers"] for each in ended["delivery"]["drawing"]["page"]["outlines"])


def test_of_several_statements_none_is_shown_for_the_whole(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    text = "SELECT id FROM parts WHERE date(made_on) = '2026-03-02'; SELECT id FROM parts"
    ended = front.end(front.ask("review", text=text, analyze=False))
    assert not [data for data in front.heard if data["ask"] == ended["ask"] and data.get("event") == "preview"]


def test_a_question_in_another_form_than_agreed_is_answered_with_the_remedy(front: Front) -> None:
    failed = front.ask("show", number="first")["failed"]
    assert "came in another form" in failed["what"]
    assert "restart" in failed["remedy"]


def test_a_question_about_a_review_is_answered_from_it_and_nothing_leaves(front: Front, shop: Path) -> None:
    front.end(front.ask("connect", target=str(shop), alias="shop"))
    text = "SELECT id FROM parts WHERE date(made_on) = '2026-03-02'"
    number = front.end(front.ask("review", text=text))["delivery"]["number"]
    answered = front.end(front.ask("ask", question="why can the index not be used?", number=number))["answered"]
    assert answered["speaker"] == ""
    (outline,) = answered["delivery"]["drawing"]["page"]["outlines"]
    assert "function-on-column" in [each["rule"] for each in outline["notices"]]
    unknown = front.end(front.ask("ask", question="what about the weather?", number=number))["answered"]
    assert unknown["delivery"] is None
    assert "says nothing about that" in unknown["unknown"]["what"]
    assert front.end(front.ask("ask", question=" ", number=number))["failed"]["what"] == "There is no question."


def test_a_time_limit_of_the_settings_ends_a_statement(front: Front, tmp_path: Path) -> None:
    endless = tmp_path / "limited.db"
    sqlite3.connect(endless).close()
    front.end(front.ask("connect", target=str(endless), alias="limited"))
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    ended = front.end(front.ask("review", text=query, analyze=True, milliseconds=300))
    assert "300 ms" in str(ended)


def test_getting_ready_connects_to_nothing(kernel: BlockingKernelClient) -> None:
    front = Front(kernel)
    before = front.ask("hello")["connections"]
    assert front.ask("warm")["ask"]
    assert front.ask("hello")["connections"] == before


def test_whoever_listens_has_the_kernel_get_ready_unasked() -> None:
    manager, client = start_new_kernel()
    try:
        client.execute_interactive("%load_ext backend_mentor", timeout=SECONDS, allow_stdin=False)
        client.execute("import sys, threading; began = 'backend_mentor.pipeline' in sys.modules", silent=True)
        Front(client)
        code = (
            "for each in threading.enumerate():\n"
            "    if each.name == 'mentor-warming': each.join()\n"
            "assert (began, 'backend_mentor.pipeline' in sys.modules) == (False, True), began"
        )
        reply = client.execute_interactive(code, timeout=SECONDS, allow_stdin=False)
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
