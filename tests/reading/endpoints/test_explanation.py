"""What is said of a request's way through a handler."""

from __future__ import annotations

import pytest

from backend_mentor.reading.endpoints import explain_source
from tests.reading.endpoints.cells import ALL, DJANGO, FASTAPI, FLASK, LITESTAR, SQLALCHEMY, STARLETTE
from tests.reading.endpoints.samples import read

SAID = [
    (FASTAPI, "read_berth: receives", "`berth_id` (int) from the path"),
    (FASTAPI, "read_berth: receives", "answered with 422 before the function runs"),
    (FASTAPI, "read_berth: checks", "By their names, `verify_token` and `current_user` check who is calling"),
    (
        FASTAPI,
        "read_berth: fails",
        'Where `berth is None`, `HTTPException` is raised; the caller sees 404 and "no such',
    ),
    (FASTAPI, "read_berth: answers", "Returns `berth`, cut down to `BerthOut`."),
    (FASTAPI, "read_berth: reads", "once for each turn of a loop"),
    (FASTAPI, "make_berth: receives", "`body` (BerthIn with name and metres) from the body"),
    (FASTAPI, "make_berth: writes", "Writes `Berth` with"),
    (FASTAPI, "make_berth: leaves for later", "`tell_pilot`"),
    (FASTAPI, "make_berth: answers", "Returns nothing with 201"),
    (FASTAPI, "tides: checks", "Nothing in the cell checks who is calling"),
    (FLASK, "bike: checks", "`login_required`"),
    (FLASK, "bike: reads", "put together by %"),
    (FLASK, "bike: answers", "with 204"),
    (DJANGO, "seed_detail: fails", "`get_object_or_404` finds nothing; the caller sees 404"),
    (STARLETTE, "lamps: fails", "the caller sees 404"),
    (LITESTAR, "make: receives", "answered with 400 before the function runs"),
    (SQLALCHEMY, "stale: commits", "`session.commit()`"),
    (SQLALCHEMY, "cell: reads", "Reads `Loaf`"),
]


@pytest.mark.parametrize(("text", "clause", "words"), SAID, ids=[f"{each[1]} {each[2]}" for each in SAID])
def test_a_step_says_what_the_code_does(text: str, clause: str, words: str) -> None:
    said = [step.text for step in explain_source(read(text)).steps if step.clause == clause]
    assert any(words in each for each in said), said


@pytest.mark.parametrize("framework", ALL)
def test_the_summary_names_the_framework_and_every_handler(framework: str) -> None:
    source = read(ALL[framework])
    summary = explain_source(source).summary
    assert summary.startswith(f"{framework} code")
    assert all(f"`{each.name}`" in summary for each in source.handlers)


def test_what_could_not_be_read_is_said() -> None:
    steps = explain_source(read("def whole(): ...\n\ndef half(\n")).steps
    assert steps[-1].text == "Line 3 could not be read as Python: '(' was never closed."


def test_plain_functions_are_not_told_that_a_caller_sees_a_status() -> None:
    steps = explain_source(read(SQLALCHEMY)).steps
    assert not [each for each in steps if "500" in each.text or "who is calling" in each.text]


def test_nobody_is_said_to_be_let_in_unchecked_where_middleware_stands_before_the_handler() -> None:
    text = FLASK.replace("@login_required\n", "") + "\n@bikes.before_request\ndef check(): ...\n"
    (said,) = [each.text for each in explain_source(read(text)).steps if each.clause == "bike: checks"]
    assert said == "No decorator or dependency in the cell checks who is calling before the function runs."


def test_a_handler_that_always_raises_is_not_said_to_return_nothing() -> None:
    assert not [each for each in explain_source(read(LITESTAR)).steps if each.clause == "KiteController.one: answers"]


def test_a_typed_place_in_the_path_is_not_said_to_be_validated_later() -> None:
    text = LITESTAR.replace(", verbose: bool = False", "")
    (said,) = [each.text for each in explain_source(read(text)).steps if each.clause == "KiteController.one: receives"]
    assert "400" not in said


def test_guards_of_litestar_are_named() -> None:
    text = LITESTAR.replace("status_code=202", "guards=[only_flyers]")
    (said,) = [each.text for each in explain_source(read(text)).steps if each.clause == "make: checks"]
    assert said == "By its name, `only_flyers` checks who is calling."
