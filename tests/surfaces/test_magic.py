"""The magic in a real kernel, from the first cell to an interrupt."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

LONG_QUERY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


class Kernel:
    """A kernel with the extension loaded; `run` returns the reply and what the cell showed."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager, self.client = manager, client

    def run(self, code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        outputs: list[dict[str, Any]] = []

        def keep(message: dict[str, Any]) -> None:
            if message["msg_type"] in ("display_data", "stream", "error"):
                outputs.append(message["content"])

        reply = self.client.execute_interactive(code, output_hook=keep, timeout=120)
        return reply["content"], outputs

    def text(self, code: str) -> str:
        reply, outputs = self.run(code)
        assert reply["status"] == "ok", reply
        return "".join(each.get("text", "") or each.get("data", {}).get("text/plain", "") for each in outputs)

    def failure(self, code: str) -> str:
        reply, _ = self.run(code)
        assert reply["status"] == "error"
        return str(reply["evalue"])


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    running = Kernel(manager, client)
    running.text("%load_ext backend_mentor")
    yield running
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ensure_event_loop().close()  # jupyter_client leaves its own open


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, total REAL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO orders SELECT i, i % 50, i FROM n;
            INSERT INTO customers SELECT id, 'c' || id FROM orders WHERE id <= 50;
            ANALYZE;"""
        )
    connection.close()
    return path


def test_a_cell_is_reviewed_on_the_demo_without_any_set_up(kernel: Kernel) -> None:
    reply, outputs = kernel.run("%%backend\nSELECT count(*) FROM orders WHERE account_id = 7")
    assert reply["status"] == "ok"
    bundle = next(
        each["data"] for each in outputs if "application/vnd.backend-mentor.review+json" in each.get("data", {})
    )
    assert {"text/html", "text/markdown", "text/plain"} < bundle.keys()
    assert "demo.db" in bundle["text/plain"]
    assert bundle["application/vnd.backend-mentor.review+json"]["statement"].startswith("SELECT count(*)")


def test_a_connected_file_is_named_and_reviewed(kernel: Kernel, shop: Path) -> None:
    assert "shop.db" in kernel.text(f"%backend connect {shop}")
    assert "5,000" in kernel.text("%%backend\nSELECT * FROM orders WHERE customer_id = 3")


def test_a_notebook_variable_is_bound_and_braces_pass_untouched(kernel: Kernel, shop: Path) -> None:
    kernel.text(f"%backend connect {shop}\nwanted = 3")
    code = "%%backend --as kept\nSELECT id, '{x} %s' AS label FROM orders WHERE customer_id = {{wanted}}"
    assert "{{wanted}}" in kernel.text(code)
    assert kernel.text("print(kept.statement)").strip() == code.split("\n")[1]


def test_an_sqlite_connection_of_the_notebook_is_reviewed_as_a_snapshot(kernel: Kernel) -> None:
    kernel.text("import sqlite3; mine = sqlite3.connect(':memory:'); mine.execute('CREATE TABLE t (a INTEGER)')")
    assert "snapshot" in kernel.text("%backend connect mine")
    assert "t" in kernel.text("%%backend\nSELECT a FROM t")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "empty"),
        ("SELECT * FROM ordersz", "orders"),
        ("SELECT 'open FROM orders", "never closed"),
        ("ATTACH 'x.db' AS x", "ATTACH"),
    ],
)
def test_a_cell_that_can_not_be_reviewed_ends_in_error_and_says_why(kernel: Kernel, cell: str, words: str) -> None:
    kernel.text("%backend connect demo")
    assert words in kernel.failure(f"%%backend\n{cell}\n")


def test_endpoint_code_is_reviewed_with_the_sql_that_stands_in_it(kernel: Kernel) -> None:
    kernel.text("%backend connect demo")
    text = kernel.text(
        "%%backend\n"
        "import time\n"
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "@app.get('/orders')\n"
        "async def orders(status: str):\n"
        "    time.sleep(1)\n"
        "    db.execute(\"SELECT id FROM accounts WHERE lower(email) = 'a@example.net'\")\n"
        "    return db.execute(f\"SELECT * FROM orders WHERE status = '{status}'\")\n"
    )
    assert "sql-injection" in text
    assert "blocking-call-in-async" in text
    assert "CREATE INDEX accounts_lower_email_idx" in text


def test_same_refutes_not_in_over_a_nullable_column_and_shows_the_rows(kernel: Kernel, shop: Path) -> None:
    kernel.text(f"%backend connect {shop}")
    text = kernel.text(
        "%%backend same\n"
        "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders);\n"
        "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"
    )
    assert "not equivalent" in text
    assert "NULL" in text


def test_an_interrupt_ends_a_long_review_and_the_kernel_goes_on(kernel: Kernel, shop: Path) -> None:
    kernel.text(f"%backend connect {shop}")
    moments: list[float] = []

    def interrupt() -> None:
        moments.append(time.monotonic())
        kernel.manager.interrupt_kernel()
        ensure_event_loop().close()  # each thread gets one of its own

    timer = threading.Timer(2.0, interrupt)
    timer.start()
    reply, _ = kernel.run(f"%%backend --analyze\n{LONG_QUERY}")
    returned = time.monotonic()
    assert reply["status"] == "error"
    assert reply["ename"] == "KeyboardInterrupt"
    # Far below the thirty seconds of the time limit, so it was the interrupt that ended it.
    assert returned - moments[0] < 15
    assert "5,000" in kernel.text("%%backend\nSELECT * FROM orders WHERE customer_id = 3")


def test_a_postgres_with_the_demo_data_is_started_for_the_kernel(kernel: Kernel) -> None:
    assert "PostgreSQL 18" in kernel.text("%backend postgres")
    text = kernel.text("%%backend\nSELECT id FROM accounts WHERE lower(email) = 'x@example.net'")
    assert "CREATE INDEX accounts_lower_email_idx" in text
    assert "changes no rows, faster" in text
    assert "* postgres" in kernel.text("%backend connections")


def test_apply_puts_a_proposal_into_the_next_cell_only(kernel: Kernel, shop: Path) -> None:
    kernel.text(f"%backend connect {shop}")
    kernel.text("%%backend --analyze\nSELECT * FROM orders WHERE customer_id = 3")
    reply, _ = kernel.run("%backend apply 1")
    (payload,) = [each for each in reply["payload"] if each["source"] == "set_next_input"]
    assert payload["replace"] is False
    assert "CREATE INDEX" in payload["text"]
    assert "1 proposal" in kernel.failure("%backend apply 99")


def test_help_lists_every_command_and_option(kernel: Kernel) -> None:
    from backend_mentor.surfaces.commands import COMMANDS

    text = kernel.text("%backend help")
    assert all(f"%backend {name}" in text for name in COMMANDS)
