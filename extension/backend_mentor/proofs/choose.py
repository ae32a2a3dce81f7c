"""Which proposals are offered, in which order, and which are shown as tried and of no use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from backend_mentor.domain.proof import Effect, Proof, Rung
from backend_mentor.domain.proposal import Proposal, ProposalKind

# An index counts as good as the best of its table up to half as much work again: the smaller one wins then.
_AS_GOOD = 1.5

# A rewrite that leaves this part of the work goes before any index: it takes no space and slows no write.
_DONE = 0.1

_RUNG_ORDER = {Rung.NOT_DETERMINISTIC: 1, Rung.NOT_SUPPORTED: 2}
_EFFECT_ORDER = {Effect.FASTER: 0, Effect.CHEAPER: 1, Effect.UNKNOWN: 2, Effect.NONE: 3, Effect.SLOWER: 4}


def rank(proposals: Iterable[Proposal]) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return the proposals to offer, best first, and those that are rejected, each with its proof.

    Rejected are: what was refuted, on whatever conditions it rested; what gains nothing or is slower, by measurement
    or, where nothing was measured, by the planner's word; an index beside one of the same table that does as much for
    less; and what no rule backs and no trial could judge. A rewrite that rests on a rule but could not be tried stays,
    behind all that was tried, and its verdict says so.
    """
    offered: list[Proposal] = []
    rejected: list[Proposal] = []
    for proposal in proposals:
        (offered if _is_worth_offering(proposal) else rejected).append(proposal)
    best, beaten = _best_indexes([each for each in offered if each.kind is ProposalKind.INDEX])
    others = [each for each in offered if each.kind is not ProposalKind.INDEX]
    # Sorting is stable: of two that do as much, the one that was proposed first stays first.
    ordered = sorted([*others, *best], key=_place)
    return tuple(ordered), (*rejected, *beaten)


def factor(proof: Proof) -> float | None:
    """Return the work after as a part of that before: by the clock where it was measured, else by estimate."""
    if proof.measurement is not None:
        return proof.measurement.time_factor
    cost = proof.cost
    if cost is None or not cost.before or cost.after is None:
        return None
    return cost.after / cost.before


def _is_worth_offering(proposal: Proposal) -> bool:
    proof = proposal.proof
    if proof.refuted or proof.effect in (Effect.NONE, Effect.SLOWER):
        return False
    untried = proof.rung is Rung.NOT_SUPPORTED
    return not (untried and proposal.kind is ProposalKind.REWRITE and not proof.conditions)


def _place(proposal: Proposal) -> tuple[int, int, bool, float]:
    proof = proposal.proof
    left = 1.0 if (known := factor(proof)) is None else known
    costs_nothing = proposal.kind is ProposalKind.REWRITE and left <= _DONE
    counted = proof.measurement.count_factor if proof.measurement is not None else None
    # Where little is left the clock's noise would decide, and the order change from one review to the next.
    measure = counted if left <= _DONE and counted is not None else left
    return _RUNG_ORDER.get(proof.rung, 0), _EFFECT_ORDER[proof.effect], not costs_nothing, measure


def _best_indexes(indexes: list[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """Return one index for each table, and the others with a note on what beats them."""
    by_table: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in indexes:
        by_table[proposal.index.table.lower() if proposal.index else proposal.name].append(proposal)
    best, beaten = [], []
    for rivals in by_table.values():
        winner = _winner(rivals)
        best.append(winner)
        beaten += [_beaten(each, winner) for each in rivals if each is not winner]
    return best, beaten


def _winner(rivals: list[Proposal]) -> Proposal:
    leading = min(_EFFECT_ORDER[each.proof.effect] for each in rivals)
    rivals = [each for each in rivals if _EFFECT_ORDER[each.proof.effect] == leading]
    timed = [(known, each) for each in rivals if (known := factor(each.proof)) is not None]
    if timed:
        least, best = min(timed, key=lambda pair: pair[0])
        rivals = [each for known, each in timed if known <= least * _AS_GOOD or _counts_no_more(each, best)]
    return min(rivals, key=_burden)


def _counts_no_more(proposal: Proposal, best: Proposal) -> bool:
    """Return whether the counted work is no more than that of the fastest: the clock alone is noise then."""
    measured, fastest = proposal.proof.measurement, best.proof.measurement
    if measured is None or fastest is None or measured.after.count is None or fastest.after.count is None:
        return False
    return measured.after.count <= fastest.after.count


def _burden(proposal: Proposal) -> tuple[int, int]:
    """Return what an index weighs: its size where it is known for all, and its number of columns."""
    index = proposal.index
    columns = len(index.columns) + len(index.include) if index is not None else 0
    return size_bytes(proposal.proof) or 0, columns


def size_bytes(proof: Proof) -> int | None:
    """Return the size of the proposed index, measured where it was built, else estimated."""
    if proof.measurement is not None and proof.measurement.index_bytes is not None:
        return proof.measurement.index_bytes
    return proof.cost.size_bytes if proof.cost is not None else None


def _beaten(proposal: Proposal, winner: Proposal) -> Proposal:
    name = winner.index.name if winner.index is not None else winner.name
    note = f"{name} serves this statement better for its size"
    return replace(proposal, proof=replace(proposal.proof, notes=(*proposal.proof.notes, note)))
