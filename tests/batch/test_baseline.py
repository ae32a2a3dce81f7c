"""A plan that becomes worse is noticed; one that becomes better, or only other, is not."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from backend_mentor.batch.baseline import against_baseline, compare, write_baseline
from backend_mentor.batch.run import Task, review_pieces
from backend_mentor.domain.batch import Outcome, Piece, PlanShape
from backend_mentor.domain.errors import MentorError

PIECE = Piece("a.sql", 1, "SELECT id FROM parts WHERE made_on = '2026-03-02'")
SHAPE = PlanShape("SELECT 1", "postgres", ("search parts",), scanned=("suppliers",), sorts=1, cost=100.0)


def outcome_on(path: Path) -> Outcome:
    return review_pieces((PIECE,), Task(str(path)))[0]


def test_an_index_that_is_gone_is_a_finding_and_the_new_plan_can_be_accepted(shop: Path, tmp_path: Path) -> None:
    folder, copy = tmp_path / "plans", tmp_path / "copy.db"
    assert write_baseline(folder, (outcome_on(shop),)) == 1
    same = outcome_on(shop)
    assert against_baseline(folder, same) == same
    shutil.copy(shop, copy)
    connection = sqlite3.connect(copy)
    connection.execute("DROP INDEX parts_made_on")
    connection.close()
    worse = against_baseline(folder, outcome_on(copy))
    (found,) = [finding for finding in worse.findings if finding.rule == "plan-regressed"]
    assert "parts is read whole" in found.what
    write_baseline(folder, (outcome_on(copy),))
    accepted = against_baseline(folder, outcome_on(copy))
    assert "plan-regressed" not in {finding.rule for finding in accepted.findings}


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (replace(SHAPE, scanned=("parts", "suppliers")), ["parts is read whole"]),
        (replace(SHAPE, sorts=2), ["it sorts 2 times where it sorted 1"]),
        (replace(SHAPE, cost=201.0), ["its estimated cost is 201 where it was 100"]),
        (replace(SHAPE, cost=199.0), []),
        (replace(SHAPE, scanned=(), sorts=0, cost=1.0), []),
        (replace(SHAPE, steps=("bitmap scan parts",)), []),
        (replace(SHAPE, cost=None), []),
    ],
)
def test_only_what_is_worse_is_said(now: PlanShape, says: list[str]) -> None:
    assert list(compare(SHAPE, now)) == says


def test_a_statement_without_a_kept_plan_is_no_regression(shop: Path, tmp_path: Path) -> None:
    assert against_baseline(tmp_path, outcome_on(shop)).findings == outcome_on(shop).findings


def test_a_kept_plan_that_is_none_is_named_with_the_remedy(shop: Path, tmp_path: Path) -> None:
    write_baseline(tmp_path, (outcome_on(shop),))
    (file,) = tmp_path.iterdir()
    file.write_text("{")
    with pytest.raises(MentorError, match="is no plan of a baseline") as caught:
        against_baseline(tmp_path, outcome_on(shop))
    assert "--update-baseline" in str(caught.value)
