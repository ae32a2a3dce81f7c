"""How each table of a trial database is to be filled, worked out once for all trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.keys import Key, enforced_keys
from backend_mentor.proofs.values import Pool

if TYPE_CHECKING:
    from backend_mentor.domain.schema import ForeignKey, Table
    from backend_mentor.proofs.mentions import Mentions


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column is filled."""

    name: str
    pool: Pool
    used: bool
    """False where neither statement, key nor CHECK looks at it: one constant serves."""
    averaged: bool = False
    """True where rows are compared with an average of it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key in terms of positions."""

    positions: tuple[int, ...]
    parent: str
    parent_positions: tuple[int, ...]
    holds: bool
    optional: bool
    """True where NULL may stand in for a parent."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How one table is filled."""

    table: Table
    columns: tuple[ColumnPlan, ...]
    keys: tuple[Key, ...]
    references: tuple[Reference, ...]
    checked: tuple[int, ...]
    """Positions of the columns that CHECKs and facts speak of."""
    ancestor: bool
    """True where no statement reads it and it is there for a foreign key alone."""
    renewable: tuple[tuple[int, int], ...]
    """Keys with a column that refers to nothing, each by its number and the last such column's position."""

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


def plan_table(
    table: Table,
    tables: dict[str, Table],
    mentions: Mentions,
    pools: dict[tuple[str, str], Pool],
    ancestor: bool,
) -> TablePlan:
    """Return the plan of one table; `tables` are all those that are made, `ancestor` as in the plan."""
    columns = [column for column in table.columns if not column.generated]
    names = [column.name.lower() for column in columns]
    keys = enforced_keys(table, names)
    own = table.name.lower()
    checked = sorted(mentions.checked.get(own, ()))
    needed = _looked_at(table, tables, mentions) | set(checked)
    needed |= {names[position] for key in keys for position in key.positions}
    star = mentions.stars and not ancestor
    plans = tuple(
        ColumnPlan(
            column.name,
            pools[(own, column.name.lower())],
            star or column.name.lower() in needed,
            (own, column.name.lower()) in mentions.averaged,
        )
        for column in columns
    )
    references = tuple(
        reference
        for foreign in table.foreign_keys
        if (reference := _reference(foreign, table, names, tables)) is not None
    )
    places = tuple(names.index(name) for name in checked if name in names)
    referring = {position for reference in references for position in reference.positions}
    renewable = tuple(
        (number, free[-1])
        for number, key in enumerate(keys)
        if (free := [position for position in key.positions if position not in referring])
    )
    return TablePlan(table, plans, keys, references, places, ancestor, renewable)


def _looked_at(table: Table, tables: dict[str, Table], mentions: Mentions) -> set[str]:
    """Return the columns that the statements read or that foreign keys, its own or others', rest on."""
    own = table.name.lower()
    read = {name for other, name in mentions.columns if other == own}
    referring = {name.lower() for foreign in table.foreign_keys for name in foreign.columns}
    referred = {
        name.lower()
        for other in tables.values()
        for foreign in other.foreign_keys
        if foreign.referenced_table.lower() == own
        for name in foreign.referenced_columns
    }
    return read | referring | referred


def _reference(foreign: ForeignKey, table: Table, names: list[str], tables: dict[str, Table]) -> Reference | None:
    parent = tables.get(foreign.referenced_table.lower())
    if parent is None:
        return None
    parent_names = [column.name.lower() for column in parent.columns if not column.generated]
    referenced = foreign.referenced_columns or parent.primary_key
    try:
        positions = tuple(names.index(name.lower()) for name in foreign.columns)
        parent_positions = tuple(parent_names.index(name.lower()) for name in referenced)
    except ValueError as error:
        raise NotSupportedError(
            f"The foreign key of {table.name} to {parent.name} rests on a generated column.", "Compare on real data."
        ) from error
    columns = [table.column(name) for name in foreign.columns]
    optional = all(column is not None and column.nullable for column in columns)
    return Reference(positions, parent.name.lower(), parent_positions, foreign.holds, optional)
