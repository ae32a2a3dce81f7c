"""The lessons' exercises: what is asked, hints before the answer, and a cell handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.lessons.exercise import Exercise
    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def hand_in(session: Session, shell: InteractiveShell, cell: str, options: Options) -> None:
    """Judge the cell as an attempt at an exercise and show what came of it; the cell's status stays ok.

    The output's metadata say whether it is solved. Raises MentorError for an unknown exercise, and for a text that can
    not be read or must not run.
    """
    from IPython.display import display

    from backend_mentor.renderers.outcome import outcome_bundle

    exercise = _exercise(options)
    outcome = exercise.goal.judge(cell, session)
    then = "" if outcome.is_solved else f"A hint: %backend exercise {exercise.number} --hint"
    metadata = {"backend_mentor": {"exercise": exercise.number, "is_solved": outcome.is_solved}}
    display(outcome_bundle(exercise.number, outcome, then), metadata=metadata, raw=True)


def _show(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.lessons import LESSONS

    if not options.arguments:
        for exercises in LESSONS:
            for each in exercises:
                print(f"{each.number:<5} {each.asks}")
        return
    exercise = _exercise(options)
    if not options.hint:
        print(f"{exercise.number}  {exercise.asks}")
        print(
            f"Write it under %%backend exercise {exercise.number}. A hint: %backend exercise {exercise.number} --hint"
        )
        return
    given = session.hints_given[exercise.number]
    session.hints_given[exercise.number] += 1
    if given < len(exercise.hints):
        print(f"Hint {given + 1} of {len(exercise.hints)}: {exercise.hints[given]}")
    else:
        print(f"An answer:\n\n{exercise.answer}")


def _exercise(options: Options) -> Exercise:
    from backend_mentor.lessons import LESSONS

    known = {each.number: each for exercises in LESSONS for each in exercises}
    if len(options.arguments) != 1 or options.arguments[0] not in known:
        asked = " ".join(options.arguments) or "without a number"
        raise MentorError(f"There is no exercise {asked}.", "%backend exercise lists them all.")
    return known[options.arguments[0]]


LESSON_COMMANDS: dict[str, Command] = {
    "exercise": Command(
        "list the lessons' exercises; with a number: what it asks, and with --hint the next hint",
        "%backend exercise 1.1 --hint",
        _show,
    ),
}
