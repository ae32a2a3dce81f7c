"""Statements whose rows are groups: what is sorted then is not what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from backend_mentor.domain.subject import Subject


def sorts_groups(subject: Subject) -> bool:
    """Return whether the ORDER BY stands over groups, or over what is computed from several rows.

    There are fewer groups than rows, how many is not known before a run, and no index holds what is computed.
    """
    tree = subject.statement.tree
    if not isinstance(tree, exp.Select) or (order := tree.args.get("order")) is None:
        return False
    computed = {each.alias for each in tree.selects if each.find(exp.AggFunc, exp.Window)}
    return tree.args.get("group") is not None or any(
        key.find(exp.AggFunc, exp.Window) or (isinstance(key.this, exp.Column) and key.this.name in computed)
        for key in order.expressions
    )
