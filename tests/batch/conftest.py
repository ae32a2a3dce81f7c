"""A folder as teams have them: queries, a module, a notebook, and what is to be left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SCHEMA = """
CREATE TABLE suppliers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE parts (id INTEGER PRIMARY KEY, supplier_id INTEGER NOT NULL REFERENCES suppliers, made_on TEXT NOT NULL,
                    weight_grams INTEGER);
CREATE INDEX parts_made_on ON parts (made_on);
INSERT INTO suppliers SELECT value, 'supplier ' || value, 'C' || (value % 9) FROM generate;
INSERT INTO parts SELECT value, value % 200 + 1, date('2026-01-01', '+' || (value % 300) || ' days'), value % 700
  FROM generate_more;
"""
QUERIES = """-- parts of one day
SELECT * FROM parts WHERE date(made_on) = '2026-03-02';

/* a list
   of two lines */
SELECT name FROM suppliers
WHERE country = 'C3';
"""
MODULE = """import sqlite3
from fastapi import FastAPI

app = FastAPI()


@app.get("/suppliers")
def list_suppliers(name: str):
    connection = sqlite3.connect("shop.db")
    return connection.execute(f"SELECT id FROM suppliers WHERE name = '{name}'").fetchall()
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small SQLite file of suppliers and parts."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    numbers = (
        "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {}) SELECT value FROM n"
    )
    connection = sqlite3.connect(path)
    connection.executescript(
        f"CREATE TEMP TABLE generate AS {numbers.format(200)};"
        f"CREATE TEMP TABLE generate_more AS {numbers.format(20_000)};{SCHEMA}ANALYZE;"
    )
    connection.close()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two statements, a module, a notebook of three kinds of cells, and much that is left alone."""
    root = tmp_path / "work"
    (root / "app").mkdir(parents=True)
    (root / "node_modules" / "x").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "reports.sql").write_text(QUERIES)
    (root / "app" / "views.py").write_text(MODULE)
    (root / "app" / "shapes.py").write_text("def area(width, height):\n    return width * height\n")
    (root / "node_modules" / "x" / "y.sql").write_text("SELECT 1")
    (root / ".hidden" / "z.sql").write_text("SELECT 1")
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Parts"),
            new_code_cell("%%sql\nSELECT id FROM parts WHERE weight_grams = 300"),
            new_code_cell("total = 1 + 1"),
            new_code_cell("rows = 5\n%sql --alias shop SELECT count(*) FROM suppliers"),
            new_code_cell("import pandas as pd\nframe = pd.read_sql('SELECT name FROM suppliers', shop)"),
        ]
    )
    nbformat.write(notebook, root / "parts.ipynb")
    return root
