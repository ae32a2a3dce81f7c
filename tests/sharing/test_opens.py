"""The shared folder runs where nothing of its author's is: with the wheel, by nbclient, on its own database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from backend_mentor.surfaces.cli import run
from tests.browser.environment import Environment, make_environment

_EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""
POSTGRES = """
CREATE TYPE mood AS ENUM ('glad', 'Nightjar');
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, joined date, feels mood DEFAULT 'Nightjar'
);
CREATE TABLE orders (
  id serial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
  status varchar(10) NOT NULL CHECK (status IN ('new', 'paid')), total numeric(8, 2) CHECK (total BETWEEN 1 AND 500),
  doubled numeric GENERATED ALWAYS AS (total * 2) STORED, UNIQUE (customer_id, id)
);
CREATE INDEX open_orders ON orders (customer_id) WHERE status = 'new';
CREATE VIEW paid AS SELECT customer_id, total FROM orders WHERE status = 'paid';
INSERT INTO customers (name, joined)
SELECT 'Annegret Quillfeather ' || n, date '1987-03-11' + n FROM generate_series(1, 300) n;
INSERT INTO orders (customer_id, status, total)
SELECT n % 300 + 1, CASE WHEN n % 4 = 0 THEN 'new' ELSE 'paid' END, n % 400 + 1 FROM generate_series(1, 900) n;
ANALYZE;
"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the built wheel; the editable install is out of its sight."""
    return make_environment(tmp_path_factory.mktemp("clean"))


def execute(clean: Environment, folder: Path, name: str) -> nbformat.NotebookNode:
    """Run a notebook of the folder in the clean environment and return it with its outputs."""
    kept = {key: value for key, value in clean.variables().items() if key not in ("DATABASE_URL", "PYTHONPATH")}
    ended = subprocess.run(
        [clean.python, "-c", _EXECUTE, name], cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return nbformat.read(folder / name, as_version=4)


def test_the_shared_folder_opens_and_runs_in_a_clean_environment(
    clean: Environment, notebook: Path, shop: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    assert run(["share", str(notebook), "--database", str(shop), "--to", str(folder), "--yes"]) == 0
    ran = execute(clean, folder, "orders.ipynb")
    review = "".join(str(output) for output in ran.cells[5].outputs)
    assert "shop.db" in review, "the review is about the database of the folder"
    assert ran.cells[3].outputs[0].data["text/plain"] == "True", "its query finds rows"
    pins = (folder / "requirements.txt").read_text().split()
    assert all("==" in pin for pin in pins)
    assert pins[0].startswith("backend-mentor==")
    assert (folder / "binder" / "runtime.txt").read_text().startswith("python-3.")


def test_a_folder_from_postgres_starts_its_own_server_and_runs(
    clean: Environment, postgres18: str, new_database: Callable[..., str], tmp_path: Path
) -> None:
    url = new_database(postgres18, POSTGRES)
    cells = [
        f'import psycopg\nconnection = psycopg.connect("{url}")',
        "%load_ext backend_mentor",
        f"%backend connect {url}",
        "connection.execute(\"SELECT count(*) FROM paid WHERE total > 1 AND 'paid' = 'paid'\").fetchone()[0] > 20",
        "connection.execute('SELECT min(doubled / total) FROM orders').fetchone()[0] == 2",
    ]
    path = tmp_path / "report.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    folder = tmp_path / "shared"
    assert run(["share", str(path), "--database", url, "--to", str(folder), "--yes"]) == 0
    written = (folder / "schema.sql").read_bytes() + (folder / "seed.sql").read_bytes()
    assert b"Quillfeather" not in written
    assert b"Nightjar" not in written
    ran = execute(clean, folder, "report.ipynb")
    assert [cell.outputs[0].data["text/plain"] for cell in ran.cells[4:]] == ["True", "True"]
