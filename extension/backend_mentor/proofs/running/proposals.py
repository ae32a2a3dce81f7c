"""Proposed changes of code, proved further: each version is run beside the cell as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.running.versions import compare_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.proofs.running.run import Target


def run_proposals(
    proposals: Iterable[Proposal], target: Target, progress: Callable[[str], None] = lambda _: None
) -> tuple[Proposal, ...]:
    """Return the proposals, those that are still standing with what running them showed.

    One that can not be run says why in its notes. Raises StoppedError on a stop."""
    proved = []
    for proposal in proposals:
        progress(f"running {proposal.name}")
        proved.append(_with_runs(proposal, target))
    return tuple(proved)


def _with_runs(proposal: Proposal, target: Target) -> Proposal:
    proof = proposal.proof
    if proof.code is None or proof.refuted:
        return proposal
    try:
        runs = compare_versions(target, proposal.after)
    except NotSupportedError as error:
        what = error.what[0].lower() + error.what[1:].rstrip(".")
        return replace(proposal, proof=replace(proof, notes=(*proof.notes, f"it was not run: {what}")))
    return replace(proposal, proof=replace(proof, code=replace(proof.code, runs=runs)))
