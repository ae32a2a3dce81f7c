"""Whether a step of a plan looks rows up by an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Operation

if TYPE_CHECKING:
    from backend_mentor.domain.plan import PlanNode

# A whole scan of an index is none of these, whatever its label says.
_SEEKS = frozenset([Operation.SEARCH, Operation.BITMAP_INDEX])


def is_seek(node: PlanNode) -> bool:
    """Return whether a step looks rows up by an index, rather than walking it from end to end."""
    return node.operation in _SEEKS or (node.operation is Operation.INDEX_SCAN and node.index_condition is not None)
