"""What can be connected to, what can not, and what is said then."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.domain.errors import ConnectError, DatabaseError, RefusedError
from backend_mentor.domain.statement import Parameter, Statement
from backend_mentor.reading.sql import read_statement

Read = Callable[[str], Statement]


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match="There is no file"):
        SQLiteDatabase.connect(tmp_path / "nothing.db")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_named_as_one(tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match="is a directory"):
        SQLiteDatabase.connect(tmp_path)


def test_a_file_of_another_kind_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n" * 1_000)
    with pytest.raises(ConnectError, match=r"data\.csv is not a SQLite database"):
        SQLiteDatabase.connect(path)


def test_a_damaged_file_is_said_to_be_damaged(shop_file: Path) -> None:
    content = bytearray(shop_file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    shop_file.write_bytes(content)
    with pytest.raises(ConnectError, match="damaged"):
        SQLiteDatabase.connect(shop_file)


def test_a_file_that_may_not_be_read_is_said_to_be_so(shop_file: Path) -> None:
    SQLiteDatabase.connect(shop_file)  # what is imported on first use is imported before the child loses its rights
    # pytest's own directories are closed to other users, and this one is not.
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        path = Path(shutil.copy(shop_file, directory))
        path.chmod(0)
        if os.geteuid() != 0:
            with pytest.raises(ConnectError, match="no permission"):
                SQLiteDatabase.connect(path)
            return
        # Root may read everything, so a child of another user has to try.
        child = os.fork()
        if child == 0:
            os.setuid(65534)
            try:
                SQLiteDatabase.connect(path)
            except ConnectError as error:
                os._exit(0 if "no permission" in error.what else 2)
            except BaseException:
                os._exit(3)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_file_that_vanishes_during_the_review_is_missed(shop: SQLiteDatabase, shop_file: Path, read: Read) -> None:
    shop.schema()
    shop_file.unlink()
    with pytest.raises(ConnectError, match="There is no file"):
        shop.run(read("SELECT 1 FROM sales"))
    assert not shop_file.exists()


def test_a_locked_database_is_said_to_be_locked(shop_file: Path, read: Read) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=Limits(lock_milliseconds=50))
    with closing(sqlite3.connect(shop_file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            database.run(read("SELECT * FROM sales"))
        writer.execute("COMMIT")
    assert database.run(read("SELECT * FROM sales")).rows == 3000


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert SQLiteDatabase.connect(path).schema().tables == ()


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "50%.db", "ä#1.db", "file:odd.db"])
def test_a_file_name_with_signs_that_mean_something_in_an_address_is_found(
    tmp_path: Path, read: Read, name: str
) -> None:
    with closing(sqlite3.connect(tmp_path / name)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 5 AS a")
    database = SQLiteDatabase.connect(tmp_path / name)
    assert (database.name, database.fetch(read("SELECT a FROM t")).rows) == (name, ((5,),))


def test_text_that_is_no_utf8_is_shown_as_well_as_can_be(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "latin.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT CAST(x'66fc72' AS TEXT) AS word")
    assert SQLiteDatabase.connect(path).fetch(read("SELECT word FROM t")).rows == (("f\ufffdr",),)


def test_a_function_of_the_users_own_program_is_explained(shop: SQLiteDatabase, read: Read) -> None:
    with pytest.raises(DatabaseError, match="no such function: REGEXP") as error:
        shop.run(read("SELECT * FROM sales WHERE day REGEXP '^2026'"))
    assert "your program registers" in error.value.remedy


def test_a_database_in_memory_is_read_as_a_snapshot_with_its_age(read: Read) -> None:
    with closing(sqlite3.connect(":memory:")) as mine:
        mine.execute("CREATE TABLE t (a)")
        mine.execute("INSERT INTO t VALUES (1)")
        database = SQLiteDatabase.adopt(mine)
        mine.execute("INSERT INTO t VALUES (2)")
        assert database.fetch(read("SELECT a FROM t")).rows == ((1,),)
        assert database.name == "memory"
        assert database.notes[0].startswith("A snapshot of your database in memory, 0 s old")
        assert mine.execute("SELECT count(*) FROM t").fetchone() == (2,)
        directory = database._path.parent
        assert directory.stat().st_mode & 0o777 == 0o700
        database.close()
        assert not directory.exists()


def test_a_snapshot_that_a_killed_process_left_is_removed_by_the_next_one() -> None:
    program = (
        "import os, sqlite3; from backend_mentor.databases.sqlite.connection import SQLiteDatabase; "
        "database = SQLiteDatabase.adopt(sqlite3.connect(':memory:')); "
        "print(database._path.parent, flush=True); os.kill(os.getpid(), 9)"
    )
    left = Path(subprocess.run([sys.executable, "-c", program], stdout=-1, text=True, check=False).stdout.strip())
    assert left.exists()
    with closing(sqlite3.connect(":memory:")) as mine:
        SQLiteDatabase.adopt(mine).close()
    assert not left.exists()


def test_a_connection_to_a_file_is_read_through_a_new_one_and_says_so(shop_file: Path, read: Read) -> None:
    with closing(sqlite3.connect(shop_file)) as mine:
        mine.execute("CREATE TEMP TABLE draft (a)")
        mine.execute("UPDATE clients SET name = 'changed'")
        database = SQLiteDatabase.adopt(mine)
        assert database.fetch(read("SELECT count(*) FROM clients WHERE name = 'changed'")).rows == ((0,),)
        assert "open transaction and temporary tables are not seen" in database.notes[0]
        mine.rollback()


def test_a_virtual_table_that_would_write_to_be_opened_does_not_hide_the_others(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "map.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE VIRTUAL TABLE area USING rtree (id, low, high); CREATE TABLE t (a);")
    database = SQLiteDatabase.connect(path)
    assert [table.name for table in database.schema().tables] == ["area", "t"]
    with pytest.raises(RefusedError):
        database.run(read("SELECT * FROM area"))


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (date(2026, 4, 3), "2026-04-03"),
        (datetime(2026, 4, 3, 5, 6), "2026-04-03 05:06:00"),
        (Decimal("1.5"), 1.5),
        (2**70, 2.0**70),
        (True, 1),
        (None, None),
    ],
)
def test_a_notebooks_values_are_bound_as_sqlite_stores_them(
    shop: SQLiteDatabase, value: object, stored: object
) -> None:
    statement = read_statement("SELECT :v", "sqlite", (Parameter("{{v}}", ":v", value, "notebook variable v"),))
    assert shop.fetch(statement).rows == ((stored,),)


def test_results_are_cut_at_the_limit_of_rows(shop_file: Path, read: Read) -> None:
    database = SQLiteDatabase.connect(shop_file, limits=Limits(rows=7))
    assert len(database.fetch(read("SELECT * FROM sales")).rows) == 7
    assert database.run(read("SELECT * FROM sales")).rows == 3000
