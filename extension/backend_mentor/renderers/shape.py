"""The JSON shape of each value: its members in the order in which they are written, with their types."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import get_type_hints

from backend_mentor.domain.plan import Buffers, Plan, PlanNode
from backend_mentor.domain.proof import (
    Condition,
    Effect,
    Measurement,
    OwnData,
    Proof,
    Rung,
    Runs,
    Trials,
)
from backend_mentor.domain.review import Review
from backend_mentor.domain.schema import Engine
from backend_mentor.domain.trace import Exchange, Growth, GrowthVerdict, Trace
from backend_mentor.renderers.plan_tree import parents_of


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a JSON object."""

    name: str
    type: object
    """As annotated: `str`, `float | None`, `tuple[Finding, ...]`."""
    read: Callable[[object], object]
    optional: bool = False
    """True where it is left out when it says nothing: None, False or empty. A plan has too many nodes to spell out
    what each does not have."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """What was tried to show that two statements mean the same."""

    changes_rows: bool
    refuted: bool
    conditions: tuple[Condition, ...]
    trials: Trials | None
    own_data: OwnData | None
    not_deterministic: str | None
    obstacle: str | None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A node of a plan in a flat list, since JSON nested as deep as plans go could not be read back."""

    node: PlanNode
    parent: int | None
    """The number of the node above it."""
    children: tuple[int, ...]
    """The numbers of the nodes below it."""
    share: float | None
    """Its own part of the work, from 0 to 1."""


def members_of(kind: type) -> tuple[Member, ...]:
    """Return the members of the JSON object that stands for a dataclass."""
    if kind not in _KNOWN:
        _KNOWN[kind] = _SPECIAL.get(kind, _declared)(kind)
    return _KNOWN[kind]


# Figures and verdicts that readers of the JSON are spared to compute.
_COMPUTED: Mapping[type, Mapping[str, object]] = {
    Engine: {"title": str},
    PlanNode: {
        "total_actual_rows": float | None,
        "total_visited_rows": float | None,
        "estimate_factor": float | None,
    },
    Buffers: {"touched": int},
    OwnData: {"same": bool},
    Runs: {"median": float},
    Exchange: {"queries": int, "database_milliseconds": float | None, "rows": int | None},
    Growth: {"verdict": GrowthVerdict, "slope": float, "sentence": str},
    Measurement: {"time_factor": float, "count_factor": float | None, "spread_apart": bool},
}


def _declared(kind: type) -> tuple[Member, ...]:
    """Return the dataclass's own fields, then its computed properties."""
    # Plan names Engine for the type checker alone.
    hints = get_type_hints(kind, localns={"Engine": Engine})
    own = {field.name: hints[field.name] for field in dataclasses.fields(kind)}
    return tuple(_attribute(name, hint) for name, hint in {**own, **_COMPUTED.get(kind, {})}.items())


def _attribute(name: str, hint: object, path: str = "") -> Member:
    return Member(name, hint, attrgetter(path or name))


def _of_review(kind: type) -> tuple[Member, ...]:
    members = {member.name: member for member in _declared(kind)}
    # Only endpoint code that was run has one.
    members["trace"] = Member("trace", Trace | None, attrgetter("trace"), optional=True)
    first = [members.pop(name) for name in ("statement", "cell")]
    last = [members.pop(name) for name in ("provenance", "conclusion", "failure", "further")]
    return (_attribute("version", str, "provenance.version"), *first, *members.values(), *last)


def _of_plan(kind: type) -> tuple[Member, ...]:
    declared = [member for member in _declared(kind) if member.name != "root"]
    return (
        *declared,
        _attribute("share_unit", str | None),
        Member("costly", int | None, _number_costly),
        Member("nodes", tuple[PlanStep, ...], _flatten),
    )


def _of_step(kind: type) -> tuple[Member, ...]:
    node = [member for member in members_of(PlanNode) if member.name != "children"]
    own = [member for member in _declared(kind) if member.name != "node"]
    always = {field.name for field in dataclasses.fields(PlanNode) if field.default is dataclasses.MISSING}
    inner = (
        Member(member.name, member.type, attrgetter(f"node.{member.name}"), optional=member.name not in always)
        for member in node
    )
    return (*inner, *own)


def _of_proof(kind: type) -> tuple[Member, ...]:
    within = {field.name for field in dataclasses.fields(Equivalence)}
    verdict = (_attribute("verdict", str), _attribute("rung", Rung), _attribute("effect", Effect))
    equivalence = Member("equivalence", Equivalence, _equivalence)
    declared = [member for member in _declared(kind) if member.name not in within]
    return (*verdict, equivalence, *declared, _attribute("counts_and_clock_disagree", bool))


def _equivalence(proof: object) -> Equivalence:
    return Equivalence(**{field.name: getattr(proof, field.name) for field in dataclasses.fields(Equivalence)})


def _number_costly(plan: object) -> int | None:
    costly = plan.costly if isinstance(plan, Plan) else None
    if not isinstance(plan, Plan) or costly is None:
        return None
    return next(place for place, node in enumerate(plan.nodes()) if node is costly)


def _flatten(plan: object) -> tuple[PlanStep, ...]:
    if not isinstance(plan, Plan):
        raise TypeError(f"{type(plan).__name__} is no plan")
    parents = parents_of(plan)
    children: list[list[int]] = [[] for _ in parents]
    for place, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(place)
    return tuple(
        PlanStep(node, parent if parent >= 0 else None, tuple(below), share)
        for node, parent, below, share in zip(plan.nodes(), parents, children, plan.shares(), strict=True)
    )


_SPECIAL: Mapping[type, Callable[[type], tuple[Member, ...]]] = {
    Review: _of_review,
    Plan: _of_plan,
    PlanStep: _of_step,
    Proof: _of_proof,
}
_KNOWN: dict[type, tuple[Member, ...]] = {}
