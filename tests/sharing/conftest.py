"""A notebook, and a database, with a secret or a row of somebody's in every place that has room for one."""

from __future__ import annotations

import base64
import sqlite3
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

SECRETS = {
    "an address": "p@rrot/Wing-77",
    "a plain assignment": "correct-horse-1",
    "a bare word of a .env file": "envFileValue42",
    "a header in code": "tok.Qm4z81Lx0c",
    "a key of a known form": "sk-ant-zz91kkQ0dd7",
    "Markdown": "marktheshark9",
    "a comment in code": "commentedOut88",
    "a stream, in two pieces": "twoPiecesOne22",
    "a coloured traceback": "inTheTraceback5",
    "an HTML table": "cellOfHtml-6",
    "a JSON output": "jsonInside<&>7",
    "a mime bundle of their own": "vendorBundle13",
    "an SVG": "drawnInSvg0001",
    "text of a picture": "pngTextChunk21",
    "an attachment": "attachedText31",
    "metadata of a cell": "cellMeta-4411",
    "metadata of the notebook": "bookMeta-9821",
    "widget state": "widgetState-771",
    "a repr": "reprOfClient-3",
    "base64": "zeroInBase64-8",
    "a private key": "MIIEvwIBADANBgkqhkiG9w0",
}
ROWS = {
    "a name": "Annegret Quillfeather",
    "a common value": "Zanzibar Loft",
    "a password in a table": "$2b$12$rowPasswordHash",
    "an account number": "4821337705",
    "a BLOB": "blobOfARow77",
    "a DEFAULT": "Default Nightjar",
    "a CHECK": "Checked Nightjar",
    "a comment of the schema": "commentNightjar",
    "a predicate": "Indexed Nightjar",
    "text of a view": "Viewed Nightjar",
    "a deleted row": "Deleted Nightjar",
    "a day of birth": "1987-03-11",
    "number of a predicate": "73519462",
}
SCHEMA = f"""
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, -- {ROWS["a comment of the schema"]}
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  born TEXT CHECK (born > '1900-01-01'),
  city TEXT DEFAULT '{ROWS["a DEFAULT"]}' CHECK (city <> '{ROWS["a CHECK"]}'),
  photo BLOB
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers,
  account INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('new', 'paid', 'returned')),
  total REAL NOT NULL CHECK (total >= 0),
  doubled REAL GENERATED ALWAYS AS (total * 2) VIRTUAL,
  UNIQUE (customer_id, account)
);
CREATE INDEX cities ON customers (city) WHERE city <> '{ROWS["a predicate"]}';
CREATE INDEX accounts ON orders (account) WHERE account <> {ROWS["number of a predicate"]};
CREATE VIEW lofts AS SELECT id FROM customers WHERE city = '{ROWS["text of a view"]}';
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of customers and orders, with what must not leave it, in free pages too."""
    path = tmp_path_factory.mktemp("private") / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for number in range(1, 301):
        city = ROWS["a common value"] if number % 2 else None
        person = (number, f"{ROWS['a name']} {number}" if number > 1 else ROWS["a name"], f"q{number}@quill.example")
        secret = (f"{ROWS['a password in a table']}{number:04}", ROWS["a day of birth"], city, ROWS["a BLOB"].encode())
        connection.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)", (*person, *secret))
    for number in range(1, 901):
        row = (
            number,
            number % 300 + 1,
            int(ROWS["an account number"]) + number // 300,
            "paid" if number % 3 else "new",
            number / 7,
        )
        connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", row)
    connection.execute(
        "INSERT INTO customers VALUES (999, ?, 'x', 'y', NULL, NULL, NULL)", (ROWS["a deleted row"] * 400,)
    )
    connection.commit()
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("DELETE FROM customers WHERE id = 999")
    connection.executescript("ANALYZE;")
    connection.commit()
    connection.close()
    return path


@pytest.fixture(scope="session")
def notebook(tmp_path_factory: pytest.TempPathFactory, shop: Path) -> Path:
    """A notebook on the shop, as people leave it behind."""
    path = tmp_path_factory.mktemp("work") / "orders.ipynb"
    nbformat.write(new_notebook(cells=_cells(shop), metadata=_metadata()), path)
    return path


def _metadata() -> dict[str, object]:
    state = {"state": {"a": {"model_name": "TextModel", "state": {"value": SECRETS["widget state"]}}}}
    return {
        "kernelspec": {
            "name": "team",
            "display_name": f"Team {SECRETS['metadata of the notebook']}",
            "language": "python",
        },
        "language_info": {"name": "python"},
        "deploy": {"token": SECRETS["metadata of the notebook"]},
        "widgets": {"application/vnd.jupyter.widget-state+json": state},
    }


def _cells(shop: Path) -> list[nbformat.NotebookNode]:
    encoded = quote(SECRETS["an address"], safe="")
    hidden = base64.b64encode(f"user:password={SECRETS['base64']}".encode()).decode()
    connect = f'''import sqlite3
# the old password: {SECRETS["a comment in code"]}
remote = "postgresql://shop:{encoded}@db.example:5432/shop"
db_password = "{SECRETS["a plain assignment"]}"
headers = {{"Authorization": "Bearer {SECRETS["a header in code"]}"}}
client_key = "{SECRETS["a key of a known form"]}"
blob = "{hidden}"
connection = sqlite3.connect("{shop}")'''
    query = """rows = connection.execute(
    "SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'paid'"
).fetchall()
len(rows) > 0"""
    words = f"The password is {SECRETS['Markdown']}.\n\nSHOP_API_KEY={SECRETS['a bare word of a .env file']}\n"
    attached = base64.b64encode(f"token: {SECRETS['an attachment']}".encode()).decode()
    return [
        new_markdown_cell(f"# Orders\n\n{words}", attachments={"notes.txt": {"text/plain": attached}}),
        new_code_cell(connect, metadata={"tags": ["setup"], "vault": {"secret": SECRETS["metadata of a cell"]}}),
        new_code_cell(query, outputs=_outputs(), execution_count=3),
        new_code_cell("%load_ext backend_mentor"),
        new_code_cell("%%backend\nSELECT name FROM customers WHERE id = 3"),
        new_code_cell("assert connection.execute('SELECT count(*) FROM orders WHERE status = \"paid\"').fetchone()[0]"),
    ]


def _outputs() -> list[nbformat.NotebookNode]:
    first, second = SECRETS["a stream, in two pieces"][:6], SECRETS["a stream, in two pieces"][6:]
    red = "\x1b[31m"
    torn = SECRETS["a coloured traceback"][:4] + red + SECRETS["a coloured traceback"][4:]
    data = {
        "text/plain": f"Client(host='x', api_key='{SECRETS['a repr']}', name='{ROWS['a name']}')",
        "text/html": "<table><tr><th>name</th><th>access_token</th></tr>"
        f"<tr><td>x</td><td>{SECRETS['an HTML table']}</td></tr></table>",
        "application/json": {"auth": {"secret": SECRETS["a JSON output"]}, "again": [f"is {SECRETS['a JSON output']}"]},
        "application/vnd.somebody.v1+json": {
            "url": f"https://x.example/?access_token={SECRETS['a mime bundle of their own']}"
        },
        "image/svg+xml": f"<svg><text>password: {SECRETS['an SVG']}</text></svg>",
        "image/png": base64.b64encode(_png(f"Comment\0{SECRETS['text of a picture']}".encode())).decode(),
        "application/octet-stream": base64.b64encode(SECRETS["base64"].encode()).decode(),
    }
    pem = f"-----BEGIN PRIVATE KEY-----\n{SECRETS['a private key']}\n-----END PRIVATE KEY-----\n"
    return [
        new_output("stream", name="stdout", text=f"password={first}"),
        new_output("stream", name="stdout", text=f"{second}\n{pem}"),
        new_output(
            "stream",
            name="stderr",
            text=f"sent {SECRETS['a plain assignment']} as {SECRETS['a plain assignment'].encode().hex()}\n",
        ),
        new_output("display_data", data=data, metadata={"vault": SECRETS["metadata of a cell"]}),
        new_output("execute_result", data={"text/plain": f"{SECRETS['an address']!r}"}, execution_count=3),
        new_output(
            "error",
            ename="OSError",
            evalue=f"no token: {SECRETS['a coloured traceback']}",
            traceback=[f"{red}token{red}: {torn}"],
        ),
    ]


def _png(text: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    points = chunk(b"IDAT", zlib.compress(b"\0\xff"))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"tEXt", text) + points + chunk(b"IEND", b"")
