"""The closed loop for code, shown on fixes made for it: what is refuted, merged, put off and tried together."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import ClassVar

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.endpoint import Source
from backend_mentor.domain.finding import Finding
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proofs.code import COMBINED, propose_code
from backend_mentor.proofs.judging import Judged, judge
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes

CELL = """
    %%backend
    import requests

    def fetch(first, second):
        one = requests.get(first)
        two = requests.get(second)
        try:
            return one.json(), two.json()
        except:
            return None
"""


class _Fix:
    """A fix that writes a text before or over a part of the finding's line; for tests alone."""

    examples: ClassVar[tuple[Fixes | Declines, ...]] = ()

    def __init__(self, name: str, rule: str, old: str, new: str, *, keeps: bool = True) -> None:
        self.name, self.answers = name, (rule,)
        self.old, self.new, self.keeps = old, new, keeps

    def change(self, source: Source, finding: Finding) -> Change | None:
        span = finding.place.span
        if span is None:
            return None
        start = source.text.find(self.old, source.line_offsets[span.line - 1], source.line_offsets[span.line])
        if start == -1:
            return None
        edit = Edit(start, start + len(self.old), self.new)
        return Change("Do it", "It is better.", (edit,), Tradeoffs("nothing"), keeps_contract=self.keeps)


NARROW = _Fix("narrow", "bare-except", "except:", "except ValueError:")


def judged(text: str = CELL) -> Judged:
    return judge(Cell(textwrap.dedent(text).lstrip("\n"), CellKind.ENDPOINT))


def test_the_cell_of_these_tests_has_three_findings_to_put_right() -> None:
    found = [finding.rule for finding in judged().findings]
    assert found == ["request-without-timeout", "request-without-timeout", "bare-except"]


def test_a_fix_that_does_not_silence_its_rule_is_refuted_with_the_line_that_is_still_found() -> None:
    (proposal,) = propose_code(judged(), [_Fix("idle", "request-without-timeout", "first)", "first )")])
    assert proposal.proof.refuted
    assert "request-without-timeout on line 5 is still found" in proposal.proof.verdict


def test_a_fix_that_breaks_the_syntax_is_refuted() -> None:
    (proposal,) = propose_code(judged(), [_Fix("broken", "request-without-timeout", "first)", "first, timeout=")])
    assert proposal.proof.verdict == "it is no Python any more"


def test_a_fix_that_brings_a_new_finding_is_refuted_by_its_name() -> None:
    worse = _Fix("worse", "request-without-timeout", "first)", "first, timeout=9, verify=False)")
    (proposal,) = propose_code(judged(), [worse])
    assert proposal.proof.refuted
    assert "is new" in proposal.proof.verdict


def test_changes_of_one_fix_are_one_proposal_and_the_magic_stays() -> None:
    fix = _Fix("timeouts", "request-without-timeout", ")\n", ", timeout=10)\n")
    (proposal,) = propose_code(judged(), [fix])
    assert proposal.proof.verdict == "its 2 findings are gone, nothing new is found"
    assert proposal.after.startswith("%%backend\nimport requests\n")
    assert proposal.after.count("timeout=10") == 2


def test_what_keeps_the_contract_is_offered_at_once_first_and_what_does_not_stays_alone() -> None:
    fixes = [
        _Fix("first", "request-without-timeout", "first)", "first, timeout=10)"),
        NARROW,
        _Fix("alone", "request-without-timeout", "second)", "second, timeout=3)", keeps=False),
    ]
    proposals = propose_code(judged(), fixes)
    names = [each.name for each in proposals]
    assert names == [COMBINED, "first", "narrow", "alone"]
    assert "timeout=3" not in proposals[0].after
    assert proposals[0].proof.verdict == "its 2 findings are gone, nothing new is found"


def test_what_was_refuted_alone_is_no_part_of_everything_at_once() -> None:
    fixes = [
        _Fix("first", "request-without-timeout", "first)", "first, timeout=10)"),
        NARROW,
        _Fix("worse", "request-without-timeout", "second)", "second, timeout=9, verify=False)"),
    ]
    proposals = propose_code(judged(), fixes)
    assert [each.name for each in proposals] == [COMBINED, "first", "narrow", "worse"]
    assert [each.proof.refuted for each in proposals] == [False, False, False, True]
    assert "verify=False" not in proposals[0].after


def test_in_a_long_cell_what_was_tried_only_together_says_so() -> None:
    long = textwrap.dedent(CELL).lstrip("\n") + "\n" * 2_000
    fixes = [
        NARROW,
        _Fix("first", "request-without-timeout", "first)", "first, timeout=10)"),
        _Fix("second", "request-without-timeout", "second)", "second, timeout=10)"),
    ]
    together, *alone = propose_code(judge(Cell(long, CellKind.ENDPOINT)), fixes)
    assert together.proof.verdict == "its 3 findings are gone, nothing new is found"
    assert len(alone) == 3
    for each in alone:
        assert each.proof.verdict == "its finding is gone, nothing new is found, tried together with the others"


class _Counting(_Fix):
    """Numbers its changes at one place, where two insertions can not both be made at once."""

    def change(self, source: Source, finding: Finding) -> Change | None:
        change = super().change(source, finding)
        place = source.text.index("def fetch")
        line = finding.place.span.line if finding.place.span else 0
        note = Edit(place, place, f"# line {line} had no timeout\n")
        return None if change is None else replace(change, edits=(*change.edits, note))


def test_changes_that_overlap_are_made_one_after_the_other() -> None:
    (proposal,) = propose_code(judged(), [_Counting("counting", "request-without-timeout", ")\n", ", timeout=10)\n")])
    assert proposal.proof.verdict == "its 2 findings are gone, nothing new is found"
    assert "# line 5 had no timeout\n# line 7 had no timeout\ndef fetch" in proposal.after


def test_changes_of_the_contract_are_tried_together_in_a_long_cell_and_never_offered_at_once() -> None:
    long = textwrap.dedent(CELL).lstrip("\n") + "\n" * 2_000
    fixes = [
        _Fix("first", "request-without-timeout", "first)", "first, timeout=10)", keeps=False),
        _Fix("second", "request-without-timeout", "second)", "second, timeout=10)", keeps=False),
    ]
    proposals = propose_code(judge(Cell(long, CellKind.ENDPOINT)), fixes)
    assert [each.name for each in proposals] == ["first", "second"]
    for each in proposals:
        assert each.proof.verdict.endswith("tried together with the others")
        assert each.proof.code is not None
        assert not each.proof.code.keeps_contract
