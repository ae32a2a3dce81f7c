"""Every rewrite's examples, compared as trees and run on real databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.databases.registry import connect
from backend_mentor.domain.schema import Schema
from backend_mentor.proposals import propose
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Idea, Refuses
from backend_mentor.proposals.rewrites import REWRITES
from backend_mentor.proposals.rewriting import Rewrite
from backend_mentor.proposals.sample import POSTGRES
from backend_mentor.reading.sql import parse
from backend_mentor.rules import RULES
from tests.proposals.trial_databases import find_difference, subject_for
from tests.servers import make_database


def _cases(kind: type[Becomes] | type[Refuses], engine: str | None = None) -> list[object]:
    return [
        pytest.param(rewrite, example, id=f"{rewrite.name}-{number}")
        for rewrite in REWRITES
        for number, example in enumerate(rewrite.examples)
        if isinstance(example, kind) and engine in (None, example.engine)
    ]


def _version(rewrite: Idea, engine: str) -> tuple[int, ...] | None:
    """Return an engine version that the rewrite is for, where it is not for the newest."""
    if engine == "postgres" and rewrite.gate.before is not None and rewrite.gate.before <= (18, 6):
        return (rewrite.gate.before[0] - 1, 4)
    return None


@pytest.mark.parametrize(("rewrite", "example"), _cases(Becomes))
def test_an_example_becomes_what_it_says_and_states_what_it_rests_on(rewrite: Idea, example: Becomes) -> None:
    version = _version(rewrite, example.engine)
    subject = subject_for(example.before, example.schema, example.engine, example.facts, version)
    assert rewrite.gate.admits(subject.engine)
    (proposal,) = rewrite.propose(subject)
    assert parse(proposal.after, example.engine) == parse(example.after, example.engine), proposal.after
    assert proposal.conditions
    assert proposal.before == example.before
    assert set(example.facts) <= set(rewrite.wants(subject))


@pytest.mark.parametrize(("rewrite", "example"), _cases(Refuses))
def test_an_example_is_refused(rewrite: Idea, example: Refuses) -> None:
    subject = subject_for(example.sql, example.schema, example.engine, example.facts, _version(rewrite, example.engine))
    proposals = list(rewrite.propose(subject))
    assert proposals == [], f"{example.because}: {proposals}"


@pytest.mark.parametrize(("rewrite", "example"), _cases(Becomes, "sqlite"))
def test_both_sides_answer_alike_on_sqlite(rewrite: Idea, example: Becomes) -> None:
    assert find_difference(example.before, example.after, example.schema, "sqlite", facts=example.facts) is None


@pytest.mark.parametrize(("rewrite", "example"), _cases(Becomes, "postgres"))
def test_both_sides_answer_alike_on_postgres(rewrite: Idea, example: Becomes, postgres18: str) -> None:
    assert find_difference(example.before, example.after, example.schema, "postgres", postgres18) is None


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.name)
def test_a_rewrite_has_cases_that_it_takes_and_cases_that_it_refuses(rewrite: Idea) -> None:
    assert any(isinstance(example, Becomes) for example in rewrite.examples)
    assert any(isinstance(example, Refuses) for example in rewrite.examples) or "Always valid" in (
        rewrite.__doc__ or ""
    )


def test_every_rewrite_is_found_through_propose() -> None:
    for rewrite in REWRITES:
        example = next(each for each in rewrite.examples if isinstance(each, Becomes))
        version = _version(rewrite, example.engine)
        subject = subject_for(example.before, example.schema, example.engine, example.facts, version)
        assert rewrite.name in {proposal.name for proposal in propose(subject, ())}


def test_a_rewrite_answers_rules_that_exist() -> None:
    names = {rule.name for rule in RULES}
    assert [(rewrite.name, name) for rewrite in REWRITES for name in rewrite.answers if name not in names] == []


@pytest.mark.parametrize(("rewrite", "example"), _cases(Becomes))
def test_a_rule_that_is_answered_is_silent_afterwards(rewrite: Idea, example: Becomes) -> None:
    version = _version(rewrite, example.engine)
    after = subject_for(example.after, example.schema, example.engine, example.facts, version)
    answered = [rule for rule in RULES if rule.name in rewrite.answers and rule.gate.admits(after.engine)]
    assert [finding for rule in answered for finding in rule.check(after)] == []


@pytest.fixture(scope="module")
def postgres_schema(postgres18: str) -> Schema:
    database = connect(make_database(postgres18, POSTGRES))
    schema = database.schema()
    database.close()
    return schema


@pytest.mark.parametrize(("rewrite", "example"), _cases(Becomes, "postgres"))
def test_the_catalogue_of_postgres_establishes_the_conditions(
    rewrite: Idea, example: Becomes, postgres_schema: Schema
) -> None:
    subject = subject_for(example.before, example.schema, "postgres", example.facts, _version(rewrite, "postgres"))
    (proposal,) = rewrite.propose(replace(subject, schema=replace(postgres_schema, engine=subject.engine)))
    assert parse(proposal.after, "postgres") == parse(example.after, "postgres")


@pytest.mark.parametrize(("rewrite", "example"), _cases(Refuses))
def test_a_rewrite_that_finds_nothing_leaves_the_tree_to_the_next_as_it_was(rewrite: Idea, example: Refuses) -> None:
    subject = subject_for(example.sql, example.schema, example.engine, example.facts, _version(rewrite, example.engine))
    assert isinstance(rewrite, Rewrite)
    draft = Draft.of(subject)
    nodes = [id(node) for node in draft.tree.walk()]
    if rewrite.take_step(draft) is None:
        assert draft.tree == subject.statement.tree
        assert [id(node) for node in draft.tree.walk()] == nodes
