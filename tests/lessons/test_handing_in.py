"""`%backend exercise` and `%%backend exercise`: hints before the answer, and a verdict that programs can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from backend_mentor.domain.errors import MentorError
from backend_mentor.lessons import LESSONS
from backend_mentor.lessons.folder_at_once import EXERCISES as OF_FOLDERS
from backend_mentor.session import Session
from backend_mentor.surfaces import magic
from backend_mentor.surfaces.failure import ReviewFailed

EXERCISES = {exercise.number: exercise for lesson in LESSONS for exercise in lesson}


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()  # what is shown goes to the one instance
    magic.load(made).connect("demo")
    yield made
    magic.unload(made)
    InteractiveShell.clear_instance()


def hand_in(shell: InteractiveShell, number: str, attempt: str) -> tuple[dict[str, Any], str]:
    with capture_output() as captured:
        shell.run_cell_magic("backend", f"exercise {number}", attempt)
    (shown,) = captured.outputs
    return shown.metadata["backend_mentor"], shown.data["text/plain"]


def test_what_is_not_solved_raises_nothing_and_says_how_to_go_on(shell: InteractiveShell) -> None:
    told, text = hand_in(shell, "1.2", EXERCISES["1.2"].starter)
    assert told == {"exercise": "1.2", "is_solved": False}
    assert text.startswith("✗ Exercise 1.2: not yet.")
    assert "%backend exercise 1.2 --hint" in text


def test_what_is_solved_says_so_with_the_figures_and_offers_no_hint(shell: InteractiveShell) -> None:
    told, text = hand_in(shell, "1.2", EXERCISES["1.2"].answer)
    assert told == {"exercise": "1.2", "is_solved": True}
    assert text.startswith("✓ Exercise 1.2 is solved.")
    assert "steps where the given query takes 458,600" in " ".join(text.split())
    assert "--hint" not in text


def test_the_answer_comes_after_the_last_hint_and_each_hint_once(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = EXERCISES["1.1"]
    told = []
    for _ in range(len(exercise.hints) + 1):
        shell.run_line_magic("backend", "exercise 1.1 --hint")
        told.append(capsys.readouterr().out.rstrip("\n"))
    count = len(exercise.hints)
    assert told[:-1] == [f"Hint {number} of {count}: {hint}" for number, hint in enumerate(exercise.hints, 1)]
    assert told[-1] == f"An answer:\n\n{exercise.answer}"


@pytest.mark.parametrize("line", ["exercise 9.99", "exercise", "exercise 1.1 1.2"])
def test_another_number_is_one_clear_error(shell: InteractiveShell, line: str) -> None:
    with pytest.raises(ReviewFailed, match=r"There is no exercise .*\n?.*%backend exercise lists them all"):
        shell.run_cell_magic("backend", line, "SELECT 1")


def test_all_are_listed_with_what_they_ask(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_line_magic("backend", "exercise")
    listed = capsys.readouterr().out.splitlines()
    assert listed == [f"{each.number:<5} {each.asks}" for each in EXERCISES.values()]


@pytest.mark.parametrize(
    ("attempt", "says"),
    [("backend-mentor review a\nbackend-mentor review b", "One line is wanted, and 2 came."), ("'", "can not be read")],
)
def test_a_command_line_that_can_not_be_read_is_one_clear_error(attempt: str, says: str) -> None:
    with pytest.raises(MentorError, match=says):
        OF_FOLDERS[2].goal.judge(attempt, Session())


def test_a_command_line_is_run_by_no_shell_and_is_nothing_but_its_command() -> None:
    outcome = OF_FOLDERS[2].goal.judge("echo 0", Session())
    assert (outcome.is_solved, outcome.says) == (False, "The line begins with backend-mentor review.")
