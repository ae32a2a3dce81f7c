"""Pure questions that one review asks again and again of the same values."""

from __future__ import annotations

from functools import wraps
from operator import is_
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def keep_latest(function: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Return the pure function with a memory of its latest answer, given again for the very same objects.

    Only for frozen arguments, and an answer that nobody changes. Arguments are told apart by identity: to compare two
    schemas takes longer than most questions.
    """
    latest: list[tuple[tuple[object, ...], Answer]] = []

    @wraps(function)
    def ask(*args: Parameters.args, **named: Parameters.kwargs) -> Answer:
        # Taken once, for another thread could put its own in place between two looks.
        for asked, answer in latest[:1]:
            if not named and len(asked) == len(args) and all(map(is_, asked, args)):
                return answer
        answer = function(*args, **named)
        if not named:
            latest[:] = [(args, answer)]
        return answer

    return ask
