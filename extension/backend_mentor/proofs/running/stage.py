"""What running adds to a review: the trace, and findings with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.review import Skipped
from backend_mentor.proofs.running.findings import judge
from backend_mentor.proofs.running.run import Target, announcement, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_mentor.databases.base import Stop
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.trace import SentRequest, Trace


@dataclass(frozen=True, slots=True)
class Executed:
    """A cell that the notebook has executed, and what the user asked to be sent to its app."""

    namespace: Mapping[str, object]
    given: tuple[SentRequest, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    failure: str | None = None
    """What the cell raised, where it did: nothing is sent then."""
    announce: Callable[[str], None] = lambda _: None
    """What to tell the user before anything is sent."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What came of the stage."""

    findings: tuple[Finding, ...]
    trace: Trace | None = None
    skipped: tuple[Skipped, ...] = ()
    target: Target | None = None
    """What proposed versions of the cell are run against; None where nothing could be run."""
    withdrawn: frozenset[str] = frozenset()
    """Rules that found something by reading, all of which the run took back."""

    def wants(self, proposal: Proposal) -> bool:
        """Return whether a proposal puts anything right that the run has left standing."""
        return not proposal.answers or not self.withdrawn.issuperset(proposal.answers)


def _remedy(failure: str) -> str:
    if failure.startswith("SynchronousOnlyOperation"):
        # Django looks for a running event loop, and a kernel's own is always running.
        return "Set os.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = 'true' first, as notebooks need for Django's models."
    return "Put that right, and run the cell again."


def run_stage(
    source: Source,
    findings: tuple[Finding, ...],
    executed: Executed,
    stop: Stop,
    progress: Callable[[str], None] = lambda _: None,
) -> Stage:
    """Run the cell's app and judge the findings by it; where it can not be run, say so and keep them as they are."""
    if executed.failure is not None:
        reason = f"the cell itself raised {executed.failure}"
        return Stage(findings, skipped=(Skipped("running", reason, _remedy(executed.failure)),))
    target = Target(source, executed.namespace, stop, executed.given, executed.headers)
    try:
        executed.announce(announcement(target))
        outcome = run(target, progress)
    except NotSupportedError as error:
        return Stage(findings, skipped=(Skipped("running", error.what, error.remedy or None),))
    judged = judge(source, outcome.trace, findings)
    trace = replace(outcome.trace, notes=(*outcome.trace.notes, *judged.withdrawn))
    gone = frozenset(each.rule for each in findings) - frozenset(each.rule for each in judged.findings)
    again = replace(target, silent=outcome.silent) if outcome.grown is not None else None
    return Stage(judged.findings, trace, outcome.skipped, again, gone)
