"""The closed loop for code: a fix is made, the cell is read and judged again, and what came of it is its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.code_check import CodeCheck
from backend_mentor.domain.proof import Condition, Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.proofs.judging import Judged, compare, judge_change, noticed
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.editing import apply_changes, first_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from backend_mentor.domain.finding import Finding
    from backend_mentor.proposals.code.fix import Change, CodeFix

COMBINED = "everything-at-once"
# Each round reads and judges the cell again; what still overlaps after these stays as it is, and is found as before.
_ROUNDS = 4
# Judging 300 lines takes about a tenth of a second: beyond this number of lines the time goes to everything at once.
_LINES_JUDGED = 300


@dataclass(frozen=True, slots=True)
class Aimed:
    """A change, the fix that makes it and the finding that it is to put right."""

    fix: CodeFix
    finding: Finding
    change: Change


@dataclass(frozen=True, slots=True)
class Made:
    """What a series of changes came to."""

    text: str
    aimed: tuple[Aimed, ...]
    """Those that were made."""
    after: Judged | None
    """The last version, judged; None where it is no Python any more."""


def propose_code(before: Judged, fixes: Sequence[CodeFix] = CODE_FIXES) -> tuple[Proposal, ...]:
    """Return one proved proposal for each fix that has something to change, and before them one that does all at once.

    The one for all holds only fixes that keep the contract, and none that was refuted alone.
    """
    wanted = {fix: aimed for fix in fixes if (aimed := _wanted(before, [fix]))}
    keeping = [fix for fix, aimed in wanted.items() if all(each.change.keeps_contract for each in aimed)]
    changing = [fix for fix in wanted if fix not in keeping]
    together = make(before, keeping, _first_of_each(wanted, keeping)) if len(keeping) > 1 else None
    combined = _combined(before, together) if together is not None and _is_of_several(together) else None
    sound = combined is not None and not combined.proof.refuted
    left = _judged_alone(before)
    tried = {*(keeping if sound else ()), *(changing if left < len(wanted) and _is_sound(before, changing) else ())}
    alone: dict[str, Proposal] = {}
    for fix in wanted:
        judges = fix not in tried or left > 0
        left -= judges and fix in tried
        made = make(before, [fix], wanted[fix]) if judges else _made_unjudged(before, fix, wanted[fix])
        if made is not None:
            alone[fix.name] = _proposal(before, made, judged=judges)
    if combined is not None and not sound:
        kept = [fix for fix in keeping if fix.name in alone and not alone[fix.name].proof.refuted]
        together = make(before, kept) if 1 < len(kept) < len(keeping) else None
        combined = _combined(before, together) if together is not None and _is_of_several(together) else None
    return (*((combined,) if combined else ()), *sorted(alone.values(), key=_importance(before)))


def _importance(before: Judged) -> Callable[[Proposal], tuple[bool, int, int]]:
    """Return how proposals are ordered: those that keep the contract first, then by what they put right."""
    gravest = {finding.rule: finding.severity.rank for finding in reversed(before.findings)}

    def key(proposal: Proposal) -> tuple[bool, int, int]:
        check = proposal.proof.code
        changes = check is not None and not check.keeps_contract
        silenced = len(check.silenced) if check is not None else 0
        return changes, -max(gravest.get(rule, 0) for rule in proposal.answers), -silenced

    return key


def _judged_alone(before: Judged) -> int:
    lines = before.source.text.count("\n") + 1
    return _LINES_JUDGED // lines


def _is_sound(before: Judged, fixes: Sequence[CodeFix]) -> bool:
    """Return whether all findings of several fixes are gone and nothing is new where they are made together."""
    made = make(before, fixes) if len(fixes) > 1 else None
    return made is not None and _is_of_several(made) and not _combined(before, made).proof.refuted


def _is_of_several(made: Made) -> bool:
    # Where two fixes answer the same finding, the first is made and the second has nothing left to do.
    return len({each.fix.name for each in made.aimed}) > 1


def _first_of_each(wanted: Mapping[CodeFix, list[Aimed]], fixes: Iterable[CodeFix]) -> list[Aimed]:
    # Of two fixes for one finding the first is made: together they would mend the same thing twice.
    return list({id(each.finding): each for fix in reversed(list(fixes)) for each in wanted[fix]}.values())[::-1]


def _made_unjudged(before: Judged, fix: CodeFix, wanted: list[Aimed]) -> Made | None:
    """Return what a fix makes where everything at once was judged with it; judged alone where its changes overlap."""
    chosen, text = _applied(before, wanted)
    return Made(text, tuple(chosen), None) if len(chosen) == len(wanted) else make(before, [fix])


def make(before: Judged, fixes: Sequence[CodeFix], known: Sequence[Aimed] | None = None) -> Made | None:
    """Return the cell with all that these fixes change, read and judged again; None where they change nothing.

    `known` is what they want to change, where that was asked before. What overlaps is made one after the other, on
    the text that came of the one before.
    """
    now, made = before, list[Aimed]()
    for _ in range(_ROUNDS):
        wanted = _wanted(now, fixes) if known is None or made else list(known)
        chosen, text = _applied(now, wanted)
        if not chosen:
            break
        made += chosen
        after = judge_change(now, text)
        if after is None:
            return Made(text, tuple(made), None)
        now = after
        if len(chosen) == len(wanted):
            break
    return Made(now.cell.text, tuple(made), now) if made else None


def _wanted(now: Judged, fixes: Iterable[CodeFix]) -> list[Aimed]:
    wanted: dict[int, Aimed] = {}
    for fix in fixes:
        for number, finding in enumerate(now.findings):
            # Of two fixes for one finding the first is made: together they would mend the same thing twice.
            if finding.rule not in fix.answers or number in wanted:
                continue
            if (change := fix.change(now.source, finding)) is not None:
                wanted[number] = Aimed(fix, finding, change)
    return list(wanted.values())


def _applied(now: Judged, wanted: list[Aimed]) -> tuple[list[Aimed], str]:
    """Return the changes that can be made at once, and the text with them."""
    apart = first_apart(each.change for each in wanted)
    chosen = [each for each in wanted if any(each.change is change for change in apart)]
    text = apply_changes(now.cell.text, now.source, [each.change for each in chosen])
    if text is not None:
        return chosen, text
    # One of them needs a name that the cell uses for something else, or reaches into a magic.
    possible = [each for each in chosen if apply_changes(now.cell.text, now.source, [each.change]) is not None]
    text = apply_changes(now.cell.text, now.source, [each.change for each in possible])
    return (possible, text) if text is not None else ([], now.cell.text)


def _proposal(before: Judged, made: Made, *, judged: bool) -> Proposal:
    fix = made.aimed[0].fix
    keeps_contract = all(each.change.keeps_contract for each in made.aimed)
    titles = tuple(dict.fromkeys(each.change.title for each in made.aimed))
    conditions = tuple(dict.fromkeys(each for one in made.aimed for each in one.change.conditions))
    title = titles[0] if len(titles) == 1 else f"{titles[0]}, and {_counted(len(titles) - 1)} like it"
    return Proposal(
        ProposalKind.CODE,
        fix.name,
        title,
        before.cell.text,
        made.text,
        " ".join(dict.fromkeys(each.change.reason for each in made.aimed)),
        _united(made.aimed),
        _answers(made.aimed),
        conditions,
        proof=_proof(before, made, conditions, keeps_contract=keeps_contract)
        if judged or made.after is not None
        else Proof(conditions=conditions, code=_check_together(made)),
    )


def _combined(before: Judged, made: Made) -> Proposal:
    fixes = tuple(dict.fromkeys(each.fix.name for each in made.aimed))
    conditions = tuple(dict.fromkeys(each for one in made.aimed for each in one.change.conditions))
    return Proposal(
        ProposalKind.CODE,
        COMBINED,
        f"Everything below at once that leaves the answers as they are: {_counted(len(made.aimed))}",
        before.cell.text,
        made.text,
        f"It is {', '.join(fixes[:-1])} and {fixes[-1]}, each of which is shown below with its conditions.",
        Tradeoffs("what each of them costs, as said below"),
        _answers(made.aimed),
        conditions,
        holds=fixes,
        proof=_proof(before, made, (), keeps_contract=True),
    )


def _proof(before: Judged, made: Made, conditions: tuple[Condition, ...], *, keeps_contract: bool) -> Proof:
    targets = [each.finding for each in made.aimed]
    check = compare(before, made.after, targets, keeps_contract=keeps_contract)
    return Proof(conditions=conditions, code=check)


def _check_together(made: Made) -> CodeCheck:
    """Return what follows for one fix from everything at once, in which all its findings were gone."""
    keeps_contract = all(each.change.keeps_contract for each in made.aimed)
    targets = noticed([each.finding for each in made.aimed])
    return CodeCheck(True, targets, keeps_contract=keeps_contract, together=True)


def _answers(aimed: Iterable[Aimed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.finding.rule for each in aimed))


def _united(aimed: Sequence[Aimed]) -> Tradeoffs:
    prices = list(dict.fromkeys(each.change.tradeoffs.price for each in aimed))
    against = list(dict.fromkeys(each.change.tradeoffs.not_if for each in aimed if each.change.tradeoffs.not_if))
    return Tradeoffs("; ".join(prices), "; ".join(against) or None)


def _counted(number: int) -> str:
    return f"{number} change{'' if number == 1 else 's'}"
