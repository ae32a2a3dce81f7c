"""Every fix for code on its examples: the real reader, all rules and ruff before and after."""

from __future__ import annotations

import pkgutil
import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.linters.advice import ADVICE
from backend_mentor.proofs.code import make, propose_code
from backend_mentor.proofs.judging import Judged, judge
from backend_mentor.proposals import code
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.fix import CodeFix, Declines, Fixes
from backend_mentor.rules.endpoint import ENDPOINT_RULES

KNOWN_RULES = {rule.name for rule in ENDPOINT_RULES} | {advice.name for advice in ADVICE.values()}
FIXED = [
    pytest.param(fix, example, id=f"{fix.name}-{number}")
    for fix in CODE_FIXES
    for number, example in enumerate(fix.examples)
    if isinstance(example, Fixes)
]
DECLINED = [
    pytest.param(fix, example, id=f"{fix.name}-{number}")
    for fix in CODE_FIXES
    for number, example in enumerate(fix.examples)
    if isinstance(example, Declines)
]


def judged(text: str) -> Judged:
    return judge(Cell(textwrap.dedent(text).lstrip("\n"), CellKind.ENDPOINT))


@pytest.mark.parametrize(("fix", "example"), FIXED)
def test_a_fix_makes_of_its_example_what_it_says_and_its_finding_is_gone(fix: CodeFix, example: Fixes) -> None:
    before = judged(example.before)
    assert not before.source.unread, "the example is not Python"
    assert set(fix.answers) & {finding.rule for finding in before.findings}, "no rule that it answers is noticed"
    made = make(before, [fix])
    assert made is not None, "it changes nothing"
    assert made.text == textwrap.dedent(example.after).lstrip("\n")
    assert made.after is not None, "it is no Python any more"
    (proposal,) = propose_code(before, [fix])
    assert not proposal.proof.refuted, proposal.proof.verdict
    assert {each.rule for each in proposal.proof.code.silenced} <= set(fix.answers) if proposal.proof.code else False
    assert proposal.proof.code is not None
    assert proposal.proof.code.linted


@pytest.mark.parametrize(("fix", "example"), FIXED)
def test_a_fix_has_nothing_left_to_change_in_what_it_made(fix: CodeFix, example: Fixes) -> None:
    assert make(judged(example.after), [fix]) is None


@pytest.mark.parametrize(("fix", "example"), DECLINED)
def test_a_fix_leaves_alone_what_lacks_its_precondition(fix: CodeFix, example: Declines) -> None:
    before = judged(example.code)
    assert not before.source.unread, "the example is not Python"
    noticed = [finding for finding in before.findings if finding.rule in fix.answers]
    assert noticed, "no rule that it answers is noticed, so that there is nothing to decline"
    changed = [change.title for finding in noticed if (change := fix.change(before.source, finding)) is not None]
    assert changed == [], example.because


@pytest.mark.parametrize("fix", CODE_FIXES, ids=lambda fix: fix.name)
def test_a_fix_is_named_after_its_module_and_says_when_it_is_valid(fix: CodeFix) -> None:
    assert fix.name == type(fix).__module__.rsplit(".", 1)[1].replace("_", "-")
    assert "\n\n" in (type(fix).__doc__ or "").strip(), "first line what it does, then when it is valid"
    assert {type(example) for example in fix.examples} == {Fixes, Declines}
    assert fix.answers
    assert set(fix.answers) <= KNOWN_RULES


@pytest.mark.parametrize(("fix", "example"), FIXED)
def test_what_a_fix_says_of_itself_is_whole_sentences(fix: CodeFix, example: Fixes) -> None:
    before = judged(example.before)
    changes = [
        change
        for finding in before.findings
        if finding.rule in fix.answers and (change := fix.change(before.source, finding)) is not None
    ]
    for change in changes:
        assert change.title[:1].isupper(), change.title
        assert not change.title.endswith("."), change.title
        assert change.reason.endswith("."), change.reason
        assert change.tradeoffs.price


def test_no_fix_module_is_forgotten_and_no_name_is_taken_twice() -> None:
    folders = [name for _, name, is_package in pkgutil.iter_modules(code.__path__) if is_package]
    found = {
        f"{code.__name__}.{folder}.{name}"
        for folder in folders
        for _, name, _ in pkgutil.iter_modules([f"{code.__path__[0]}/{folder}"])
        if not name.startswith("_")
    }
    assert {type(fix).__module__ for fix in CODE_FIXES} == found
    assert len({fix.name for fix in CODE_FIXES}) == len(CODE_FIXES)
