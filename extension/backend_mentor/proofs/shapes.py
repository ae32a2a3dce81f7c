"""The shapes of trial databases: how many rows, how many NULLs, how children hang on parents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Children(StrEnum):
    """How rows that refer to others spread over them."""

    ANYWHERE = "anywhere"
    NONE = "none"
    """Parents have rows, children none."""
    ON_ONE = "on one"
    """All children refer to the same parent."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one trial database is to look like."""

    name: str
    fewest: int = 2
    most: int = 6
    """Rows per table."""
    nulls: float = 0.2
    """The part of a nullable column's values that is NULL."""
    children: Children = Children.ANYWHERE
    hits: float = 0.6
    """The part of the rows whose values aim at meeting the statements' conditions."""
    narrow: bool = False
    """Two values per column only, so that groups, ties and duplicates abound."""
    empty: int | None = None
    """Which of the tables, counted from 0, holds nothing; None where all hold rows."""
    outlier: bool = False
    """One row far above the others, in the columns that rows are compared with an average of."""
    repeats: float = 0.15
    """The part of the rows that repeats the one before, where no key forbids."""


EMPTY = Shape("all empty", 0, 0)

_CYCLE = (
    Shape("one row each", 1, 1, nulls=0.1, hits=0.9),
    Shape("few rows"),
    Shape("ties", 3, 6, narrow=True, nulls=0.1, hits=0.8),
    Shape("few rows that meet the conditions", 2, 5, nulls=0.1, hits=0.95),
    Shape("one table empty", 1, 4, empty=0, hits=0.8),
    Shape("all on one parent", 2, 6, children=Children.ON_ONE, nulls=0.1, hits=0.8),
    Shape("few rows, many NULLs", 2, 5, nulls=0.5),
    Shape("two rows", 1, 2, hits=0.9),
    Shape("parents without children", 1, 4, children=Children.NONE),
    Shape("duplicates", 3, 6, repeats=0.6, nulls=0.1, hits=0.8),
    Shape("few rows without NULLs", 2, 6, nulls=0.0, hits=0.8),
    Shape("one row stands out", 3, 6, narrow=True, nulls=0.0, hits=1.0, outlier=True),
    Shape("NULL wherever allowed", 1, 4, nulls=1.0),
    Shape("many rows that meet the conditions", 6, 12, nulls=0.1, hits=0.9),
    Shape("ties that meet the conditions", 2, 6, narrow=True, nulls=0.15, hits=1.0),
)


_COUNTED = Shape("counted rows", children=Children.ON_ONE, narrow=True, nulls=0.0, hits=1.0)
_COUNTED_EVERY = 5
# More rows than this make a trial slow; a LIMIT of 100 is within.
_MOST_COUNTED = 110


def shapes(trials: int, tables: int, counts: tuple[int, ...]) -> Iterator[Shape]:
    """Yield the shape of each trial: all empty once, then the cycle.

    `counts` are numbers of rows at which the statements change their minds; each is hit, missed by one row and passed
    by one. The table that is empty takes turns.
    """
    around = {count + step for count in counts for step in (-1, 0, 1, 2)}
    wanted = sorted(size for size in around if 0 < size <= _MOST_COUNTED)
    if trials:
        yield EMPTY
    turn = 0
    for number in range(trials - 1):
        shape = _CYCLE[number % len(_CYCLE)]
        if shape.empty is not None:
            shape = replace(shape, empty=turn % max(tables, 1))
            turn += 1
        elif wanted and number % _COUNTED_EVERY == _COUNTED_EVERY - 1:
            size = wanted[number // _COUNTED_EVERY % len(wanted)]
            # Every other time one row stands out: the same number of rows serves groups and averages.
            shape = replace(_COUNTED, fewest=size, most=size, outlier=number // _COUNTED_EVERY % 2 == 1)
        yield shape
