"""The memory of a pure function holds its latest answer, for the very same objects alone."""

from __future__ import annotations

from backend_mentor.reading.latest import keep_latest


def test_the_same_objects_are_asked_about_once_and_equal_ones_again() -> None:
    asked: list[tuple[int, ...]] = []

    @keep_latest
    def add_up(numbers: tuple[int, ...]) -> int:
        asked.append(numbers)
        return sum(numbers)

    one, other = (1, 2), tuple(range(1, 3))
    assert (add_up(one), add_up(one), add_up(other), add_up(one)) == (3, 3, 3, 3)
    assert len(asked) == 3


def test_named_arguments_are_never_taken_from_memory() -> None:
    @keep_latest
    def subtract(one: int, other: int) -> int:
        return one - other

    assert (subtract(one=2, other=1), subtract(other=2, one=1), subtract(2, 1)) == (1, -1, 1)
