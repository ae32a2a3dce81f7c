"""Whether every value of a column has its row in the table that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.proof import Condition

if TYPE_CHECKING:
    from backend_mentor.proposals.draft import Draft
    from backend_mentor.reading.resolve import ResolvedColumn


def foreign_key_holds(draft: Draft, child: ResolvedColumn, parent: ResolvedColumn) -> Condition | None:
    """Return the condition that each value of `child` that is not NULL has exactly one row in `parent`'s table.

    A foreign key that is only declared proves nothing (SQLite does not enforce it by default), and neither does one
    that rows of another security policy or of an inheritance tree can get around.
    """
    for table in (child.table, parent.table):
        if table.row_security or table.inherits:
            return None
    for key in child.table.foreign_keys:
        referenced = draft.schema.table(key.referenced_table)
        if not key.holds or referenced is not parent.table:
            continue
        names = tuple(name.lower() for name in key.columns), tuple(name.lower() for name in key.referenced_columns)
        implied = names[1] or tuple(name.lower() for name in parent.table.primary_key)
        if names[0] == (child.column.name.lower(),) and implied == (parent.column.name.lower(),):
            return Condition(
                f"each {child.table.name}.{child.column.name} that is not NULL has its row in {parent.table.name}",
                "foreign key that every row is known to obey",
            )
    return None
