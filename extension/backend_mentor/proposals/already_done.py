"""What the planner does by itself: shapes that people rewrite by hand, and need not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.subject import Gate, Subject
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.preconditions import disjuncts, in_positive_position
from backend_mentor.proposals.shapes import is_constant, sides

if TYPE_CHECKING:
    from collections.abc import Iterator

_POSTGRES = ("postgres",)


@dataclass(frozen=True, slots=True)
class _Habit:
    """Something that the planner does for statements of one shape."""

    gate: Gate
    applies: Callable[[Draft], bool]
    sentence: str


def already_done(subject: Subject) -> tuple[str, ...]:
    """Return what the planner of this engine and version does by itself for shapes that the statement has."""
    return tuple(_sentences(subject))


def _sentences(subject: Subject) -> Iterator[str]:
    draft = Draft.of(subject)
    for habit in _HABITS:
        if habit.gate.admits(subject.engine) and habit.applies(draft):
            yield habit.sentence


def _has_membership(draft: Draft) -> bool:
    return any(each.args.get("query") and in_positive_position(each) for each in draft.tree.find_all(exp.In))


def _has_existence(draft: Draft) -> bool:
    return any(in_positive_position(each) for each in draft.tree.find_all(exp.Exists))


def _has_single_use_cte(draft: Draft) -> bool:
    tables = [table.name for table in draft.tree.find_all(exp.Table) if not table.db]
    ctes = draft.tree.find_all(exp.CTE)
    return any(cte.args.get("materialized") is None and tables.count(cte.alias) == 1 for cte in ctes)


def _has_or_chain(draft: Draft) -> bool:
    for node in draft.tree.find_all(exp.Or):
        parts = disjuncts(node)
        columns = [
            draft.columns.of(side)
            for part in parts
            if isinstance(part, exp.EQ)
            for side, _, other in sides(part)
            if is_constant(other)
        ]
        first = columns[0] if columns else None
        if first is not None and len(columns) == len(parts) > 2:
            return all(each is not None and each.column is first.column for each in columns)
    return False


_HABITS = (
    _Habit(
        Gate(engines=_POSTGRES),
        _has_membership,
        "PostgreSQL turns IN (SELECT …) into a semi-join by itself: writing it as EXISTS or as a join gains nothing.",
    ),
    _Habit(
        Gate(engines=_POSTGRES),
        _has_existence,
        "PostgreSQL turns EXISTS into a semi-join by itself: writing it as IN gains nothing.",
    ),
    _Habit(
        Gate(engines=_POSTGRES, since=(12,)),
        _has_single_use_cte,
        "PostgreSQL looks through a WITH query that is read once: writing it as a subquery gains nothing.",
    ),
    _Habit(
        Gate(engines=_POSTGRES, since=(18,)),
        _has_or_chain,
        "PostgreSQL 18 turns a chain of OR over one column into one list: writing it as IN gains nothing.",
    ),
    _Habit(
        Gate(engines=("sqlite",)),
        _has_or_chain,
        "SQLite turns a chain of OR over one column into IN by itself: leave it.",
    ),
)
