"""The commonest step: one condition of a statement gives way to another that is true of the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.moves import put
from backend_mentor.proposals.rewriting import Step


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is to stand in the place of a condition, and on what grounds."""

    expression: exp.Expr
    title: str
    conditions: tuple[Condition, ...]


def replace_first(
    draft: Draft, kinds: tuple[type[exp.Expr], ...], attempt: Callable[[Draft, exp.Expr], Replacement | None]
) -> Step | None:
    """Replace the first node of these kinds for which `attempt` has a replacement; None, and no edit, without one."""
    for node in draft.tree.find_all(*kinds):
        replacement = attempt(draft, node)
        if replacement is not None:
            put(node, replacement.expression)
            return Step(replacement.title, replacement.conditions)
    return None
