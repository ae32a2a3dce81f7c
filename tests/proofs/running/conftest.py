"""Cells, executed as a notebook would, ready to be run."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from backend_mentor.databases.base import Stop
from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.trace import SentRequest
from backend_mentor.proofs.running.run import Target
from backend_mentor.reading.endpoints import read_source
from tests.proofs.running.cells import ASYNC_FASTAPI, DJANGO

Execute = Callable[..., Target]


@pytest.fixture
def execute() -> Iterator[Execute]:
    """Execute a cell and return it as what is run: `execute(code, SentRequest("POST", "/books", "{}"))`."""
    executed: list[dict[str, object]] = []

    def in_notebook(code: str, *given: SentRequest) -> Target:
        names = _execute(code, f"notebook_{len(executed)}")
        executed.append(names)
        return Target(read_source(Cell(code, CellKind.ENDPOINT)), names, Stop(), given)

    yield in_notebook
    for number, names in enumerate(executed):
        del sys.modules[f"notebook_{number}"]
        engine = names.get("engine")
        if isinstance(engine, Engine):
            engine.dispose()


def _execute(code: str, name: str) -> dict[str, object]:
    # SQLAlchemy looks an annotation's names up in the module that a class says it is of.
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(code, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


@pytest.fixture(scope="session")
def django_names() -> dict[str, object]:
    """The names of the Django cell, executed once: its models can not be defined twice in one process."""
    return _execute(DJANGO, "django_notebook")


@pytest.fixture
def django_target(django_names: dict[str, object]) -> Target:
    """The Django cell, ready to be run."""
    return Target(read_source(Cell(DJANGO, CellKind.ENDPOINT)), django_names, Stop())


@pytest.fixture
def async_cell(tmp_path: Path) -> str:
    """The asynchronous cell on a file of its own."""
    return ASYNC_FASTAPI.replace("DATABASE", str(tmp_path / "own.db"))
