"""Cells whose lines end as on Windows keep their line breaks."""

from __future__ import annotations

import re
import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.proofs.code import make
from backend_mentor.proofs.judging import judge
from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.fix import CodeFix, Fixes

FIXES_OF_CLAUSES = [
    pytest.param(fix, example, id=f"{fix.name}-{number}")
    for fix in CODE_FIXES
    if fix.name in {"failure-told", "answer-let-through", "page-size-bounded", "docstring-from-code", "route-moved"}
    for number, example in enumerate(fix.examples)
    if isinstance(example, Fixes)
]


@pytest.mark.parametrize(("fix", "example"), FIXES_OF_CLAUSES)
def test_new_lines_end_as_the_cells_own_do(fix: CodeFix, example: Fixes) -> None:
    before, after = (textwrap.dedent(each).lstrip("\n") for each in (example.before, example.after))
    made = make(judge(Cell(before.replace("\n", "\r\n"), CellKind.ENDPOINT)), [fix])
    assert made is not None
    assert re.search(r"(?<!\r)\n", made.text) is None
    assert made.text.replace("\r\n", "\n") == after
