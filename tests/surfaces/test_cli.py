"""The command line, run as a process: what it prints and the status it ends in."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

NOTHING, FINDINGS, NOT_DONE = 0, 1, 2


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        """CREATE TABLE customers (id INTEGER PRIMARY KEY, manager_id INTEGER);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER NOT NULL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO orders SELECT i, i % 50, i FROM n;
        ANALYZE;"""
    )
    connection.close()
    return path


def run(*arguments: object, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backend_mentor", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)


def test_a_review_from_the_standard_input_ends_in_1_where_it_finds_something(shop: Path) -> None:
    result = run("review", "-", "--database", shop, text="SELECT * FROM orders WHERE customer_id = NULL")
    assert result.returncode == FINDINGS, result.stderr
    assert "IS NULL" in result.stdout


def test_a_review_that_finds_nothing_ends_in_0(shop: Path) -> None:
    result = run("review", "-", "--database", shop, text="SELECT total FROM orders WHERE id = 7")
    assert result.returncode == NOTHING, result.stdout + result.stderr
    assert "Leave it" in result.stdout


def test_a_review_that_can_not_be_done_ends_in_2_and_names_the_remedy(shop: Path) -> None:
    result = run("review", "-", "--database", shop, text="SELECT * FROM order")
    assert result.returncode == NOT_DONE
    assert "line 1" in result.stderr.lower()
    assert "Traceback" not in result.stderr


def test_json_carries_the_whole_review(shop: Path, tmp_path: Path) -> None:
    query = tmp_path / "slow.sql"
    query.write_text("SELECT * FROM orders WHERE customer_id = 7")
    result = run("review", query, "--database", shop, "--format", "json", "--analyze")
    review = json.loads(result.stdout)
    assert review["cell"]["name"] == "slow.sql"
    assert review["plan"]["analyzed"] is True
    assert review["proposals"][0]["proof"]["verdict"] == "changes no rows, faster"


def test_same_ends_in_0_where_it_held_and_1_where_it_was_refuted(shop: Path, tmp_path: Path) -> None:
    first, second, third = tmp_path / "a.sql", tmp_path / "b.sql", tmp_path / "c.sql"
    first.write_text("SELECT id FROM orders WHERE total > 10 AND customer_id = 1;")
    second.write_text("SELECT id FROM orders WHERE customer_id = 1 AND total >= 11")
    third.write_text("SELECT id FROM orders WHERE customer_id = 1 AND total >= 10")
    assert run("same", first, second, "--database", shop).returncode == NOTHING
    refuted = run("same", first, third, "--database", shop)
    assert refuted.returncode == FINDINGS
    assert "10" in refuted.stdout


def test_same_ends_in_2_where_it_can_not_be_judged(shop: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.sql", tmp_path / "b.sql"
    first.write_text("SELECT random() FROM orders")
    second.write_text("SELECT random() + 0 FROM orders")
    assert run("same", first, second, "--database", shop).returncode == NOT_DONE


def test_same_reads_files_that_end_in_a_comment(shop: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.sql", tmp_path / "b.sql"
    first.write_text("SELECT id FROM orders -- all of them")
    second.write_text("SELECT id FROM orders; -- done")
    assert run("same", first, second, "--database", shop).returncode == NOTHING


def test_same_takes_a_placeholder_for_one_value_and_says_which(shop: Path, tmp_path: Path) -> None:
    first, second, third = tmp_path / "a.sql", tmp_path / "b.sql", tmp_path / "c.sql"
    first.write_text("SELECT id FROM orders WHERE total = :least")
    second.write_text("SELECT id FROM orders WHERE total >= :least AND total <= :least")
    third.write_text("SELECT id FROM orders WHERE total = :most")
    alike = run("same", first, second, "--database", shop)
    assert alike.returncode == NOTHING
    assert ":least = " in alike.stdout
    unlike = run("same", first, third, "--database", shop)
    assert unlike.returncode == NOT_DONE
    assert ":least and :most" in unlike.stderr


def test_nothing_is_written_to_the_database(shop: Path) -> None:
    before = shop.read_bytes()
    for text in ("DELETE FROM orders", "DROP TABLE orders", "SELECT * FROM orders WHERE customer_id = 7"):
        run("review", "-", "--database", shop, "--analyze", text=text)
    assert shop.read_bytes() == before
    assert [path.name for path in shop.parent.iterdir()] == ["shop.db"]


@pytest.mark.parametrize("content", [b"\x00\x01\xff\xfe", b"\xff\xfe\x00"])
def test_a_file_that_is_not_text_gets_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "query.sql"
    path.write_bytes(content)
    result = run("review", path)
    assert result.returncode == NOT_DONE
    assert len(result.stderr.strip().splitlines()) <= 3


def test_a_database_that_is_none_is_named_and_not_made(tmp_path: Path) -> None:
    result = run("review", "-", "--database", tmp_path / "none.db", text="SELECT 1")
    assert result.returncode == NOT_DONE
    assert "none.db" in result.stderr
    assert not list(tmp_path.iterdir())
