"""Bad input gets one clear message with the remedy, and nothing is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from backend_mentor.databases.postgres.server import start_server
from backend_mentor.domain.errors import ConnectError, DatabaseError, MentorError, StoppedError
from backend_mentor.session import Session

NOT_DONE = 2
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgres": "SELECT count(*) FROM generate_series(1, 100000000000) g",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'x'); ANALYZE"
        )
    return path


@pytest.fixture
def session(shop: Path) -> Session:
    connected = Session()
    connected.connect(str(shop))
    return connected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("-- nothing", "comments"),
        ("\0\1\2", "binary"),
        ("SELECT 'x", "never closed"),
        ("SELECT (a FROM t", "never closed"),
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "nests too deeply"),
        ("SELECT '" + "x" * 1_000_000 + "'", "200,000"),
        ("SELECT nope FROM t", "no column nope"),
        ("SELECT * FROM tt", "Did you mean t?"),
        ("SELECT {{missing}}", "missing"),
        ("SELECT {{several}}", "several"),
        ("SELECT a FROM t WHERE " + " AND ".join(f"a <> {number}" for number in range(3000)), "too large"),
    ],
    ids=lambda text: text[:20],
)
def test_a_cell_that_can_not_be_reviewed_is_one_message_and_loses_nothing(
    session: Session, text: str, words: str
) -> None:
    session.review("SELECT a FROM t WHERE a = 1")
    with pytest.raises(MentorError) as caught:
        session.review(text, variables={"several": [1, 2]})
    assert words in str(caught.value)
    assert caught.value.remedy
    assert len(session.reviews) == 1
    assert session.review("SELECT b FROM t WHERE a = 1").plan is not None


def test_a_long_list_is_reviewed(session: Session) -> None:
    assert session.review(f"SELECT a FROM t WHERE a IN ({', '.join(map(str, range(3000)))})").plan is not None


@pytest.mark.parametrize(
    "target",
    [
        "{folder}",
        "{folder}/text.db",
        "{folder}/missing.db",
        "sqlite:///{folder}/missing.db",
        "mysql://u:s3cret@h/db",
        "postgresql://u:s3cret@localhost:1/db",
        "postgresql://u:s3cret@nohost.invalid/db",
        "postgresql://u:s3cret@[bad/db",
    ],
)
def test_a_target_that_is_no_database_is_named_without_its_password_and_not_made(tmp_path: Path, target: str) -> None:
    (tmp_path / "text.db").write_text("no database, but text that is long enough to be read\n" * 100)
    command = [sys.executable, "-m", "backend_mentor", "review", "-", "--database", target.format(folder=tmp_path)]
    result = subprocess.run(command, input="SELECT 1", capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == NOT_DONE
    assert "Traceback" not in result.stderr
    assert "s3cret" not in result.stderr + result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["text.db"]


class Frame:
    """As a DataFrame does, it compares value by value and has no one truth."""

    def __eq__(self, other: object) -> Frame:
        return self

    def __bool__(self) -> bool:
        raise ValueError("The truth value is ambiguous.")

    __hash__ = None


@pytest.mark.parametrize(
    "target", ["x" * 5000, "~nosuchuser/x.db", "sqlite://[", "a\0b"], ids=["long", "home", "half", "nul"]
)
def test_a_text_that_is_no_target_is_refused_and_not_repeated(session: Session, target: str) -> None:
    with pytest.raises(ConnectError) as caught:
        session.connect(target)
    assert caught.value.__cause__ is None or target not in str(caught.value.__cause__)
    assert session.review("SELECT a FROM t").plan is not None


@pytest.mark.parametrize("target", [[1, 2], 7, object(), Frame()], ids=["list", "number", "object", "frame"])
def test_a_variable_that_is_no_database_is_said_to_be_none(session: Session, target: object) -> None:
    with pytest.raises(MentorError):
        session.connect(target)
    assert session.review("SELECT a FROM t").plan is not None


def test_a_locked_database_is_not_waited_for_without_end(session: Session, shop: Path) -> None:
    with closing(sqlite3.connect(shop, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="locked"):
            session.review("SELECT a FROM t")
    assert session.review("SELECT a FROM t").plan is not None


def test_a_damaged_file_is_said_to_be_damaged(shop: Path) -> None:
    with shop.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(MentorError, match="damaged"):
        Session().connect(str(shop))


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_stop_from_another_thread_ends_the_review_and_nothing_else(
    engine: str, session: Session, postgres18: str
) -> None:
    if engine == "postgres":
        session.connect(postgres18)

    def stop_at(stage: str) -> None:
        if stage == "plan":
            threading.Timer(0.5, session.stop).start()

    with pytest.raises(StoppedError):
        session.review(ENDLESS[engine], analyze=True, progress=stop_at)
    assert session.review("SELECT 1").plan is not None


def test_two_threads_review_on_one_session(session: Session) -> None:
    texts = ["SELECT a FROM t WHERE a = 1", "SELECT b FROM t"] * 3
    threads = [threading.Thread(target=session.review, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.statement for each in session.reviews) == sorted(texts)


def test_a_table_that_may_not_be_read_is_named_with_the_grant(
    new_database: Callable[..., str], postgres18: str
) -> None:
    url = new_database(postgres18, "CREATE TABLE t (a int); DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN")
    poor = Session()
    poor.connect(url.replace("postgres@", "poor@", 1))
    with pytest.raises(DatabaseError, match="GRANT SELECT ON t TO poor"):
        poor.review("SELECT * FROM t")


def test_a_locked_table_is_not_waited_for_without_end(new_database: Callable[..., str], postgres18: str) -> None:
    url = new_database(postgres18, "CREATE TABLE t (a int)")
    waiting = Session()
    waiting.connect(url)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseError, match="another session holds the table"):
            waiting.review("SELECT * FROM t", analyze=True)
    assert waiting.review("SELECT * FROM t").plan is not None


def test_a_server_that_vanishes_is_one_message_and_earlier_reviews_stay() -> None:
    kept = Session()
    with start_server() as server:
        kept.connect(server.url)
        kept.review("SELECT 1")
    with pytest.raises(ConnectError):
        kept.review("SELECT 2")
    assert [each.statement for each in kept.reviews] == ["SELECT 1"]


def test_apply_before_any_review_says_that_there_is_nothing() -> None:
    with pytest.raises(MentorError, match="no proposals"):
        Session().proposal(9)
