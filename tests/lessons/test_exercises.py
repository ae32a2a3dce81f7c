"""Each exercise knows its answer from its mistakes, on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend_mentor.domain.errors import MentorError
from backend_mentor.lessons import LESSONS
from backend_mentor.lessons.exercise import Exercise
from backend_mentor.lessons.goals import CommandEnds, QuietReview, TestsPass
from backend_mentor.session import Session

EXERCISES = [exercise for lesson in LESSONS for exercise in lesson]
CONNECT: dict[str, Callable[[Session], object]] = {
    "SQLite": lambda session: session.connect("demo"),
    "PostgreSQL": Session.start_postgres,
}

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)


def asks_the_database(exercise: Exercise) -> bool:
    goal = exercise.goal.then if isinstance(exercise.goal, QuietReview) else exercise.goal
    return not isinstance(goal, (TestsPass, CommandEnds))


# What is judged by tests or a command of its own is the same whatever is connected: once is enough.
each_exercise_on_each_engine = pytest.mark.parametrize(
    ("engine", "exercise"),
    [
        pytest.param(engine, exercise, id=f"{engine}-{exercise.number}")
        for engine in CONNECT
        for exercise in EXERCISES
        if engine == "SQLite" or asks_the_database(exercise)
    ],
)


@pytest.fixture(scope="module")
def sessions(demo_server: str) -> Iterator[dict[str, Session]]:
    made = {engine: Session() for engine in CONNECT}
    for engine, session in made.items():
        CONNECT[engine](session)
    yield made
    for session in made.values():
        session.close()


@pytest.fixture
def session(engine: str, sessions: dict[str, Session]) -> Session:
    return sessions[engine]


def is_solved(exercise: Exercise, attempt: str, session: Session) -> bool:
    try:
        return exercise.goal.judge(attempt, session).is_solved
    except MentorError:
        return False


@each_exercise_on_each_engine
def test_its_answer_solves_it(exercise: Exercise, session: Session) -> None:
    outcome = exercise.goal.judge(exercise.answer, session)
    assert outcome.is_solved, outcome.says


@each_exercise_on_each_engine
def test_what_stands_in_the_notebook_does_not_solve_it_and_runs(exercise: Exercise, session: Session) -> None:
    outcome = exercise.goal.judge(exercise.starter, session)
    assert not outcome.is_solved
    assert outcome.says


@each_exercise_on_each_engine
def test_a_mistake_is_refused(exercise: Exercise, session: Session) -> None:
    assert exercise.mistakes
    for mistake in exercise.mistakes:
        assert not is_solved(exercise, mistake.attempt, session), mistake.because


@each_exercise
def test_it_asks_hints_and_says_why_in_whole_sentences(exercise: Exercise) -> None:
    sentences = (exercise.asks, *exercise.hints, *(mistake.because for mistake in exercise.mistakes))
    assert exercise.hints
    assert all(sentence.endswith((".", "?")) for sentence in sentences)


def test_numbers_are_in_order_and_used_once() -> None:
    assert [exercise.number for exercise in EXERCISES] == sorted({exercise.number for exercise in EXERCISES}, key=_key)


def _key(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def test_another_database_than_the_demo_is_named_with_the_remedy(tmp_path: Path) -> None:
    session = Session()
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (id INTEGER)")
    session.connect(str(path))
    with pytest.raises(MentorError, match="no table accounts") as raised:
        EXERCISES[0].goal.judge(EXERCISES[0].answer, session)
    assert "%backend connect demo" in raised.value.remedy
    session.close()
