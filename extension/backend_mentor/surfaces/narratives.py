"""Claude's words on a reviewed folder: shown what goes out, sent once in a batch on a yes, taken up again later."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError, StoppedError
from backend_mentor.mentor.batches import BatchDesk, Told, was_surely_not_sent
from backend_mentor.mentor.failures import SpeakingError, Trouble
from backend_mentor.mentor.prices import DATE, Usage

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from backend_mentor.databases.base import Database
    from backend_mentor.domain.batch import Piece, Summary
    from backend_mentor.mentor.case import Case
    from backend_mentor.mentor.narratives import Estimate
    from backend_mentor.mentor.speech import Body
    from backend_mentor.session import Session


@dataclass
class Kept:
    """What lies beside the journal: the batch under way, and every answer that was paid for."""

    path: Path
    batch: str | None = None
    is_sending: bool = False
    """True from before a batch is handed in until its id is known."""
    told: dict[str, Told] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Kept:
        """Return what the file holds, nothing where there is none; raises MentorError where it is none of ours."""
        if not path.exists():
            return cls(path)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            told = {
                name: Told(each["text"], each["reason"], Usage(**each["usage"])) for name, each in found["told"].items()
            }
            return cls(path, found["batch"], found["is_sending"], told)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise MentorError(f"{path} holds no narratives.", "Name another file with --resume.") from error

    def write(self) -> None:
        """Put it into the file, whole or not at all, readable by this user alone."""
        told = {name: asdict(each) for name, each in self.told.items()}
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"batch": self.batch, "is_sending": self.is_sending, "told": told}, file)
            new.replace(self.path)
        except OSError as error:
            what = f"{self.path} can not be written: {error.strerror}."
            raise MentorError(what, "Name a file that you may write with --resume.") from error


def narrate(
    summary: Summary, options: argparse.Namespace, session: Session, desk: BatchDesk | None = None
) -> tuple[Summary, MentorError | None]:
    """Return the summary with Claude's words on each piece that has findings, and why some are missing.

    Whatever fails, the summary comes back with all that the machine itself found.
    """
    from backend_mentor.mentor.narratives import batch_cost, compose_narrative, judge

    try:
        persona, kept = session.mentor.persona(), Kept.read(Path(f"{options.resume}.narratives"))
        session.mentor.choose(options.model, None)
        model = session.mentor.model_name()
        cases = _cases(summary, session.database(), options, model)
        bodies = {name: compose_narrative(case, persona, model) for name, (_, case) in cases.items()}
    except MentorError as error:
        return summary, error
    before, failure = set(kept.told), None
    told = dict(kept.told)
    try:
        told |= _told(kept, bodies, model, desk, options)
    except MentorError as error:
        failure, told = error, kept.told
    words = {piece: judge(told[name], case, persona, model) for name, (piece, case) in cases.items() if name in told}
    paid = [told[name].usage for name in told if name not in before]
    usage = sum(paid, Usage())
    costs = [batch_cost(model, each) for each in paid]
    money = "no price is known here" if None in costs else f"${sum(each or 0.0 for each in costs):.4f}"
    narration = (
        f"{len(words):,} of {len(cases):,} pieces with findings explained by {model} in a batch; this run: "
        f"{usage.prompt:,} tokens in, {usage.output:,} out, {money} (prices of {DATE})."
    )
    outcomes = tuple(replace(each, narrative=words.get(each.piece)) for each in summary.outcomes)
    return replace(summary, outcomes=outcomes, narration=narration), failure


def _cases(
    summary: Summary, database: Database, options: argparse.Namespace, model: str
) -> dict[str, tuple[Piece, Case]]:
    """Return what would be told of by its request's name, which no figure of this run is part of."""
    from backend_mentor.mentor.case import Case
    from backend_mentor.pipeline import review

    found = {}
    for outcome in summary.outcomes:
        piece = outcome.piece
        if not outcome.findings or outcome.failures:
            continue
        parts = (summary.version, database.identity, model, piece.path, str(piece.cell), str(piece.line), piece.text)
        name = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]
        made = review(piece.text, database, name=piece.name, analyze=bool(options.analyze))
        found[name] = (piece, Case.open(made, database))
    return found


def _told(
    kept: Kept, bodies: Mapping[str, Body], model: str, desk: BatchDesk | None, options: argparse.Namespace
) -> dict[str, Told]:
    """Return what was told of each, taking up the batch under way first and sending what is missing then."""
    from backend_mentor.mentor.credentials import find_address, require_key

    missing = {name: body for name, body in bodies.items() if name not in kept.told}
    if not missing and kept.batch is None:
        return kept.told
    if kept.is_sending:
        raise MentorError(
            "An earlier run was cut off while it sent a batch: whether Anthropic has it is not known here.",
            f"Look at the batches in the Anthropic console; to send anew all the same, remove {kept.path}.",
        )
    desk = desk or BatchDesk(require_key().text, find_address())
    found: dict[str, Told] = {}
    if kept.batch is not None:
        found |= _collect(kept, desk)
    missing = {name: body for name, body in missing.items() if name not in found}
    if missing:
        _agree(missing, model, desk, options)
        _send(kept, missing, desk)
        found |= _collect(kept, desk)
    return found


def _agree(bodies: Mapping[str, Body], model: str, desk: BatchDesk, options: argparse.Namespace) -> None:
    """Show what would go out and at what price; raise MentorError for more than the budget, and without a yes."""
    from backend_mentor.mentor.budget import Budget
    from backend_mentor.mentor.narratives import REQUESTS_AT_MOST, estimate

    most, limit = estimate(bodies, model), Budget().session_usd
    print(_offer(most, model, desk), file=sys.stderr)
    if most.requests > REQUESTS_AT_MOST or (most.usd is not None and most.usd > limit):
        raise MentorError(
            f"That is more than {REQUESTS_AT_MOST:,} requests or ${limit:.2f}. Nothing was sent.",
            "Review a smaller folder, or choose a cheaper model with --model.",
        )
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise MentorError("Nothing was sent: nobody said yes.", "Add --yes to send it.")
    print("Send it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise MentorError("Nothing was sent.", "Answer y, or add --yes, to send it.")


def _offer(most: Estimate, model: str, desk: BatchDesk) -> str:
    money = "no price is known here" if most.usd is None else f"${most.usd:.4f}"
    return (
        f"To {desk.base_url}: one batch of {most.requests:,} requests to {model}, at most about "
        f"{most.input_tokens:,} tokens in and {most.output_tokens:,} out, {money} (half the normal price, prices of "
        f"{DATE}). The pieces, their tables and plans go out redacted; no row does."
    )


def _send(kept: Kept, bodies: Mapping[str, Body], desk: BatchDesk) -> None:
    kept.is_sending = True
    kept.write()
    try:
        kept.batch = desk.send(bodies)
    except SpeakingError as error:
        kept.is_sending = not was_surely_not_sent(error)
        kept.write()
        raise
    kept.is_sending = False
    kept.write()


def _collect(kept: Kept, desk: BatchDesk) -> dict[str, Told]:
    """Wait for the batch under way and keep what was paid for; what was not answered is asked again another time."""
    batch = kept.batch or ""
    try:
        desk.wait(batch, lambda text: print(text, file=sys.stderr))
        found = desk.results(batch)
    except KeyboardInterrupt:
        raise StoppedError(
            f"Stopped. The batch {batch} goes on at Anthropic.",
            "Run the same command again to take its results at no further cost; cancel it in the Anthropic console.",
        ) from None
    except SpeakingError as error:
        what = f"Anthropic knows no batch {batch}." if error.trouble is Trouble.UNKNOWN_MODEL else error.what
        raise MentorError(
            f"{what} The batch {batch} was paid for and is kept in {kept.path}.",
            f"Run the same command again to take its results; to send anew, remove {kept.path}.",
        ) from None
    kept.told |= {name: told for name, told in found.items() if told.usage.total}
    kept.batch = None
    kept.write()
    return found
