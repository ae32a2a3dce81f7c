"""Small tables of values: the content of a trial table, the results of both statements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.renderers.figures import count

if TYPE_CHECKING:
    from backend_mentor.domain.proof import Counterexample, OwnData, Rows

_SHOWN_ROWS = 8
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be drawn: every value is text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remark: str | None = None
    """What stands in place of rows or below them: `no rows`, an error, how many rows are not shown."""


def grid_of(rows: Rows, name: str | None = None) -> Grid:
    """Return the table as text, long tables and values cut short; `name` replaces its own."""
    shown = tuple(tuple(write_value(value) for value in row) for row in rows.rows[:_SHOWN_ROWS])
    hidden = len(rows.rows) - len(shown)
    if rows.error is not None:
        remark: str | None = f"fails: {rows.error}"
    elif hidden:
        remark = f"and {count(hidden, 'row')} more"
    else:
        remark = None if shown else "no rows"
    return Grid(name or rows.name, rows.columns, shown, remark)


def write_value(value: object) -> str:
    """Return a value as SQL would show it: NULL for None, bytes as a hexadecimal literal, text as it is."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes | bytearray | memoryview):
        return shorten(f"x'{bytes(value).hex()}'")
    if value == "":
        return "''"
    return shorten(str(value))


def shorten(text: str, characters: int = _SHOWN_CHARACTERS) -> str:
    """Return the text in one line, its end cut off where it is longer than `characters`."""
    line = " ".join(text.split()) if "\n" in text or "\t" in text else text
    return line if len(line) <= characters else line[: characters - 1] + "…"


def tell_difference(example: Counterexample) -> str:
    """Return in one sentence how the second statement's answer differs from the first's."""
    if example.after.error is not None:
        return "It fails where yours answers."
    if example.before.error is not None:
        return "It answers where yours fails."
    if example.difference == "order":
        return "It returns the same rows in another order."
    if example.difference == "columns":
        return "It returns other columns."
    if example.difference == "types":
        return "It returns the same values with other types."
    before, after = _bag(example.before), _bag(example.after)
    return _tell_difference((before - after).total(), (after - before).total())


def tell_own_data(own_data: OwnData) -> str:
    """Return how the answers differ on the user's own rows."""
    sentence = _tell_difference(own_data.only_before, own_data.only_after)
    return f"On your own data: {sentence[0].lower()}{sentence[1:]}"


def tell_origin(example: Counterexample) -> str:
    """Return where the counterexample comes from: `found in trial 4, shrunk to 1 row`."""
    return f"found in trial {example.trial:,}, shrunk to {count(sum(len(t.rows) for t in example.tables), 'row')}"


def _tell_difference(missing: int, extra: int) -> str:
    if missing and extra:
        return f"It leaves out {count(missing, 'row')} of yours and returns {count(extra, 'row')} that yours does not."
    if extra:
        return f"It also returns {count(extra, 'row')} that yours does not."
    return f"It leaves out {count(missing, 'row')} that yours returns." if missing else "Its answer differs."


def _bag(rows: Rows) -> Counter[tuple[str, ...]]:
    # repr tells 1 from '1' and from 1.0, and any value has one, even where it can not be hashed.
    return Counter(tuple(repr(value) for value in row) for row in rows.rows)
