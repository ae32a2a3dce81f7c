"""Plans kept in files, and what has become worse since."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.batch import PlanShape
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.finding import Evidence, Finding, Responsibility, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.batch import Outcome

# A cost grows with the data too; below this factor no other plan is needed to explain it.
_NOTABLE_COST = 2.0


def write_baseline(folder: Path, outcomes: tuple[Outcome, ...]) -> int:
    """Write each plan's shape to a file of its own, named after its statement; return how many there are."""
    from msgspec.json import encode, format

    folder.mkdir(parents=True, exist_ok=True)
    shapes = {_file_of(shape): shape for outcome in outcomes for shape in outcome.plans}
    for name, shape in shapes.items():
        (folder / name).write_bytes(format(encode(shape), indent=2) + b"\n")
    return len(shapes)


def against_baseline(folder: Path, outcome: Outcome) -> Outcome:
    """Return the outcome with a finding for each plan that is worse than the one kept for its statement."""
    found = [finding for shape in outcome.plans for finding in _regressions(folder, shape, outcome)]
    return outcome.with_findings(*found)


def _regressions(folder: Path, now: PlanShape, outcome: Outcome) -> Iterator[Finding]:
    from msgspec import DecodeError
    from msgspec.json import decode

    file = folder / _file_of(now)
    if not file.exists():
        return
    try:
        before = decode(file.read_bytes(), type=PlanShape)
    except DecodeError as error:
        raise MentorError(
            f"{file} is no plan of a baseline.", "Make the baseline anew with --update-baseline."
        ) from error
    worse = tuple(compare(before, now))
    if worse:
        span = next((each.place for each in outcome.findings if each.place.span), None)
        yield Finding(
            "plan-regressed",
            Severity.CRITICAL,
            Responsibility.PERFORMANCE,
            f"The plan is worse than the one kept in {file.name}: {'; '.join(worse)}.",
            "A plan that changes without a change of the query follows from an index, a statistic or a version.",
            "Bring back what the plan rested on, or accept the new one with --update-baseline.",
            (
                Evidence(f"before: {' / '.join(step.strip() for step in before.steps)}", "plan"),
                Evidence(f"now: {' / '.join(step.strip() for step in now.steps)}", "plan"),
            ),
            *((span,) if span else ()),
        )


def compare(before: PlanShape, now: PlanShape) -> Iterator[str]:
    """Yield what is worse now, in the tables' own names; nothing where the plan only differs."""
    more = Counter(now.scanned) - Counter(before.scanned)
    yield from (f"{table} is read whole" for table in more)
    if now.sorts > before.sorts:
        yield f"it sorts {now.sorts} time{'s' if now.sorts > 1 else ''} where it sorted {before.sorts or 'none'}"
    if before.cost and now.cost and now.cost > before.cost * _NOTABLE_COST:
        yield f"its estimated cost is {now.cost:,.0f} where it was {before.cost:,.0f}"


def _file_of(shape: PlanShape) -> str:
    words = "-".join(re.findall(r"[a-z0-9_]+", shape.statement.lower())[:6])[:48]
    digest = hashlib.sha256(shape.statement.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{words}-{digest}.{shape.engine}.json"
