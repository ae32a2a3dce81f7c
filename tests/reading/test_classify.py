"""A cell is taken for what it is, and what can not be read is said in one message."""

from __future__ import annotations

import pytest

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.errors import CellError
from backend_mentor.reading.classify import CHARACTERS_AT_MOST, read_cell

SQL, REQUEST, PLAN, ENDPOINT = CellKind.SQL, CellKind.REQUEST, CellKind.PLAN, CellKind.ENDPOINT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT 1", SQL),
        ("-- by region\n(select 1) union (select 2);", SQL),
        ("with x as (select 1) select * from x", SQL),
        ("select * form orders", SQL),
        ("SELCT * FROM orders", SQL),
        ("select a b c from t", SQL),
        ("SELECT o.id FROM orders o WHERE o.status = 'open' GRUOP BY 1", SQL),
        ("set statement_timeout to 5", SQL),
        ("VACUUM", SQL),
        ("explain select 1", SQL),
        ("drop table orders", SQL),
        ("%%sql sqlite:///shop.db\nselect 1", SQL),
        ("Select the best index for orders", REQUEST),
        ("Select the best index for orders where status = 'open'", REQUEST),
        ("with a key, how do I sign a token?", REQUEST),
        ("update me on the status", REQUEST),
        ("show me the slow queries", REQUEST),
        ("explain this query to me", REQUEST),
        ("delete the old orders please", REQUEST),
        ("create an index on orders", REQUEST),
        ("why is this slow?", REQUEST),
        ("hello", REQUEST),
        ("QUERY PLAN\n|--SCAN t\n`--USE TEMP B-TREE FOR ORDER BY", PLAN),
        ("SCAN orders", PLAN),
        ("SEARCH a USING INTEGER PRIMARY KEY (rowid=?)", PLAN),
        ('[{"Plan": {"Node Type": "Seq Scan"}}]', PLAN),
        ("Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)", PLAN),
        ("   QUERY PLAN\n-----------\n Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n(1 row)", PLAN),
        ("search orders by date", REQUEST),
        ("@app.get('/x')\ndef read(): return 1", ENDPOINT),
        ("import os", ENDPOINT),
        ("def read(x):\n  return db.execute('SELECT 1'", ENDPOINT),
    ],
)
def test_a_cell_is_taken_for_what_it_is(text: str, kind: CellKind) -> None:
    assert read_cell(text).kind is kind


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        ("from fastapi import FastAPI\napp = FastAPI()", "FastAPI"),
        ("app = Flask(__name__)", "Flask"),
        ("from django.db import models", "Django"),
        ("from starlette.applications import Starlette", "Starlette"),
        ("from litestar import get", "Litestar"),
        ("from sqlalchemy import select", "SQLAlchemy"),
        ("import os", None),
    ],
)
def test_python_is_named_by_its_framework(text: str, framework: str | None) -> None:
    assert read_cell(text).framework == framework


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("%%sql\nselect 1", "select 1"),
        ("%%sql --save x sqlite:///a.db\nselect 1", "select 1"),
        ("%%sql result <<\nselect 1", "select 1"),
        ("%%sql select 2\nfrom t", "select 2\nfrom t"),
        ("%%backend --analyze\nselect 1", "select 1"),
    ],
)
def test_a_magic_line_is_left_out_and_the_text_stays(text: str, body: str) -> None:
    cell = read_cell(text)
    assert cell.text == text
    assert text[cell.spans[0].start : cell.spans[0].end] == body


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The cell is empty."),
        (" \n\t", "The cell is empty."),
        ("%%sql\n", "The cell is empty."),
        ("-- nothing yet\n/* and more */", "The cell holds only comments."),
        ("# only this", "The cell holds only comments."),
        ("SELECT 1\0", "The cell is binary, not text."),
        ("\x01\x02\x03\x04abc", "The cell is binary, not text."),
        (b"\x89PNG\xff\xfe\xfd".decode(errors="surrogateescape"), "The cell is binary, not text."),
        (
            "SELECT " + "1," * CHARACTERS_AT_MOST,
            "The cell holds 400,007 characters; at most 200,000 are reviewed at once.",
        ),
    ],
)
def test_what_can_not_be_read_has_one_message_and_a_remedy(text: str, says: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(text)
    assert caught.value.what == says
    assert caught.value.remedy
