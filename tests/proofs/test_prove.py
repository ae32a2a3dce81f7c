from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.domain.errors import StoppedError
from backend_mentor.domain.proof import Condition, Effect, Proof, Rung
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.schema import Index, IndexColumn
from backend_mentor.domain.subject import Subject
from backend_mentor.proofs.choose import rank
from backend_mentor.proofs.index_trial import BUDGET_SECONDS, Workshop
from backend_mentor.proofs.prove import judge_same, prove, prove_all
from backend_mentor.proofs.timing import pairs_for
from backend_mentor.reading.sql import read_statement
from tests.proofs.pairs import DIFFERENT, SAME, SHOP

FILLED = (
    SHOP
    + """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO orders
SELECT i, i % 500 + 1, iif(i % 50 = 0, 'open', 'done'), i % 997, date('2026-01-01', (i % 300) || ' days') FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
INSERT INTO customers SELECT i, 'name ' || i, 'mail' || i, 'north', NULL FROM n;
CREATE INDEX orders_total ON orders (total);
ANALYZE;
"""
)
RULE = (Condition("orders.total is a whole number", "declared INTEGER"),)
SHIFTED, PLAIN = "SELECT id FROM orders WHERE total + 5 = 20", "SELECT id FROM orders WHERE total = 15"


@pytest.fixture
def filled(make_sqlite: Callable[[str], Database]) -> Database:
    return make_sqlite(FILLED)


def rewrite(before: str, after: str) -> Proposal:
    return Proposal(ProposalKind.REWRITE, "idea", "An idea", before, after, "", Tradeoffs("none"), conditions=RULE)


def index(*columns: str) -> Proposal:
    proposed = Index("orders_new", "orders", tuple(map(IndexColumn, columns)))
    after = proposed.create_sql()
    return Proposal(ProposalKind.INDEX, "index", "An index", "", after, "", Tradeoffs("disk"), index=proposed)


def try_out(proposal: Proposal, text: str, database: Database, *, analyze: bool) -> Proof:
    subject = Subject(read_statement(text, database.engine.name), database.schema())
    return prove(proposal, subject, database, analyze=analyze).proof


def test_a_sound_rewrite_is_equivalent_by_rule_and_measured_faster(filled: Database) -> None:
    proof = try_out(rewrite(SHIFTED, PLAIN), SHIFTED, filled, analyze=True)
    assert proof.rung is Rung.BY_RULE
    assert proof.own_data is not None
    assert proof.own_data.same
    assert proof.own_data.rows == 21
    assert proof.measurement is not None
    assert len(proof.measurement.before.milliseconds) == 7
    assert proof.measurement.count_factor is not None
    assert proof.measurement.count_factor < 0.1
    assert proof.obstacle is None
    assert proof.notes == ()


def test_without_analyze_nothing_runs_on_the_users_rows(filled: Database) -> None:
    proof = try_out(rewrite(SHIFTED, PLAIN), SHIFTED, filled, analyze=False)
    assert proof.rung is Rung.BY_RULE
    assert (proof.own_data, proof.measurement) == (None, None)
    assert proof.effect is Effect.UNKNOWN


def test_a_rewrite_on_wrong_conditions_is_refuted_rejected_and_not_run(filled: Database) -> None:
    wrong = "SELECT id FROM orders WHERE total = 16"
    proposal = replace(rewrite(SHIFTED, wrong), proof=Proof())
    subject = Subject(read_statement(SHIFTED, "sqlite"), filled.schema())
    proved = prove(proposal, subject, filled, analyze=True)
    assert proved.proof.rung is Rung.REFUTED
    assert proved.proof.conditions == RULE
    assert proved.proof.measurement is None
    assert rank([proved]) == ((), (proved,))


def test_an_index_is_judged_by_the_planner_then_built_on_a_copy_and_measured(filled: Database) -> None:
    text = "SELECT count(*) FROM orders WHERE status = 'open'"
    proof = try_out(index("status"), text, filled, analyze=True)
    assert proof.rung is Rung.NOT_APPLICABLE
    assert proof.cost is not None
    assert proof.cost.uses_index is True
    assert proof.measurement is not None
    assert proof.measurement.index_bytes
    assert proof.measurement.count_factor is not None
    assert proof.measurement.count_factor < 0.2
    assert not any(each.name == "orders_new" for table in filled.schema().tables for each in table.indexes)


def test_an_index_that_does_not_serve_the_statement_has_no_effect(filled: Database) -> None:
    proof = try_out(index("placed_at"), "SELECT count(*) FROM orders WHERE status = 'open'", filled, analyze=True)
    assert proof.effect is Effect.NONE
    assert proof.measurement is None


def test_a_proposed_statement_that_can_not_be_read_is_not_offered_whatever_it_rests_on(filled: Database) -> None:
    proposal = rewrite(SHIFTED, "SELECT FROM WHERE")
    proof = try_out(proposal, SHIFTED, filled, analyze=True)
    assert proof.rung is Rung.NOT_SUPPORTED
    assert proof.obstacle
    assert rank([replace(proposal, proof=proof)])[0] == ()


def test_a_proposed_write_is_never_run(filled: Database) -> None:
    proof = try_out(rewrite(SHIFTED, "DELETE FROM orders"), SHIFTED, filled, analyze=True)
    assert proof.obstacle
    assert filled.fetch(read_statement("SELECT count(*) FROM orders", "sqlite")).rows == ((20_000,),)


def test_a_setting_is_said_not_to_be_tried(filled: Database) -> None:
    proposal = replace(index("status"), kind=ProposalKind.SETTING, index=None)
    proof = try_out(proposal, PLAIN, filled, analyze=True)
    assert proof.obstacle == "a change of setting is not tried here"


def test_a_limit_that_cuts_ties_is_not_compared_on_the_users_rows(filled: Database) -> None:
    before = "SELECT id FROM orders ORDER BY status LIMIT 10"
    after = "SELECT id FROM orders ORDER BY status, id DESC LIMIT 10"
    proof = try_out(rewrite(before, after), before, filled, analyze=True)
    assert proof.own_data is None
    assert "your own rows were not compared: the LIMIT cuts through rows that tie" in proof.notes
    assert proof.rung is Rung.BY_RULE


def test_a_stop_ends_the_proof(filled: Database) -> None:
    filled.stop.request()
    with pytest.raises(StoppedError):
        try_out(rewrite(SHIFTED, PLAIN), SHIFTED, filled, analyze=True)


def test_two_statements_that_no_rule_ties_are_at_most_tested(shop: Database) -> None:
    before, after = (read_statement(text, "sqlite") for text in (SAME[0].before, SAME[0].after))
    assert judge_same(before, after, shop).rung is Rung.TESTED
    before, after = (read_statement(text, "sqlite") for text in (DIFFERENT[0].before, DIFFERENT[0].after))
    assert judge_same(before, after, shop).rung is Rung.REFUTED


def test_long_runs_are_measured_fewer_times() -> None:
    assert [pairs_for(milliseconds) for milliseconds in (1, 250, 600, 1_000)] == [7, 5, 2, 0]


def test_the_indexes_of_one_review_share_a_scratch_copy_and_the_runs_before(filled: Database) -> None:
    copies: list[Database] = []

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(filled, name)

        def scratch(self) -> object:
            copies.append(filled)
            return filled.scratch()

    first, second = index("customer_id"), index("customer_id", "id")
    text = "SELECT id FROM orders WHERE customer_id = 7"
    subject = Subject(read_statement(text, "sqlite"), filled.schema())
    proved = prove_all((first, second), subject, cast(Database, Counting()), analyze=True)
    one, other = (each.proof.measurement for each in proved)
    assert one is not None
    assert other is not None
    assert one.before == other.before
    assert one.index_bytes != other.index_bytes
    assert len(copies) == 1


def test_what_the_budget_of_a_review_leaves_no_time_for_is_said(filled: Database) -> None:
    moments = iter([0.0, 0.0, BUDGET_SECONDS])
    subject = Subject(read_statement(SHIFTED, "sqlite"), filled.schema())
    workshop = Workshop(subject.statement, filled, clock=lambda: next(moments, BUDGET_SECONDS))
    proposal = rewrite(SHIFTED, PLAIN)
    proof = prove(proposal, subject, filled, analyze=True, workshop=workshop).proof
    assert proof.own_data is not None
    assert proof.measurement is None
    assert proof.notes == ("not measured: the 15 s that one review measures were used up",)
    proof = prove(proposal, subject, filled, analyze=True, workshop=workshop).proof
    assert proof.own_data is None
    assert "your own rows were not compared" in proof.notes[0]
