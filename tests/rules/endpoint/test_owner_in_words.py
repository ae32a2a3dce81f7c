"""How the finding on a missing owner names the caller's number, by what the dependency provides."""

from __future__ import annotations

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code

HANDLER = """\
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/orders/{order_id}")
def order(order_id: int, %s = Depends(get_current_user), session=Depends(get_session)):
    return session.get(Order, order_id)
"""


@pytest.mark.parametrize(
    ("parameter", "written"),
    [
        ("user: User", ".where(Model.owner_id == user.id)"),
        ("user: int", ".where(Model.owner_id == user)"),
        ("user_id: int", ".where(Model.owner_id == user_id)"),
        ("user_id", ".where(Model.owner_id == user_id)"),
    ],
)
def test_a_number_is_compared_itself_and_an_object_by_its_number(parameter: str, written: str) -> None:
    source = read_source(Cell(HANDLER % parameter, CellKind.ENDPOINT))
    (finding,) = [each for each in find_in_code(source) if each.rule == "owner-not-checked"]
    assert written in finding.instead
