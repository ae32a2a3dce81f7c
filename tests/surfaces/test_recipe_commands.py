"""Recipes in a real kernel and on the command line: listed, shown, put into cells that run, tested, written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

from backend_mentor.shelf import recipe_names
from backend_mentor.surfaces.cli import run


class Kernel:
    """A kernel with the extension loaded; `run` returns the reply and what the cell showed."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def run(self, code: str) -> tuple[dict[str, Any], str]:
        shown: list[str] = []

        def keep(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(content["text"])
            elif message["msg_type"] == "display_data":
                shown.append(content["data"].get("text/plain", ""))

        reply = self.client.execute_interactive(code, output_hook=keep, timeout=180)
        return reply["content"], "".join(shown)

    def next_cells(self, code: str) -> list[str]:
        reply, _ = self.run(code)
        assert reply["status"] == "ok", reply
        return [each["text"] for each in reply["payload"] if each["source"] == "set_next_input"]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    running = Kernel(client)
    assert running.run("%load_ext backend_mentor")[0]["status"] == "ok"
    yield running
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ensure_event_loop().close()  # jupyter_client leaves its own open


def test_all_recipes_are_listed(kernel: Kernel) -> None:
    reply, shown = kernel.run("%backend recipe")
    assert reply["status"] == "ok"
    assert {name for name in recipe_names() if name not in shown} == set()


@pytest.mark.parametrize("name", ["keyset-pagination", "websocket-feed"])
def test_a_recipes_cells_run_in_the_notebook_one_after_the_other(kernel: Kernel, name: str) -> None:
    (code,) = kernel.next_cells(f"%backend recipe {name}")
    (tests,) = kernel.next_cells(f"%backend recipe {name} tests")
    assert kernel.run(code)[0]["status"] == "ok"
    reply, shown = kernel.run(tests)
    assert reply["status"] == "ok", shown
    assert " passed" in shown


def test_a_change_in_the_code_cell_is_what_the_tests_run_on(kernel: Kernel) -> None:
    (code,) = kernel.next_cells("%backend recipe keyset-pagination")
    (tests,) = kernel.next_cells("%backend recipe keyset-pagination tests")
    broken = code.replace("query.limit(rows + 1)", "query.limit(rows)")
    assert broken != code
    assert kernel.run(broken)[0]["status"] == "ok"
    reply, shown = kernel.run(tests)
    assert reply["status"] == "error"
    assert "FAILED" in shown


def test_the_design_is_shown_before_the_code(kernel: Kernel) -> None:
    _, shown = kernel.run("%backend recipe keyset-pagination")
    for words in ("DESIGN", "Price:", "QUESTIONS", "Taken:", "LEFT OUT ON PURPOSE", "pip install"):
        assert words in shown


def test_a_request_in_plain_words_is_reviewed_and_its_code_applied(kernel: Kernel) -> None:
    reply, shown = kernel.run("%%backend\nhow do I paginate a long list?\n")
    assert reply["status"] == "ok", reply
    assert "new, its tests not run here" in shown
    assert "Taken until you say otherwise" in shown
    (code,) = kernel.next_cells("%backend apply 1")
    assert code.startswith('"""Pages through a long list')
    assert "%%backend" not in code
    (tests,) = kernel.next_cells("%backend apply 2")
    assert "ipytest" in tests


def test_with_analyze_the_recipes_tests_are_really_run(kernel: Kernel) -> None:
    _, shown = kernel.run("%%backend --analyze\nhow do I paginate a long list?\n")
    assert re.search(r"✓ new, its \d+ tests pass", shown)


def test_what_no_recipe_answers_says_so_and_asks(kernel: Kernel) -> None:
    reply, shown = kernel.run("%%backend\nplease write me a poem about ships\n")
    assert reply["status"] == "ok"
    assert "There is no recipe for this" in shown
    assert "What is sent, what comes back" in " ".join(shown.split())
    failure, _ = kernel.run("%backend apply 1")
    assert failure["status"] == "error"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("recipe jwt-aut", "jwt-auth"),
        ("recipe keyset-pagination code", "tests"),
        ("recipe no-such-thing-at-all", "There is no recipe"),
    ],
)
def test_a_recipe_that_is_not_there_is_named_with_the_nearest(kernel: Kernel, line: str, words: str) -> None:
    reply, _ = kernel.run(f"%backend {line}")
    assert reply["status"] == "error"
    assert words in str(reply["evalue"])


def test_the_command_line_writes_tests_and_replaces_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pages"
    assert run(["recipe", "keyset-pagination", "--to", str(folder), "--test"]) == 0
    assert " tests passed, run here just now" in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == {"keyset_pagination.py", "test_keyset_pagination.py"}
    (folder / "keyset_pagination.py").write_text("mine")
    assert run(["recipe", "keyset-pagination", "--to", str(folder)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / "keyset_pagination.py").read_text() == "mine"


def test_the_command_line_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe"]) == 0
    assert "jwt-auth" in capsys.readouterr().out
    assert run(["recipe", "jwt-auth"]) == 0
    assert "DESIGN" in capsys.readouterr().out
    assert run(["recipe", "jwt"]) == 2
