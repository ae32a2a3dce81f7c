"""Made-up databases that respect a schema's constraints and aim at what two statements say."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Rows
from backend_mentor.proofs.keys import parents_first, with_ancestors
from backend_mentor.proofs.mentions import read_mentions
from backend_mentor.proofs.shapes import Children, Shape, shapes
from backend_mentor.proofs.table_plans import ColumnPlan, Reference, TablePlan, plan_table
from backend_mentor.proofs.values import Pool, make_pools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact
    from backend_mentor.proofs.mentions import Mentions

Row = tuple[object, ...]

# A row that a key or CHECK refuses is drawn anew this often before the table does without it.
_ATTEMPTS = 12
_RARE = 0.02
# Of the rows that refer to another table by a key that is not known to hold, in every other database.
_ORPHANS = 0.4
_MANY_TABLES = 5


@dataclass(slots=True)
class TrialData:
    """The plan for all trial databases of one pair of statements. The same seed makes the same databases."""

    plans: tuple[TablePlan, ...]
    """Parents before their children."""
    mentions: Mentions
    admits: Callable[[Sequence[Rows]], bool]
    """Whether the engine accepts rows under CHECKs and facts; asked once for each combination of checked values."""
    referenced: frozenset[str] = frozenset()
    """The tables that others refer to, in lower case."""
    _verdicts: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def databases(self, trials: int, seed: int, *, focused: bool = False) -> Iterator[tuple[Rows, ...]]:
        """Yield that many databases, the empty one first; `focused` ones aim at the conditions with every row."""
        draw = random.Random(seed)  # noqa: S311  trial data must be repeatable, not secret
        read = [position for position, plan in enumerate(self.plans) if not plan.ancestor]
        for planned in shapes(trials, len(read), tuple(sorted(self.mentions.counts))):
            shape = replace(planned, hits=1.0, nulls=min(planned.nulls, 0.05)) if focused else planned
            empty = read[shape.empty] if shape.empty is not None and read else None
            yield self._database(shape, empty, draw)

    def _database(self, shape: Shape, empty: int | None, draw: random.Random) -> tuple[Rows, ...]:
        made: dict[str, list[Row]] = {}
        orphans = _ORPHANS if draw.random() < 0.5 else 0.0
        for position, plan in enumerate(self.plans):
            made[plan.name.lower()] = [] if position == empty else self._rows(plan, shape, made, orphans, draw)
        return tuple(
            Rows(plan.name, tuple(column.name for column in plan.columns), tuple(made[plan.name.lower()]))
            for plan in self.plans
        )

    def _size(self, plan: TablePlan, shape: Shape) -> tuple[int, int]:
        """Return the fewest and the most rows of a table; among many tables those that others refer to stay small."""
        if plan.ancestor and shape.most:
            return 2, 3
        if len(self.plans) > _MANY_TABLES and plan.name.lower() in self.referenced:
            return min(shape.fewest, 2), min(shape.most, 3)
        return shape.fewest, shape.most

    def _rows(
        self, plan: TablePlan, shape: Shape, made: dict[str, list[Row]], orphans: float, draw: random.Random
    ) -> list[Row]:
        low, high = self._size(plan, shape)
        if shape.children is Children.NONE and plan.references:
            return []
        rows: list[Row] = []
        parents = _Parents(shape, made, draw, orphans)
        domains = [_domain(column, shape, draw) for column in plan.columns]
        taken: list[set[Row]] = [set() for _ in plan.keys]
        for _ in range(draw.randint(low, high)):
            for _attempt in range(_ATTEMPTS):
                row = self._row(plan, shape, domains, rows, taken, parents, draw)
                if row is None:
                    return rows  # there is no parent to refer to
                if self._fits(plan, row, taken):
                    rows.append(row)
                    break
        return rows

    def _row(
        self,
        plan: TablePlan,
        shape: Shape,
        domains: list[tuple[Sequence[object], Sequence[object]]],
        rows: list[Row],
        taken: list[set[Row]],
        parents: _Parents,
        draw: random.Random,
    ) -> Row | None:
        chance = draw.random
        if rows and not plan.keys and chance() < shape.repeats:
            return rows[-1]
        aims = chance() < shape.hits
        nulls = shape.nulls
        row: list[object] = []
        for column, (values, hits) in zip(plan.columns, domains, strict=True):
            if column.pool.nullable and (not column.used or chance() < nulls):
                row.append(None)
            elif not column.used:
                row.append(values[0])
            else:
                choices = hits if aims and chance() < 0.85 else values
                row.append(choices[int(chance() * len(choices))] if choices else None)
        if shape.outlier:
            for position, column in enumerate(plan.columns):
                if column.averaged and column.pool.large is not None:
                    row[position] = column.pool.small if rows else column.pool.large
        self._renew(plan, row, taken, len(rows), draw)
        if not all(parents.attach(reference, row, plan, rows) for reference in plan.references):
            return None
        if plan.references:
            self._renew(plan, row, taken, len(rows), draw)
        return tuple(row)

    def _renew(self, plan: TablePlan, row: list[object], taken: list[set[Row]], rows: int, draw: random.Random) -> None:
        """Change a free column of each key that is taken already."""
        for number, position in plan.renewable:
            for attempt in range(4):
                value = plan.keys[number].of(row)
                if value is None or value not in taken[number]:
                    break
                row[position] = self._renewed(plan.columns[position].pool, rows + attempt, draw)

    def _renewed(self, pool: Pool, rows: int, draw: random.Random) -> object:
        """Return another value for a key: from the pool while it lasts, then a fresh one."""
        if draw.random() < 0.5 and rows < len(pool.values):
            return pool.values[int(draw.random() * len(pool.values))]
        return pool.another(rows + int(draw.random() * 4))

    def _fits(self, plan: TablePlan, row: Row, taken: list[set[Row]]) -> bool:
        found = [key.of(row) for key in plan.keys]
        if any(value is not None and value in seen for value, seen in zip(found, taken, strict=True)):
            return False
        if plan.checked and not self._admitted(plan, row):
            return False
        for value, seen in zip(found, taken, strict=True):
            if value is not None:
                seen.add(value)
        return True

    def _admitted(self, plan: TablePlan, row: Row) -> bool:
        known = (plan.name, *(row[position] for position in plan.checked))
        if known not in self._verdicts:
            columns = tuple(column.name for column in plan.columns)
            self._verdicts[known] = self.admits((Rows(plan.name, columns, (row,)),))
        return self._verdicts[known]


@dataclass(slots=True)
class _Parents:
    """Finds the parents of rows within one database."""

    shape: Shape
    made: dict[str, list[Row]]
    draw: random.Random
    orphans: float
    """The part of the rows that refer to nothing, by keys that are not known to hold."""

    def attach(self, reference: Reference, row: list[object], plan: TablePlan, rows: list[Row]) -> bool:
        """Make the row refer to a parent that is there; False where there is none and there must be one."""
        unset = any(row[position] is None for position in reference.positions)
        if unset and (reference.optional or not reference.holds):
            return True
        if not reference.holds and self.draw.random() < self.orphans:
            return True
        is_own = reference.parent == plan.name.lower()
        candidates = rows if is_own else self.made.get(reference.parent, [])
        if not candidates:
            return self._without(reference, row, is_own)
        if self.shape.children is Children.ON_ONE:
            parent = candidates[0]
        else:
            parent = candidates[int(self.draw.random() * len(candidates))]
        values = [parent[position] for position in reference.parent_positions]
        if any(value is None for value in values):
            return self._without(reference, row, is_own)
        for position, value in zip(reference.positions, values, strict=True):
            row[position] = value
        return True

    def _without(self, reference: Reference, row: list[object], is_own: bool) -> bool:
        if not reference.holds:
            return True
        for position, own in zip(reference.positions, reference.parent_positions, strict=True):
            if not reference.optional and not is_own:
                return False
            row[position] = None if reference.optional else row[own]
        return True


def plan_trial_data(
    statements: Sequence[Statement],
    schema: Schema,
    admits: Callable[[Sequence[Rows]], bool] = lambda _: True,
    facts: frozenset[Fact] = frozenset(),
) -> TrialData:
    """Return the plan of the databases on which these statements are to be tried.

    Raises NotSupportedError where a relation or a column's type can not be made up. Only the tables that the statements
    read and those that their foreign keys lead to are made.
    """
    mentions = read_mentions(statements, schema)
    read = set(mentions.tables)
    tables = parents_first(with_ancestors(mentions.tables, schema))
    ordered_facts = sorted(facts, key=lambda fact: (fact.table, fact.holds))
    pools = make_pools(tables, mentions, ordered_facts, schema.engine.name)
    names = {table.name.lower(): table for table in tables}
    plans = tuple(plan_table(table, names, mentions, pools, table.name.lower() not in read) for table in tables)
    referenced = frozenset(reference.parent for plan in plans for reference in plan.references)
    return TrialData(plans, mentions, admits, referenced)


def _domain(column: ColumnPlan, shape: Shape, draw: random.Random) -> tuple[Sequence[object], Sequence[object]]:
    """Return what a column draws from in one database: its values, and those that meet the conditions."""
    values, hits = column.pool.values, column.pool.hits
    if not column.used or not values:
        return values, hits
    if shape.narrow:
        pair = (hits[int(draw.random() * len(hits))], values[int(draw.random() * len(values))])
        return pair, pair[:1] if shape.hits == 1.0 else pair
    if column.pool.rare and draw.random() < _RARE * 5:
        return (*values, column.pool.rare[int(draw.random() * len(column.pool.rare))]), hits
    return values, hits
