"""Canaries: what lies in rows, addresses, comments and exceptions is in no request, log, file or output."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path

import pytest

from backend_mentor.databases.sqlite.connection import SQLiteDatabase
from backend_mentor.mentor.cache import cache_folder
from backend_mentor.mentor.case import Case
from backend_mentor.mentor.client import Claude
from backend_mentor.mentor.mentor import Mentor
from backend_mentor.mentor.redaction import Redactor
from backend_mentor.mentor.tools import TOOLS, carry_out
from backend_mentor.pipeline import review
from backend_mentor.renderers.mime import render
from tests.fake_claude import FakeClaude, ToolUse, says, uses
from tests.fake_claude.validation import KEY

ROW, COMMENT, SECRET = "canary-row-4711", "canary-comment-0815", "canary-pass-2342"
SCRIPT = f"""
CREATE TABLE people (
    id INTEGER PRIMARY KEY, -- {COMMENT}
    name TEXT NOT NULL, /* {COMMENT} */
    city TEXT);
CREATE TABLE visits (id INTEGER PRIMARY KEY, person_id INTEGER, place TEXT, on_day TEXT);
"""
CELL = f"""-- postgresql://app:{SECRET}@db.internal/prod?sslpassword={SECRET}
SELECT p.id FROM people p WHERE p.id NOT IN (SELECT person_id FROM visits WHERE place = 'x')
AND p.city = :city"""


def make_people(path: Path) -> Path:
    """Make a database whose rows and comments are canaries, and return its path."""
    connection = sqlite3.connect(path)
    connection.executescript(SCRIPT)
    connection.executemany("INSERT INTO people VALUES (?, ?, ?)", [(n, ROW, ROW) for n in range(1, 300)])
    connection.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", [(n, n, ROW, ROW) for n in range(1, 300)])
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def people(tmp_path: Path) -> SQLiteDatabase:
    return SQLiteDatabase.connect(make_people(tmp_path / "people.db"))


QUERY = "SELECT p.id FROM people p WHERE p.id NOT IN (SELECT person_id FROM visits WHERE place = 'x')"
WRONG = "SELECT p.id FROM people p LEFT JOIN visits v ON v.person_id = p.id AND v.place = 'x' WHERE v.id IS NULL"
CALLS = (
    ToolUse("describe_schema", {"tables": []}),
    ToolUse("explain_query", {"sql": "SELECT id FROM people WHERE city = (SELECT max(city) FROM people)"}),
    ToolUse("explain_query", {"sql": "SELECT nonsense FROM people"}),
    ToolUse("explain_query", {"sql": "SELECT abs(name) FROM people WHERE city = :city"}),
    ToolUse("check_equivalence", {"before": QUERY, "after": "SELECT id FROM people"}),
    ToolUse("check_equivalence", {"before": "SELECT name, city FROM people", "after": "SELECT name, name FROM people"}),
    ToolUse("try_index", {"sql": "SELECT id FROM people WHERE city = 'a'", "index": "CREATE INDEX p ON people (city)"}),
    ToolUse("read_rows", {"sql": "SELECT name FROM people"}),
    ToolUse(
        "report_proposal",
        {"kind": "rewrite", "statement": 1, "after": WRONG, "title": "t", "reason": "r", "price": "p", "not_if": ""},
    ),
)


def test_no_canary_leaves_the_machine_or_stays_behind(
    people: SQLiteDatabase,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app:{SECRET}@db.internal/prod")
    monkeypatch.setenv("SHOP_TOKEN", f"token-{SECRET}")
    caplog.set_level(logging.DEBUG)
    found = review(CELL, people, analyze=True)
    with FakeClaude([uses(*CALLS), says("Nothing to change.")]) as fake:
        mentor = Mentor(open_speaker=lambda: Claude(KEY, fake.url))
        mentor.turn_on(people)
        answer = mentor.ask(f"Is token-{SECRET} used with postgresql://u:{SECRET}@h/d ?", found, people)
        preview = Claude(KEY, fake.url).wire(mentor.preview(found, people, SECRET))[1].decode()
        sent = fake.sent()
    assert len(fake.requests) == 2
    for canary in (ROW, COMMENT, SECRET):
        assert canary not in sent
        assert canary not in preview
        assert canary not in caplog.text
        assert canary not in "".join(capsys.readouterr())
        assert all(canary not in path.read_text() for path in cache_folder().rglob("*"))
    assert KEY not in sent.replace(f"Bearer {KEY}", "")
    assert SECRET not in json.dumps(render(answer.review)).replace(CELL.split("\n")[0], "")


def test_rows_go_out_only_where_they_were_allowed_for_this_question(people: SQLiteDatabase) -> None:
    found = review(QUERY, people, analyze=False)
    look = uses(ToolUse("read_rows", {"sql": "SELECT name FROM people"}))
    with FakeClaude([look, says("Seen."), look, says("Not seen.")]) as fake:
        mentor = Mentor(open_speaker=lambda: Claude(KEY, fake.url))
        mentor.turn_on(people)
        mentor.ask("Look?", found, people, rows=True)
        assert ROW in fake.requests[1].raw.decode()
        mentor.forget()
        mentor.ask("Look again?", found, people)
        assert "There is no tool read_rows" in fake.requests[3].raw.decode()
        assert ROW not in fake.requests[3].raw.decode()


def test_an_exception_inside_of_a_tool_tells_its_kind_alone(
    people: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError(f"could not connect to postgresql://app:{SECRET}@db/prod, row {ROW}")

    case = Case.open(review(QUERY, people, analyze=False), people)
    case.database = Broken()
    result = carry_out(case, "explain_query", {"sql": QUERY})
    assert result.is_error
    assert result.content == {"reason": "The tool failed (RuntimeError). Try something else."}


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:S3CRETVALUE@db/x",
        "mysql+pymysql://app:S3CRETVALUE@db/x",
        "postgresql://db/x?user=app&password=S3CRETVALUE",
        "postgresql://db/x?sslpassword=S3CRETVALUE",
        "host=db dbname=x user=app password=S3CRETVALUE",
        "API_TOKEN=S3CRETVALUE",
        "password = 'S3CRETVALUE'",
        '{"api_key": "S3CRETVALUE"}',
        "Authorization: Bearer S3CRETVALUE123",
        "sk-ant-api03-S3CRETVALUE",
        "AKIAS3CRETVALUE00000",
        "ghp_S3CRETVALUE0000000000",
        "eyJhbGciOiJIUzI1NiJ9.eyJS3CRETVALUE.abc",
        "-----BEGIN RSA PRIVATE KEY-----\nS3CRETVALUE\n-----END RSA PRIVATE KEY-----",
        "Key (email)=(S3CRETVALUE) already exists.",
        "WHERE email = 'S3CRETVALUE@example.com'",
        "x = 'S3CRETVALUEa8f7e6d5c4b3a29180716253'",
    ],
)
def test_secrets_are_taken_out_in_every_form(text: str) -> None:
    assert "S3CRETVALUE" not in Redactor().redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "async def login(password: str, token: Token = Depends(get_token)) -> User:",
        "hashed = hash_password(password)",
        "SELECT token, password_hash FROM users WHERE id = 7",
        "The primary key of orders is id.",
        "https://example.com/docs?page=2",
        "WHERE status = 'part filled' AND placed_at >= '2026-03-02'",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor().redact(text) == text


def test_literals_of_plans_are_normalised_but_for_those_of_the_cell() -> None:
    redactor = Redactor("SELECT 1 FROM t WHERE a = 'mine' AND b > 17")
    assert redactor.condition("a = 'mine' AND c = 'theirs' AND b > 17 AND d < 99") == (
        "a = 'mine' AND c = '…' AND b > 17 AND d < ?"
    )


def test_no_tool_but_the_one_that_is_opted_into_shows_rows() -> None:
    assert [tool.name for tool in TOOLS.values() if tool.shows_rows] == ["read_rows"]
