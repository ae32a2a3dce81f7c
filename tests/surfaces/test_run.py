"""`%%backend --run` in a real kernel: the cell runs, its app is sent requests, and a change is proved by running it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

from tests.proofs.running.cells import ASYNC_FASTAPI, DJANGO, FASTAPI, FLASK
from tests.surfaces.test_magic import Kernel

BY_FRAMEWORK = {"FastAPI": FASTAPI, "Flask": FLASK, "Django": DJANGO}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    running = Kernel(manager, client)
    running.text("%load_ext backend_mentor")
    running.text("%backend connect demo")
    yield running
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ensure_event_loop().close()  # jupyter_client leaves its own open


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("framework", BY_FRAMEWORK)
def test_an_n_plus_one_is_shown_by_counts_that_grow_and_the_offered_diff_by_counts_that_do_not(
    kernel: Kernel, framework: str
) -> None:
    text = flat(kernel.text(f"%%backend --run --as kept\n{BY_FRAMEWORK[framework]}"))
    assert "2 11 101 grows with the rows" in text
    assert "Shown by the run: GET /" in text
    runs = kernel.text(
        "for each in kept.proposals:\n"
        "    if each.name == 'relations-loaded-with-rows':\n"
        "        runs = each.proof.code.runs\n"
        "        print(runs.differences, [c.queries for g in runs.before for c in g.counts][:3],\n"
        "              max(c.queries for g in runs.after for c in g.counts))"
    )
    constant = {"FastAPI": "2", "Flask": "1", "Django": "1"}[framework]
    assert runs.split() == ["()", "[2,", "11,", "101]", constant]


def test_an_asynchronous_app_is_run_beside_the_kernel_s_own_event_loop(kernel: Kernel, tmp_path: Path) -> None:
    cell = ASYNC_FASTAPI.replace("DATABASE", str(tmp_path / "own.db"))
    assert "2 11 101 grows with the rows" in flat(kernel.text(f"%%backend --run\n{cell}"))


def test_what_will_be_run_is_said_before_it_is(kernel: Kernel) -> None:
    _, outputs = kernel.run(f"%%backend --run\n{FLASK}")
    said = [each.get("text", "") or each.get("data", {}).get("text/plain", "") for each in outputs]
    announced = next(place for place, text in enumerate(said) if "Runs app in this process: GET /books." in text)
    shown = next(place for place, text in enumerate(said) if "AS IT RAN" in text)
    assert announced < shown


def test_the_cell_s_names_are_the_notebook_s_and_its_output_is_shown(kernel: Kernel) -> None:
    assert "from the cell" in kernel.text(f"%%backend --run\n{FLASK}\nprint('from the cell')")
    assert kernel.text("print(app.name)").strip() == "shop"


def test_a_cell_that_raises_shows_its_own_exception_and_is_reviewed_all_the_same(kernel: Kernel) -> None:
    reply, outputs = kernel.run(f"%%backend --run\n{FLASK}\nraise ValueError('mine')")
    shown = "".join(each.get("data", {}).get("text/plain", "") for each in outputs)
    assert reply["status"] == "error"
    assert any(each.get("ename") == "ValueError" for each in outputs)
    assert "relation-loaded-in-loop" in shown
    assert "AS IT RAN" not in shown


def test_a_call_is_sent_with_its_json_and_rolled_back_and_a_header_is_shown_nowhere(kernel: Kernel) -> None:
    cell = FLASK + (
        "\nfrom flask import request\n"
        "@app.post('/authors')\n"
        "def add():\n"
        "    with Session(engine) as db:\n"
        "        db.add(Author(name=request.get_json()['name'] + request.headers['X-Key'][:0]))\n"
        "        db.commit()\n"
        "    return {}, 201\n"
    )
    options = """--call 'POST /authors {"name": "new"}' --header 'X-Key: verysecret'"""
    _, outputs = kernel.run(f"%%backend {options} --as kept\n{cell}")
    shown = repr(outputs)
    assert "POST /authors · 201 · 1 statement" in shown
    assert "rolled back" in shown
    assert "verysecret" not in shown + kernel.text("print(kept)")
    assert kernel.text("print(Session(engine).scalars(select(Author.name)).all())").strip() == str(
        [f"own {number}" for number in range(3)]
    )


@pytest.mark.parametrize(
    ("first_line", "cell", "words"),
    [
        ("--run", "SELECT 1", "--run executes endpoint code"),
        ("--call 'POST'", FLASK, "--call can not be read"),
        ("--call 'POST /authors {name}'", FLASK, "is not JSON"),
        ("--run --header 'verysecret'", FLASK, "--header can not be read"),
    ],
)
def test_what_can_not_be_run_is_said_with_the_remedy_and_nothing_is_run(
    kernel: Kernel, first_line: str, cell: str, words: str
) -> None:
    kernel.text("app = None")
    failure = kernel.failure(f"%%backend {first_line}\n{cell}")
    assert words in failure
    assert "verysecret" not in failure
    assert kernel.text("print(app)").strip() == "None"


def test_an_interrupt_ends_a_request_that_does_not_and_leaves_the_kernel_usable(kernel: Kernel) -> None:
    cell = (
        "import threading\n"
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "entered = threading.Event()\n"
        "@app.get('/stuck')\n"
        "async def stuck():\n"
        "    print('entered', flush=True)\n"
        "    while True:\n"
        "        threading.Event().wait(0.01)\n"
    )
    moments: list[float] = []

    def interrupt() -> None:
        moments.append(time.monotonic())
        kernel.manager.interrupt_kernel()
        ensure_event_loop().close()  # each thread gets one of its own

    timer = threading.Timer(3.0, interrupt)
    timer.start()
    reply, _ = kernel.run(f"%%backend --run\n{cell}")
    returned = time.monotonic()
    assert (reply["status"], reply["ename"]) == ("error", "KeyboardInterrupt")
    # The time limit of a request is ten seconds, so it was the interrupt that ended it.
    assert returned - moments[0] < 6
    print(f"returned {returned - moments[0]:.2f} s after the interrupt")
    names = "[each.name for each in threading.enumerate() if each.name == 'backend-mentor-run']"
    assert kernel.text(f"print({names})").strip() == "[]"
    assert "2 11 101 grows with the rows" in flat(kernel.text(f"%%backend --run\n{FLASK}"))
