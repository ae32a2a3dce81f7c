"""Asserts on what a caller sends, run before and after our diff: the same answers, and 400 where there was 500."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.proposals.code.editing import apply_changes
from backend_mentor.proposals.code.errors.mistake_answered import MistakeAnswered
from backend_mentor.reading.endpoints import read_source
from backend_mentor.rules.endpoint import find_in_code

APP = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/pay")
def pay(amount: float, code: str, least: float = 0):
    assert (amount > least), "the amount is too small"
    assert (code or "none") == code and len(code) < 5
    assert (code == "full") == (amount == 10), "the whole amount has the code full"
    return {"amount": amount}
"""
REQUESTS = [
    {"amount": "3", "code": "part"},
    {"amount": "10", "code": "full"},
    {"amount": "0", "code": "part"},
    {"amount": "nan", "code": "part"},
    {"amount": "3", "code": ""},
    {"amount": "3", "code": "a long one"},
    {"amount": "10", "code": "part"},
    {"amount": "3", "code": "full"},
]


def corrected(cell: str) -> str:
    source = read_source(Cell(cell, CellKind.ENDPOINT))
    findings = [each for each in find_in_code(source) if each.rule == "assert-checks-caller"]
    changes = [change for each in findings if (change := MistakeAnswered().change(source, each)) is not None]
    assert len(changes) == cell.count("assert ")
    # Each of them documents the same answer in the same place: one is made at a time.
    after = apply_changes(cell, source, changes[:1])
    assert after is not None
    return corrected(after) if "assert " in after else after


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: f"{each['amount']} {each['code']}")
def test_what_was_right_is_answered_as_before_and_each_mistake_with_400(request_: dict[str, str]) -> None:
    before, after = answer_of(APP, request_), answer_of(corrected(APP), request_)
    assert before.status_code in (200, 500)
    assert after.status_code == (200 if before.status_code == 200 else 400)
    if before.status_code == 200:
        assert before.json() == after.json()


def answer_of(cell: str, request_: dict[str, str]) -> httpx.Response:
    names: dict[str, object] = {}
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), names)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(names["app"], raise_app_exceptions=False)  # type: ignore[arg-type] # FastAPI's
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await client.get("/pay", params=request_)

    return asyncio.run(ask())
