"""Each character of a text is found again in the source that writes it."""

from __future__ import annotations

import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.reading.endpoints.literals import literal_of, places_of, span_within

SENT = {
    "one line": 'rows = session.execute("SELECT a FROM t WHERE b = 1")',
    "several lines": 'rows = session.execute("""\n    SELECT a\n    FROM t\n    WHERE b = 1\n""")',
    "side by side": "rows = session.execute(\n    'SELECT a '  # the only column\n    \"FROM t WHERE b = 1\"\n)",
    "added": "rows = session.execute('SELECT a ' + 'FROM t WHERE b = 1')",
    "escapes": "rows = session.execute('SELECT \\'\\u00e4\\', \\\n a FROM t WHERE b = 1')",
    "raw": "rows = session.execute(r'SELECT \\d, a FROM t WHERE b = 1')",
    "letters of several bytes": "# Größe\nrows = session.execute('SELECT \"Größe\" FROM t WHERE b = 1')",
}


@pytest.mark.parametrize("code", SENT.values(), ids=SENT)
def test_a_piece_of_a_text_is_found_where_it_is_written(code: str) -> None:
    source = read_source(Cell(f"import sqlalchemy\n{code}\n", CellKind.ENDPOINT))
    (query,) = source.queries
    node = literal_of(source, query)
    assert node is not None
    places = places_of(source, node)
    assert places is not None
    start = query.text.index("b = 1")
    span = span_within(source, places, start, start + 5)
    assert source.text[span.start : span.end] == "b = 1"
    assert source.text.splitlines()[span.line - 1][span.column - 1 :].startswith("b = 1")


def test_a_text_with_holes_has_no_places() -> None:
    text = textwrap.dedent("""
        import sqlalchemy
        rows = session.execute(f"SELECT a FROM t WHERE b = {number}")
    """)
    source = read_source(Cell(text, CellKind.ENDPOINT))
    assert literal_of(source, source.queries[0]) is None
