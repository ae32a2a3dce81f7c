"""Fixtures that many tests share: real PostgreSQL servers, started once a session and only where a test asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests import servers


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `postgres` on every server that this machine can have."""
    if "postgres" in metafunc.fixturenames:
        names = ["postgres18", *(["postgres15"] if servers.has_apt() else [])]
        metafunc.parametrize("postgres", names, indirect=True)


# Folders whose tests share what is dear to make: one process runs all of them.
_TOGETHER = ("browser", "demo", "lessons")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each module in one process, and leave out PostgreSQL 15 where there is no apt to install it."""
    for item in items:
        folder = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(folder if folder in _TOGETHER else str(item.path)))
    if not servers.has_apt():
        items[:] = [item for item in items if "postgres15" not in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def postgres18() -> Iterator[str]:
    """The address of a fresh PostgreSQL 18."""
    with servers.start_18() as server:
        yield server.url


@pytest.fixture(scope="session")
def postgres15() -> Iterator[str]:
    """The address of a fresh PostgreSQL 15 with HypoPG at hand."""
    with servers.start_15() as server:
        yield server.url


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> str:
    """The address of each server in turn."""
    url = request.getfixturevalue(request.param)
    assert isinstance(url, str)
    return url


@pytest.fixture
def new_database() -> Callable[..., str]:
    """Make a fresh database on a server: `new_database(postgres18, "CREATE TABLE …")` returns its address."""
    return servers.make_database
