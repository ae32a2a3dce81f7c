"""How a change of code is shown."""

from __future__ import annotations

from backend_mentor.renderers.code_diff import added_code, compare_code
from backend_mentor.renderers.diff import Sign

LONG = "\n".join(f"line_{number} = {number}" for number in range(1, 41)) + "\n"


def shown(before: str, after: str) -> list[str]:
    return [f"{line.sign.value}{line.text}" for line in compare_code(before, after)]


def test_a_change_of_indentation_alone_is_a_change() -> None:
    assert shown("a = 1\n", "    a = 1\n") == ["-a = 1", "+    a = 1"]


def test_of_a_long_cell_only_what_is_near_a_change_is_shown_and_on_which_line() -> None:
    after = LONG.replace("line_20 = 20", "line_20 = 0")
    assert shown(LONG, after) == [
        "…line 18", " line_18 = 18", " line_19 = 19", "-line_20 = 20", "+line_20 = 0", " line_21 = 21", " line_22 = 22",
    ]  # fmt: skip


def test_two_changes_far_apart_are_two_groups() -> None:
    after = LONG.replace("line_5 = 5\n", "").replace("line_30 = 30", "line_30 = 0")
    gaps = [line.text for line in compare_code(LONG, after) if line.sign is Sign.GAP]
    assert gaps == ["line 3", "line 28"]


def test_a_short_cell_is_shown_whole() -> None:
    assert shown("a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n", "a = 1\nb = 2\nc = 3\nd = 4\ne = 6\n")[0] == " a = 1"


def test_what_is_put_in_is_told_in_one_line() -> None:
    assert added_code("a = 1\n", "import secrets\na = secrets.choice()\n") == "import secrets a = secrets.choice()"
