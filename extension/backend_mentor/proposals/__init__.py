"""What we suggest. One idea is one module with its examples; the tuples here are all ideas there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.proposals.idea import Idea
from backend_mentor.proposals.indexes import INDEXES, keep_best
from backend_mentor.proposals.rewrites import REWRITES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.subject import Fact, Subject

IDEAS: tuple[Idea, ...] = (*REWRITES, *INDEXES)


def facts_wanted(subject: Subject) -> tuple[Fact, ...]:
    """Return what the database has to be asked before the ideas can be judged, each question once."""
    return tuple(dict.fromkeys(fact for idea in _admitted(subject) for fact in idea.wants(subject)))


def propose(subject: Subject, findings: Sequence[Finding]) -> tuple[Proposal, ...]:
    """Return what is worth a trial, those first that answer a finding; no two of the same effect, few indexes."""
    found = {finding.rule for finding in findings}
    proposals: dict[object, Proposal] = {}
    for idea in _admitted(subject):
        for proposal in idea.propose(subject):
            key = proposal.index if proposal.index is not None else " ".join(proposal.after.split())
            proposals.setdefault(key, proposal)
    return keep_best(sorted(proposals.values(), key=lambda each: not found.intersection(each.answers)))


def _admitted(subject: Subject) -> tuple[Idea, ...]:
    return tuple(idea for idea in IDEAS if idea.gate.admits(subject.engine))
