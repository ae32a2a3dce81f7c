"""One PostgreSQL with the demo data for all lessons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend_mentor.demo.connect import RUNNING_SERVER
from backend_mentor.demo.data import make_postgres
from tests import servers


@pytest.fixture(scope="package")
def demo_server(postgres18: str) -> Iterator[str]:
    """The address of a PostgreSQL with the demo data, which `%backend postgres` finds."""
    url = servers.make_database(postgres18)
    make_postgres(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RUNNING_SERVER, url)
        yield url
