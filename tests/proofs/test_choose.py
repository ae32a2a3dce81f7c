from dataclasses import replace

import pytest

from backend_mentor.domain.proof import (
    Condition,
    Cost,
    Counterexample,
    Measurement,
    OwnData,
    Proof,
    Rows,
    Runs,
    Trials,
)
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.schema import Index, IndexColumn
from backend_mentor.proofs.choose import rank

EMPTY = Rows("", (), ())
HELD = Trials(300, 200, 1, 90.0)
REFUTED = replace(HELD, counterexample=Counterexample((), EMPTY, EMPTY, 3, ""))
RULE = (Condition("customers.id can not be NULL", "declared NOT NULL"),)


def measured(before: float, after: float, size_bytes: int | None = None) -> Measurement:
    runs = [Runs((time, time), round(time * 1000)) for time in (before, after)]
    return Measurement(*runs, "steps", "your database", size_bytes)


def rewrite(name: str, **proof: object) -> Proposal:
    made = Proof(conditions=RULE, **{"trials": HELD, **proof})
    return Proposal(ProposalKind.REWRITE, name, name, "", "", "", Tradeoffs(""), conditions=RULE, proof=made)


def index(name: str, *columns: str, table: str = "orders", **proof: object) -> Proposal:
    proposed = Index(name, table, tuple(map(IndexColumn, columns)))
    made = Proof(changes_rows=False, **proof)
    return Proposal(ProposalKind.INDEX, name, name, "", "", "", Tradeoffs(""), index=proposed, proof=made)


def names(proposals: tuple[Proposal, ...]) -> list[str]:
    return [proposal.name for proposal in proposals]


@pytest.mark.parametrize(
    "proof",
    [
        {"trials": REFUTED, "measurement": measured(100, 1)},
        {"own_data": OwnData(10, 1, 0), "measurement": measured(100, 1)},
        {"measurement": measured(10, 10)},
        {"measurement": measured(10, 30)},
        {"cost": Cost(100.0, 99.0, "EXPLAIN")},
        {"cost": Cost(100.0, 300.0, "EXPLAIN")},
    ],
    ids=["refuted", "refuted-on-own-data", "no-gain", "slower", "no-gain-by-estimate", "slower-by-estimate"],
)
def test_what_is_wrong_or_gains_nothing_is_rejected_with_its_proof(proof: dict[str, object]) -> None:
    proposal = rewrite("tried", **proof)
    assert rank([proposal]) == ((), (proposal,))


def test_the_strongest_measured_effect_comes_first_and_the_unknown_last() -> None:
    proposals = [
        rewrite("untimed"),
        rewrite("cheaper", cost=Cost(100.0, 1.0, "EXPLAIN")),
        rewrite("faster", measurement=measured(10, 5)),
        rewrite("fastest", measurement=measured(10, 1)),
    ]
    assert names(rank(proposals)[0]) == ["fastest", "faster", "cheaper", "untimed"]


def test_a_rewrite_by_rule_that_could_not_be_tried_is_kept_behind_all_others() -> None:
    proposals = [rewrite("untried", trials=None, measurement=measured(10, 1)), rewrite("tried")]
    assert names(rank(proposals)[0]) == ["tried", "untried"]


def test_a_rewrite_that_neither_rule_nor_trial_backs_is_rejected() -> None:
    proposal = rewrite("guess", trials=None, measurement=measured(10, 1))
    proposal = replace(proposal, proof=replace(proposal.proof, conditions=()))
    assert rank([proposal]) == ((), (proposal,))


def test_of_indexes_that_do_as_much_the_smaller_wins_and_the_other_says_why_it_lost() -> None:
    wide = index("wide", "status", "placed_at", "total", measurement=measured(100, 10, 9_000_000))
    slim = index("slim", "status", measurement=measured(100, 12, 2_000_000))
    offered, rejected = rank([wide, slim])
    assert names(offered) == ["slim"]
    assert names(rejected) == ["wide"]
    assert rejected[0].proof.notes == ("slim serves this statement better for its size",)


def test_a_larger_index_wins_where_it_does_much_more() -> None:
    covering = index("covering", "status", "total", measurement=measured(100, 10, 9_000_000))
    plain = index("plain", "status", measurement=measured(100, 30, 2_000_000))
    assert names(rank([plain, covering])[0]) == ["covering"]


def test_indexes_of_different_tables_do_not_compete() -> None:
    one = index("one", "status", measurement=measured(100, 10, 1))
    other = index("other", "region", table="customers", measurement=measured(100, 50, 1))
    assert names(rank([other, one])[0]) == ["one", "other"]


def test_an_index_that_the_planner_would_not_use_is_rejected() -> None:
    unused = index("unused", "status", cost=Cost(None, None, "clone with statistics", uses_index=False))
    assert rank([unused]) == ((), (unused,))


def test_a_rewrite_that_leaves_a_tenth_goes_before_an_index_that_leaves_less() -> None:
    free, costly = rewrite("free", measurement=measured(100, 5)), index("costly", "a", measurement=measured(100, 1))
    assert names(rank([costly, free])[0]) == ["free", "costly"]


def test_an_index_goes_before_a_rewrite_that_leaves_much() -> None:
    half, tenth = rewrite("half", measurement=measured(100, 50)), index("tenth", "a", measurement=measured(100, 10))
    assert names(rank([half, tenth])[0]) == ["tenth", "half"]


def test_where_little_is_left_the_counted_work_decides_and_not_the_clock() -> None:
    def left(count: int, milliseconds: float) -> Measurement:
        return Measurement(Runs((100.0,), 1000), Runs((milliseconds,), count), "steps", "your database")

    fewer, luckier = rewrite("fewer", measurement=left(3, 0.9)), rewrite("luckier", measurement=left(4, 0.8))
    assert names(rank([luckier, fewer])[0]) == ["fewer", "luckier"]


def test_of_indexes_that_count_the_same_the_smaller_wins_whatever_the_clock_says() -> None:
    large = index("large", "a", "b", measurement=replace(measured(100, 2, 4_000_000), after=Runs((2.0, 2.0), 8_100)))
    small = index("small", "a", measurement=replace(measured(100, 4, 20_000), after=Runs((4.0, 4.0), 8_100)))
    offered, rejected = rank([large, small])
    assert (names(offered), names(rejected)) == (["small"], ["large"])
