"""Every question about endpoint code on its examples, read by the real reader."""

from __future__ import annotations

import pkgutil
import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.endpoint import Source
from backend_mentor.reading import endpoints
from backend_mentor.rules.endpoint import questions
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.questions import CODE_QUESTIONS, ask_about_code
from backend_mentor.rules.endpoint.rule import CodeQuestion

CASES = [
    pytest.param(question, example, id=f"{question.name}-{number}")
    for question in CODE_QUESTIONS
    for number, example in enumerate(question.examples)
]


def read_source(text: str) -> Source:
    return endpoints.read_source(Cell(text, CellKind.ENDPOINT))


@pytest.mark.parametrize(("question", "example"), CASES)
def test_a_question_is_asked_where_the_cell_leaves_it_open_and_nowhere_else(
    question: CodeQuestion, example: AsksCode | PassesCode
) -> None:
    source = read_source(textwrap.dedent(example.code))
    assert not source.unread, "the example is not Python"
    asked = list(question.ask(source))
    if isinstance(example, PassesCode):
        assert [each.text for each in asked] == [], example.because
        return
    assert len(asked) == 1, [each.text for each in asked]
    assert example.says in asked[0].text
    assert asked[0].text.endswith("?")
    assert asked[0].why.endswith(".")
    assert asked[0].responsibility is question.responsibility


@pytest.mark.parametrize("question", CODE_QUESTIONS, ids=lambda question: question.name)
def test_a_question_is_named_after_its_module_and_says_what_hangs_on_it(question: CodeQuestion) -> None:
    assert question.name == type(question).__module__.rsplit(".", 1)[1].replace("_", "-")
    assert "\n\n" in (type(question).__doc__ or "").strip()
    assert {type(example) for example in question.examples} == {AsksCode, PassesCode}


def test_no_question_module_is_forgotten() -> None:
    found = {f"{questions.__name__}.{name}" for _, name, _ in pkgutil.iter_modules(questions.__path__)}
    assert {type(question).__module__ for question in CODE_QUESTIONS} == found


def test_at_most_three_questions_are_asked_and_those_on_security_come_first() -> None:
    text = """
        from fastapi import Depends, FastAPI
        app = FastAPI()
        @app.post("/login")
        def login(name: str, password: str): ...
        @app.post("/logout")
        def logout(): ...
        @app.post("/payments")
        def pay(order: int, user=Depends(get_current_user)):
            charge(user, order)
        @app.delete("/orders/{key}")
        def remove(key: int):
            drop(key)
    """
    asked = [each.text for each in ask_about_code(read_source(textwrap.dedent(text)))]
    assert asked == [
        "Is DELETE /orders/{key} meant to be open to anyone?",
        "How often may one caller try POST /login in a minute?",
        "Does a token still work after POST /logout?",
    ]
