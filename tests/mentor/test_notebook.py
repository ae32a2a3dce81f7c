"""The mentor in a real kernel: turned on by a word, asked, interrupted, and silent about secrets."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

from tests.fake_claude import FakeClaude, Fault, FaultKind, Turn, refuse, says, uses
from tests.fake_claude.validation import KEY
from tests.mentor.lies.calls import SLOW
from tests.mentor.lies.shop import make_shop
from tests.mentor.test_conversation import EXPLAIN, RIGHT, WRONG


class Script:
    """What the server says next; each test hangs its own turns on it."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def __call__(self, body: dict[str, object]) -> Turn:
        return self.turns.pop(0)


class Notebook:
    """A kernel whose environment names the server, as a user's would."""

    def __init__(self, manager: Any, client: Any, fake: FakeClaude, script: Script) -> None:
        self.manager, self.client, self.fake, self.script = manager, client, fake, script
        self.speaking = threading.Event()
        """Set once a cell shows that words come in."""

    def run(self, code: str, *turns: Turn) -> tuple[dict[str, Any], str]:
        """Run a cell and return its reply and all that it showed at the end, updates in place."""
        self.script.turns = list(turns)
        shown: list[dict[str, Any]] = []
        by_id: dict[str, int] = {}

        def keep(message: dict[str, Any]) -> None:
            kind, content = message["msg_type"], message["content"]
            if kind not in ("display_data", "stream", "error", "update_display_data"):
                return
            if "Claude speaks" in str(content):
                self.speaking.set()
            name = content.get("transient", {}).get("display_id")
            if kind == "update_display_data" and name in by_id:
                shown[by_id[name]] = content
                return
            if name:
                by_id[name] = len(shown)
            shown.append(content)

        reply = self.client.execute_interactive(code, output_hook=keep, timeout=120)["content"]
        return reply, "".join(each.get("text", "") or str(each.get("data", each.get("evalue"))) for each in shown)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    home, script = tmp_path_factory.mktemp("home"), Script()
    shop = tmp_path_factory.mktemp("shop") / "shop.db"
    make_shop(shop).close()
    with FakeClaude(forever=script) as fake:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
        named = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": fake.url, "NO_PROXY": "127.0.0.1,localhost"}
        environment = {**kept, **named, "HOME": str(home), "XDG_CACHE_HOME": str(home), "DATABASE_URL": str(shop)}
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(home), env=environment)
        running = Notebook(manager, client, fake, script)
        running.run("%load_ext backend_mentor")
        yield running
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        ensure_event_loop().close()  # jupyter_client leaves its own open


def test_a_key_in_the_environment_turns_nothing_on(notebook: Notebook) -> None:
    reply, shown = notebook.run(f"%%backend --no-analyze\n{SLOW}")
    assert reply["status"] == "ok"
    assert "nothing left this machine" in shown
    reply, _ = notebook.run("%backend ask why is it slow?")
    assert reply["status"] == "error"
    assert "offline" in reply["evalue"]
    assert notebook.fake.requests == []


def test_what_would_be_sent_is_shown_before_anything_is(notebook: Notebook) -> None:
    reply, shown = notebook.run("%backend send what's slow?")
    assert reply["status"] == "ok"
    assert "it is offline" in shown
    assert "untrusted-data" in shown
    assert KEY not in shown
    assert notebook.fake.requests == []


def test_turned_on_it_says_to_whom_and_answers_with_what_was_tried(notebook: Notebook) -> None:
    _, shown = notebook.run("%backend mentor claude")
    assert "127.0.0.1" in shown
    assert "$2.00 a million tokens in" in shown
    reply, shown = notebook.run(
        "%backend ask what's slow, and why?",
        uses(EXPLAIN),
        uses(WRONG, RIGHT),
        says("orders has 6,000 rows. It is 90x faster now. <img src=x onerror=alert(1)>"),
    )
    assert reply["status"] == "ok", reply
    assert "not verified: 90x" in shown
    assert "<img" not in shown.split("'text/html'")[1].split("'text/markdown'")[0]
    assert "tokens went to Claude for $" in shown
    reply, _ = notebook.run("%backend apply 1")
    assert "INNER JOIN" in str(reply["payload"])


def test_each_review_is_delivered_before_claude_speaks_and_stands_when_the_line_fails(notebook: Notebook) -> None:
    reply, shown = notebook.run(
        "%%backend --no-analyze\nSELECT id FROM items WHERE product = 'lamp'", refuse(401, "authentication_error")
    )
    assert reply["status"] == "error"
    assert "WHAT IT DOES" in shown
    assert "does not accept the key" in reply["evalue"]
    assert "Traceback" not in shown


def test_an_interrupt_ends_the_answer_and_the_server_sees_it(notebook: Notebook) -> None:
    notebook.fake.stalled.clear()
    notebook.speaking.clear()
    notebook.fake.disconnected.clear()
    seconds: list[float] = []

    def interrupt() -> None:
        notebook.fake.stalled.wait(60)
        notebook.speaking.wait(60)
        began = time.monotonic()
        notebook.manager.interrupt_kernel()
        notebook.fake.disconnected.wait(30)
        seconds.append(time.monotonic() - began)
        ensure_event_loop().close()  # this thread's, which the manager made

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    stalled = says("orders has 6,000 rows. And then", fault=Fault(FaultKind.STALL, at=9))
    reply, shown = notebook.run("%backend ask and what else?", stalled)
    watcher.join()
    print(f"interrupt to disconnect: {seconds[0]:.2f} s")
    assert notebook.fake.disconnected.is_set()
    assert reply["status"] == "ok", reply
    assert "You stopped the answer" in shown
    assert "tokens went to Claude" in shown
    reply, _ = notebook.run("%backend ask go on?", says("Gladly."))
    assert reply["status"] == "ok"


def test_status_tells_tokens_money_and_limits(notebook: Notebook) -> None:
    _, shown = notebook.run("%backend status")
    assert "tokens in" in shown
    assert "$0.50" in shown
    _, shown = notebook.run("%backend budget usd=0.20 turns=6")
    assert "6 calls" in shown
    reply, _ = notebook.run("%backend budget usd=lots")
    assert "is no limit" in reply["evalue"]


def test_a_key_in_a_cell_is_refused_and_told_why(notebook: Notebook) -> None:
    reply, _ = notebook.run("%backend mentor claude sk-ant-api03-abcdefgh12345678")
    assert reply["status"] == "error"
    assert "stands in a cell" in reply["evalue"]
    assert "abcdefgh" not in reply["evalue"]


def test_a_base_url_from_a_cell_is_not_used(notebook: Notebook) -> None:
    before = len(notebook.fake.requests)
    notebook.run("import os; os.environ['ANTHROPIC_BASE_URL'] = 'https://evil.example'")
    reply, _ = notebook.run("%backend ask is this safe?")
    assert reply["status"] == "error"
    assert "was not there when this process was started" in reply["evalue"]
    assert len(notebook.fake.requests) == before
    notebook.run(f"os.environ['ANTHROPIC_BASE_URL'] = '{notebook.fake.url}'")


def test_a_persona_of_the_project_is_named_with_its_path_and_what_was_ignored(
    notebook: Notebook, tmp_path: Path
) -> None:
    file = tmp_path / "pirate.md"
    file.write_text("---\nname: pirate\ndescription: d\nhooks: x\n---\nArr.\n")
    _, shown = notebook.run(f"%backend persona {file}")
    assert str(file) in shown
    assert "Ignored: hooks" in shown
    _, shown = notebook.run("%backend persona")
    assert "database-reviewer" in shown


def test_turned_off_nothing_is_sent_any_more(notebook: Notebook) -> None:
    before = len(notebook.fake.requests)
    notebook.run("%backend mentor offline")
    reply, shown = notebook.run(f"%%backend --no-analyze\n{SLOW}")
    assert reply["status"] == "ok"
    assert "nothing left this machine" in shown
    assert len(notebook.fake.requests) == before


def test_the_extension_is_loaded_without_the_sdk(notebook: Notebook) -> None:
    code = "import subprocess, sys; print(subprocess.run([sys.executable, '-c', %r], stdout=-1, text=True).stdout)"
    script = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S; "
        "S.instance().run_line_magic('load_ext', 'backend_mentor'); "
        "print(sorted({'anthropic', 'httpx2', 'mcp', 'keyring'} & set(sys.modules)))"
    )
    _, shown = notebook.run(code % script)
    assert shown.strip() == "[]"
