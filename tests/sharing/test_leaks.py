"""What was planted in every place of a notebook and a database is nowhere in the folder."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.surfaces.cli import run
from tests.sharing.conftest import ROWS, SECRETS
from tests.sharing.searching import holds


def content_of(folder: Path) -> bytes:
    """Return every byte of a folder's files, and every file's name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"\n".join(path.name.encode() + b"\n" + path.read_bytes() for path in files)


@pytest.fixture(scope="module")
def shared(notebook: Path, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "shared"
    assert run(["share", str(notebook), "--database", str(shop), "--to", str(folder), "--yes"]) == 0
    return folder


@pytest.fixture(scope="module")
def without_rows(notebook: Path, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "hidden"
    assert run(["share", str(notebook), "--database", str(shop), "--to", str(folder), "--hide-rows", "--yes"]) == 0
    return folder


@pytest.fixture(scope="module")
def sampled(notebook: Path, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "sampled"
    assert run(["share", str(notebook), "--database", str(shop), "--to", str(folder), "--sample", "30", "--yes"]) == 0
    return folder


@pytest.mark.parametrize("place", SECRETS)
def test_a_secret_is_nowhere_in_the_folder(place: str, shared: Path, sampled: Path) -> None:
    assert not holds(content_of(shared), SECRETS[place])
    assert not holds(content_of(sampled), SECRETS[place])


@pytest.mark.parametrize("place", ROWS)
def test_a_row_is_nowhere_in_the_folder_where_rows_are_hidden(place: str, without_rows: Path) -> None:
    assert not holds(content_of(without_rows), ROWS[place])


@pytest.mark.parametrize("place", ROWS)
def test_a_row_is_nowhere_in_the_made_up_database(place: str, shared: Path) -> None:
    assert not holds((shared / "shop.db").read_bytes() + (shared / "schema.sql").read_bytes(), ROWS[place])


def test_the_search_would_find_each_of_them_in_the_original(notebook: Path, shop: Path) -> None:
    inside = json.dumps(json.loads(notebook.read_bytes()), ensure_ascii=False).encode()
    unfound = {place for place, value in SECRETS.items() if not holds(inside, value)}
    # These two stand there in two pieces.
    assert unfound == {"a stream, in two pieces"}
    numbers = {place for place, value in ROWS.items() if not holds(shop.read_bytes(), value)}
    # A number is kept in bytes of its own.
    assert numbers == {"an account number"}


@pytest.mark.parametrize(
    "form",
    [
        lambda text: base64.b64encode(b"x" + text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(b"ab" + text.encode() + b"c").decode(),
        lambda text: text.encode().hex(),
        json.dumps,
    ],
)
def test_the_search_reads_encoded_forms(form: object) -> None:
    assert callable(form)
    assert holds(form("swordfish-77").encode(), "swordfish-77")


def test_passwords_and_addresses_of_people_are_not_sampled(sampled: Path) -> None:
    content = (sampled / "shop.db").read_bytes()
    assert ROWS["a password in a table"].encode() not in content
    assert b"@quill.example" not in content
    assert ROWS["a name"].encode() in content, "rows are taken on the user's word"


def test_every_key_of_the_new_database_holds(shared: Path, sampled: Path) -> None:
    for folder in (shared, sampled):
        with closing(sqlite3.connect(folder / "shop.db")) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            (orders,) = connection.execute("SELECT count(*) FROM orders").fetchone()
            assert orders >= 30


def test_made_up_rows_follow_the_statistics(shared: Path) -> None:
    with closing(sqlite3.connect(shared / "shop.db")) as connection:
        nulls, customers = connection.execute("SELECT sum(city IS NULL), count(*) FROM customers").fetchone()
        statuses = {row[0] for row in connection.execute("SELECT DISTINCT status FROM orders")}
        low, high = connection.execute("SELECT min(total), max(total) FROM orders").fetchone()
    assert customers == 200
    assert 0.3 < nulls / customers < 0.7, "half of the original's are NULL"
    assert "paid" in statuses, "the notebook asks for it"
    assert 0 <= low < 30
    assert 100 < high <= 200


def test_what_is_in_it_is_shown_and_nothing_written_before_a_yes(
    notebook: Path, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    folder = tmp_path / "shared"
    assert run(["share", str(notebook), "--database", str(shop), "--to", str(folder)]) == 2
    told = capsys.readouterr()
    assert not folder.exists()
    assert "Add --yes" in told.err
    for line in ("- orders.ipynb, ", "- shop.db, ", "- orders: 200 rows, made up", "- code: password in an address, 1"):
        assert line in told.out
    assert not any(holds(told.out.encode(), value) for value in SECRETS.values())
