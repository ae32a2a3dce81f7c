"""Shrinks a counterexample to the fewest rows and the plainest values that still show the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.proof import Rows
    from backend_mentor.proofs.table_plans import TablePlan
    from backend_mentor.proofs.trial_data import TrialData

# Each attempt is one run of both statements; a counterexample of a dozen rows needs some fifty.
_MOST_ATTEMPTS = 400


def shrink(
    tables: tuple[Rows, ...], data: TrialData, still_differs: Callable[[tuple[Rows, ...]], bool]
) -> tuple[Rows, ...]:
    """Return the smallest variant found for which `still_differs` holds; every constraint holds in it too."""
    attempts = 0

    def try_(candidate: tuple[Rows, ...]) -> bool:
        nonlocal attempts
        attempts += 1
        return attempts <= _MOST_ATTEMPTS and still_differs(candidate)

    tables = _with_fewer_rows(tables, data, try_)
    tables = _with_plainer_values(tables, data, try_)
    for plan in data.plans:
        candidate = _renumbered(tables, data.plans, plan)
        if candidate != tables and try_(candidate):
            tables = candidate
    return tables


def _with_fewer_rows(
    tables: tuple[Rows, ...], data: TrialData, try_: Callable[[tuple[Rows, ...]], bool]
) -> tuple[Rows, ...]:
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _smaller(tables, data):
            if try_(candidate):
                tables, shrunk = candidate, True
                break
    return tables


def _smaller(tables: tuple[Rows, ...], data: TrialData) -> Iterator[tuple[Rows, ...]]:
    """Yield the tables with fewer rows: without all of a table's, without half of them, without one."""
    for position in reversed(range(len(tables))):
        rows = tables[position].rows
        size = len(rows)
        while size:
            for start in range(0, len(rows), size):
                kept = rows[:start] + rows[start + size :]
                changed = (*tables[:position], replace(tables[position], rows=kept), *tables[position + 1 :])
                yield without_orphans(changed, data.plans)
            size //= 2


def without_orphans(tables: tuple[Rows, ...], plans: tuple[TablePlan, ...]) -> tuple[Rows, ...]:
    """Return the tables without the rows whose parent is gone, as far as foreign keys are known to hold."""
    kept = {plan.name.lower(): list(table.rows) for plan, table in zip(plans, tables, strict=True)}
    changed = True
    while changed:
        changed = False
        for plan in plans:
            name = plan.name.lower()
            for reference in plan.references:
                if not reference.holds:
                    continue
                parents = {tuple(row[each] for each in reference.parent_positions) for row in kept[reference.parent]}
                rows = [
                    row
                    for row in kept[name]
                    if (key := tuple(row[each] for each in reference.positions)) in parents or None in key
                ]
                changed = changed or len(rows) < len(kept[name])
                kept[name] = rows
    return tuple(replace(table, rows=tuple(kept[plan.name.lower()])) for plan, table in zip(plans, tables, strict=True))


def _with_plainer_values(
    tables: tuple[Rows, ...], data: TrialData, try_: Callable[[tuple[Rows, ...]], bool]
) -> tuple[Rows, ...]:
    for position, plan in enumerate(data.plans):
        bound = _bound_positions(plan, data.plans)
        for number in range(len(tables[position].rows)):
            for cell, column in enumerate(plan.columns):
                if cell in bound or not column.used:
                    continue
                for value in column.pool.values[:1]:
                    candidate = _with_cell(tables, position, number, cell, value)
                    if candidate is not None and try_(candidate):
                        tables = candidate
    return tables


def _with_cell(
    tables: tuple[Rows, ...], position: int, number: int, cell: int, value: object
) -> tuple[Rows, ...] | None:
    """Return the tables with one value changed; None where it is that value already."""
    table = tables[position]
    row = table.rows[number]
    if row[cell] == value and type(row[cell]) is type(value):
        return None
    changed = (*row[:cell], value, *row[cell + 1 :])
    rows = (*table.rows[:number], changed, *table.rows[number + 1 :])
    return (*tables[:position], replace(table, rows=rows), *tables[position + 1 :])


def _bound_positions(plan: TablePlan, plans: tuple[TablePlan, ...]) -> set[int]:
    """Return the columns that keys, references or CHECKs tie to other values."""
    own = {position for key in plan.keys for position in key.positions}
    own |= {position for reference in plan.references for position in reference.positions}
    own |= {
        position
        for other in plans
        for reference in other.references
        if reference.parent == plan.name.lower()
        for position in reference.parent_positions
    }
    return own | set(plan.checked)


def _renumbered(tables: tuple[Rows, ...], plans: tuple[TablePlan, ...], renamed: TablePlan) -> tuple[Rows, ...]:
    """Return the tables with one table's numeric key counted from 1, and all that refer to it changed alike."""
    own = [key.positions[0] for key in renamed.keys if len(key.positions) == 1]
    own = [each for each in own if not any(each in reference.positions for reference in renamed.references)]
    if not own:
        return tables
    position = own[0]
    rows = tables[plans.index(renamed)].rows
    known = sorted(row[position] for row in rows if isinstance(row[position], int))  # type: ignore[type-var]
    new = {old: number for number, old in enumerate(known, 1)}
    changed = []
    for plan, table in zip(plans, tables, strict=True):
        places = {position} if plan is renamed else set()
        for reference in plan.references:
            if reference.parent == renamed.name.lower():
                pairs = zip(reference.positions, reference.parent_positions, strict=True)
                places |= {own_place for own_place, parent_place in pairs if parent_place == position}
        changed.append(replace(table, rows=tuple(_mapped(row, places, new) for row in table.rows)))
    return tuple(changed)


def _mapped(row: tuple[object, ...], places: set[int], new: dict[object, int]) -> tuple[object, ...]:
    return tuple(new.get(value, value) if place in places else value for place, value in enumerate(row))
