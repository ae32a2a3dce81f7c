"""Proposed changes of code, proved further: each version is run beside the cell as it is."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.running.versions import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.proofs.running.run import Target
    from backend_mentor.proofs.running.versions import Versions

SECONDS = 30.0
"""For all proposals of a cell together; those that are left then say that they were not run."""


def run_proposals(
    proposals: Iterable[Proposal],
    target: Target,
    progress: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Proposal, ...]:
    """Return the proposals, those that are still standing with what running them showed.

    One that can not be run says why in its notes. Raises StoppedError on a stop."""
    deadline = clock() + SECONDS
    waiting = tuple(proposals)
    if not any(_stands(each) for each in waiting):
        return waiting
    proved = []
    try:
        with beside(target) as versions:
            for proposal in waiting:
                progress(f"running {proposal.name}")
                if clock() > deadline:
                    proved.append(_not_run(proposal, f"the {SECONDS:.0f} seconds for such runs were over"))
                else:
                    proved.append(_with_runs(proposal, versions))
    except NotSupportedError as error:
        return tuple(_not_run(proposal, error.what) for proposal in waiting)
    return tuple(proved)


def _stands(proposal: Proposal) -> bool:
    return proposal.proof.code is not None and not proposal.proof.refuted


def _with_runs(proposal: Proposal, versions: Versions) -> Proposal:
    if not _stands(proposal) or proposal.proof.code is None:
        return proposal
    try:
        runs = versions.compare(proposal.after)
    except NotSupportedError as error:
        return _not_run(proposal, error.what)
    return replace(proposal, proof=replace(proposal.proof, code=replace(proposal.proof.code, runs=runs)))


def _not_run(proposal: Proposal, what: str) -> Proposal:
    if not _stands(proposal):
        return proposal
    note = f"it was not run: {what[0].lower()}{what[1:].rstrip('.')}"
    return replace(proposal, proof=replace(proposal.proof, notes=(*proposal.proof.notes, note)))
