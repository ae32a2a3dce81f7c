"""From what a user names to a connected database."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from backend_mentor.databases.base import Limits
from backend_mentor.databases.registry import connect, default_target
from backend_mentor.domain.errors import ConnectError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    return path


@pytest.fixture
def engine(file: Path) -> Iterator[sqlalchemy.Engine]:
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


def test_a_path_a_url_and_a_variable_lead_to_the_same_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    urls = [f"sqlite:///{file}", "sqlite:///shop.db", f"file:{file}?mode=ro"]
    for target in (file, str(file), "shop.db", "./shop.db", *urls):
        database = connect(target)
        assert (database.name, database.schema().tables[0].name) == ("shop.db", "t")
    assert connect("here", variables={"here": str(file)}).name == "shop.db"


def test_a_driver_connection_and_a_sqlalchemy_engine_are_taken_over(file: Path, engine: sqlalchemy.Engine) -> None:
    assert connect(engine).name == "shop.db"
    with engine.connect() as connection:
        assert connect(connection).name == "shop.db"
    with closing(sqlite3.connect(file)) as mine:
        assert connect("mine", variables={"mine": mine}).name == "shop.db"
        assert connect(mine).notes


def test_a_sqlalchemy_engine_in_memory_is_read_as_a_snapshot() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE inside (a)")
    database = connect(engine)
    assert [table.name for table in database.schema().tables] == ["inside"]
    database.close()
    engine.dispose()


def test_an_alias_is_looked_up_in_the_connections_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases = tmp_path / "connections.ini"
    aliases.write_text(f"[shop]\ndrivername = sqlite\ndatabase = {file}\n\n[odd]\nhost = nowhere\n")
    assert connect("shop", connections_file=aliases).name == "shop.db"
    monkeypatch.setenv("BACKEND_MENTOR_CONNECTIONS", str(aliases))
    assert connect("shop").name == "shop.db"
    with pytest.raises(ConnectError, match="has no drivername"):
        connect("odd")
    with pytest.raises(ConnectError, match="There is no file unknown"):
        connect("unknown")


def test_a_password_from_the_connections_file_is_never_shown(tmp_path: Path) -> None:
    aliases = tmp_path / "connections.ini"
    aliases.write_text(
        "[far]\ndrivername = postgresql+psycopg\nhost = 127.0.0.1\nport = 1\nusername = ann\n"
        "password = s3cr3t%@/\ndatabase = shop\n"
    )
    with pytest.raises(ConnectError) as error:
        connect("far", connections_file=aliases)
    assert "s3cr3t" not in f"{error.value}{error.value!r}"
    assert "127.0.0.1" in error.value.what


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(ConnectError, match="oracle:// is no database") as error:
        connect("oracle://ann:s3cr3t@host/db")
    assert "postgresql://" in error.value.remedy
    assert "s3cr3t" not in str(error.value)


def test_a_missing_driver_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConnectError) as error:
        connect("postgresql://ann@host/db")
    assert 'pip install "backend-mentor[postgres]"' in error.value.remedy


@pytest.mark.parametrize("target", ["", ":memory:", "sqlite://", "sqlite:///:memory:", 5, object()])
def test_what_is_no_database_is_refused_with_a_remedy(target: object) -> None:
    with pytest.raises(ConnectError) as error:
        connect(target)
    assert error.value.remedy.endswith(".")


def test_a_connection_of_psycopg_and_a_postgres_engine_are_taken_over(postgres18: str) -> None:
    with psycopg.connect(postgres18) as mine:
        database = connect(mine)
        assert database.engine.name == "postgres"
        database.close()
    engine = sqlalchemy.create_engine(postgres18.replace("postgresql://", "postgresql+psycopg://"))
    database = connect(engine)
    assert database.engine.version >= (18,)
    database.close()
    engine.dispose()


def test_limits_are_passed_on(file: Path) -> None:
    assert connect(file, limits=Limits(rows=3)).limits.rows == 3


def test_the_default_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert default_target() is None
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    assert default_target() == "sqlite:///shop.db"
