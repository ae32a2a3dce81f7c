"""The ten slow queries of the demo, reviewed on both engines as a user would see them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend_mentor.databases.base import Database
from backend_mentor.demo.connect import connect_demo, start_demo_server
from backend_mentor.demo.queries import QUERIES, TEMPTING, DemoQuery, TemptingPair
from backend_mentor.domain.proof import Effect, Rung
from backend_mentor.domain.review import Review
from backend_mentor.pipeline import review
from backend_mentor.proofs.prove import judge_same
from backend_mentor.reading.sql import read_statement

IMPROVED = [query for query in QUERIES if not query.leave_it]
LEFT = [query for query in QUERIES if query.leave_it]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def demo(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlite":
        yield connect_demo()
        return
    database, server = start_demo_server()
    yield database
    database.close()
    server.close()


@pytest.fixture(scope="module")
def reviews(demo: Database) -> dict[str, Review]:
    return {query.name: review(query.sql[demo.engine.name], demo, name=query.name) for query in QUERIES}


def test_there_are_ten_of_which_two_are_to_be_left() -> None:
    assert (len(QUERIES), len(LEFT)) == (10, 2)


@pytest.mark.parametrize("query", IMPROVED, ids=lambda query: query.name)
def test_a_slow_query_gets_a_proposal_that_halves_the_counted_work(
    query: DemoQuery, reviews: dict[str, Review]
) -> None:
    best = reviews[query.name].proposals[0]
    assert best.proof.effect is Effect.FASTER
    assert best.proof.rung in (Rung.BY_RULE, Rung.NOT_APPLICABLE)
    assert best.proof.measurement is not None
    assert (best.proof.measurement.count_factor or 1) <= 0.5


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_each_review_explains_the_query_and_names_the_costly_step(query: DemoQuery, reviews: dict[str, Review]) -> None:
    found = reviews[query.name]
    assert found.explanation is not None
    assert found.plan is not None
    assert found.plan.analyzed
    assert found.plan.costly is not None


@pytest.mark.parametrize("query", LEFT, ids=lambda query: query.name)
def test_where_nothing_helps_the_review_says_leave_it_and_why(query: DemoQuery, reviews: dict[str, Review]) -> None:
    found = reviews[query.name]
    assert not found.proposals
    assert found.conclusion.startswith("Leave it, because")


def test_no_review_of_the_demo_leaves_a_stage_out(reviews: dict[str, Review]) -> None:
    assert {name: found.skipped for name, found in reviews.items() if found.skipped} == {}


@pytest.mark.parametrize("pair", TEMPTING, ids=lambda pair: pair.name)
def test_a_tempting_pair_is_refuted_with_the_rows_that_break_it(pair: TemptingPair, demo: Database) -> None:
    before, after = (read_statement(text, demo.engine.name) for text in (pair.tempting, pair.other))
    proof = judge_same(before, after, demo)
    assert proof.rung is Rung.REFUTED
    assert proof.trials is not None
    assert proof.trials.counterexample is not None
