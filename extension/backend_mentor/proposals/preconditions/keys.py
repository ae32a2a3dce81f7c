"""Which columns tell rows apart, and which joins can not multiply rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.schema import TableKind
from backend_mentor.proposals.preconditions.position import conjuncts, filters
from backend_mentor.proposals.preconditions.types import same_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_mentor.domain.schema import Table
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import Source


def keys(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the sets of columns on which no two rows agree where none of them is NULL.

    Left out: a deferrable constraint, which may be broken in mid-transaction; a parent or child by inheritance; an
    index under another collation than the column's, since `a` and `A` are two values for BINARY and one for NOCASE.
    """
    if table.inherits or table.kind not in (TableKind.TABLE, TableKind.PARTITIONED, TableKind.MATERIALIZED_VIEW):
        return
    barred = {
        index.column_names for index in table.indexes if index.unique and not _tells_apart(table, index.column_names)
    }
    deferred = {index.column_names for index in table.indexes if index.primary and not index.immediate}
    for key in table.unique_keys():
        if key not in deferred and key not in barred and all(table.column(name) for name in key):
            yield key


def _tells_apart(table: Table, names: tuple[str, ...]) -> bool:
    for index in table.indexes:
        if index.unique and index.column_names == names:
            for key in index.columns:
                column = table.column(key.name)
                if column is None or key.collation not in (None, column.collation, column.collation or "BINARY"):
                    return False
    return True


def unique_key(table: Table, names: Iterable[str], *, compared: bool = False) -> Condition | None:
    """Return the condition that these columns hold a key of the table.

    `compared` says that each of them is compared with `=`, which leaves out NULLs; otherwise every column of the key
    has to be NOT NULL, since a unique column admits several NULLs.
    """
    given = set(names)
    for key in keys(table):
        if not set(key) <= given:
            continue
        nullable = [name for name in key if (column := table.column(name)) is None or column.nullable]
        if compared or not nullable:
            grounds = "primary key" if key == table.primary_key else "unique, and NOT NULL"
            grounds = "unique" if nullable else grounds
            return Condition(f"({', '.join(key)}) tells the rows of {table.name} apart", grounds)
    return None


def no_fan_out(draft: Draft, select: exp.Select, from_sources: tuple[Source, ...]) -> tuple[Condition, ...] | None:
    """Return the conditions that each row of `from_sources` meets at most one row of every other source.

    None where a join could multiply rows: it is not on a unique key, or compares it with something that is not fixed.
    """
    known = list(from_sources)
    conditions: list[Condition] = []
    waiting = [source for source in draft.sources(select) if not any(source is each for each in known)]
    while waiting:
        found = next((pair for source in waiting if (pair := _fixed_by(draft, select, source, known))), None)
        if found is None:
            return None
        source, condition = found
        known.append(source)
        conditions.append(condition)
        waiting = [each for each in waiting if each is not source]
    return tuple(conditions)


def _fixed_by(draft: Draft, select: exp.Select, source: Source, known: list[Source]) -> tuple[Source, Condition] | None:
    if source.table is None or (source.join is not None and source.join.side in ("RIGHT", "FULL")):
        return None
    conditions = list(filters(select))
    if source.join is not None and source.join.side == "LEFT":
        conditions = list(conjuncts(source.join.args.get("on")))
    fixed = [name for condition in conditions if (name := _equated(draft, condition, source, known))]
    condition = unique_key(source.table, fixed, compared=True)
    return (source, condition) if condition else None


def _equated(draft: Draft, condition: exp.Expr, source: Source, known: list[Source]) -> str | None:
    """Return the column of `source` that the condition ties by `=` to a column of a known source."""
    if not isinstance(condition, exp.EQ):
        return None
    for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
        mine, theirs = draft.columns.of(one), draft.columns.of(other)
        if mine is None or theirs is None or mine.source is not source:
            continue
        if any(theirs.source is each for each in known) and same_type(draft, mine, theirs):
            return mine.column.name
    return None


def key_in_output(draft: Draft, select: exp.Select) -> tuple[Condition, ...] | None:
    """Return the conditions under which no two rows of the query's result can agree.

    The SELECT list holds a NOT NULL key of one source, and no join multiplies its rows.
    """
    for source in draft.sources(select):
        if source.table is None or source.optional:
            continue
        key = unique_key(source.table, listed_columns(draft, select, source))
        if key is None:
            continue
        fan_out = no_fan_out(draft, select, (source,))
        if fan_out is not None:
            return (key, *fan_out)
    return None


def listed_columns(draft: Draft, select: exp.Select, source: Source) -> Iterator[str]:
    """Yield the columns of a source that stand in the SELECT list as they are."""
    columns = source.table.columns if source.table is not None else ()
    for projection in select.expressions:
        bare = projection.unalias()
        resolved = draft.columns.of(bare)
        if resolved is not None and resolved.source is source:
            yield resolved.column.name
        stars_all = isinstance(bare, exp.Star) and not any(bare.args.values())
        stars_source = isinstance(bare, exp.Column) and bare.is_star and bare.table.lower() == source.name.lower()
        if stars_all or stars_source:
            yield from (column.name for column in columns)


def leads_an_index(table: Table, name: str) -> bool:
    """Return whether an index over the whole table, or the table itself, is in the order of the column."""
    if table.rowid and table.primary_key == (name,):
        return True
    return any(
        index.valid and index.where is None and index.column_names[:1] == (name,) and not index.columns[0].expression
        for index in table.indexes
    )
