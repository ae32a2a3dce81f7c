"""The demo on both engines, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend_mentor.demo.data import make_postgres, make_sqlite
from tests import servers


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_sqlite(path)
    return path


@pytest.fixture(scope="session")
def postgres_demo(postgres18: str) -> str:
    url = servers.make_database(postgres18)
    make_postgres(url)
    return url
