"""Indexes worth a trial. Each module is one idea with its examples; the most certain ones come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.idea import Idea
from backend_mentor.proposals.indexes.covering_index import CoveringIndex
from backend_mentor.proposals.indexes.equality_index import EqualityIndex
from backend_mentor.proposals.indexes.expression_index import ExpressionIndex
from backend_mentor.proposals.indexes.join_index import JoinIndex
from backend_mentor.proposals.indexes.order_index import OrderIndex
from backend_mentor.proposals.indexes.partial_index import PartialIndex
from backend_mentor.proposals.indexes.range_index import RangeIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.schema import Index

INDEXES: tuple[Idea, ...] = (
    EqualityIndex(),
    RangeIndex(),
    OrderIndex(),
    PartialIndex(),
    ExpressionIndex(),
    JoinIndex(),
    CoveringIndex(),
)

MOST_INDEXES = 4
"""Each is built and measured, and a reader compares no more than that."""


def keep_best(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals with at most four indexes among them, none of them a mere prefix of another.

    A covering index does not displace the plain one, which is smaller: both are tried. What is no index is kept.
    """
    given = tuple(proposals)
    indexes = [each.index for each in given if each.index is not None]
    wider = [each.index for each in given if each.index is not None and each.name != CoveringIndex.name]
    kept = [index for index in indexes if not any(_adds_to(other, index) for other in wider)]
    best = list(dict.fromkeys(kept))[:MOST_INDEXES]
    return tuple(each for each in given if each.index is None or each.index in best)


def _adds_to(wide: Index, narrow: Index) -> bool:
    """Return whether an index finds or orders by more columns behind those of the other."""
    longer = len(wide.columns) > len(narrow.columns) and wide.columns[: len(narrow.columns)] == narrow.columns
    return longer and (wide.table, wide.where) == (narrow.table, narrow.where) and not narrow.include
