"""Every rule's examples, on schemas made by the real engines and plans read by our own readers."""

from __future__ import annotations

import pkgutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from backend_mentor import rules
from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.domain.schema import Engine, Schema
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.plans import postgres, sqlite
from backend_mentor.reading.sql import read_statement
from backend_mentor.rules import RULES
from backend_mentor.rules.rule import Flags, Passes, Rule

POSTGRES_18 = Engine("postgres", (18, 6))
Case = tuple[Rule, Flags | Passes]


def _cases(*, on_postgres: bool) -> list[object]:
    return list(_examples(on_postgres))


def _examples(on_postgres: bool) -> Iterator[object]:
    for rule in RULES:
        for number, example in enumerate(rule.examples):
            # A Postgres example without tables needs no server: its plan says all.
            if (example.engine == "postgres" and bool(example.schema)) == on_postgres:
                yield pytest.param((rule, example), id=f"{rule.name}-{number}")


def _judge(rule: Rule, example: Flags | Passes, schema: Schema) -> None:
    reader = sqlite if example.engine == "sqlite" else postgres
    plan = reader.read_plan_text(example.plan, schema.engine) if example.plan else None
    subject = Subject(read_statement(example.sql, example.engine), schema, plan)
    assert rule.gate.admits(schema.engine), "the example is for an engine that the rule's gate refuses"
    said = [finding.what for finding in rule.check(subject)]
    if isinstance(example, Passes):
        assert said == [], example.because
    else:
        assert any(example.says in what for what in said), said


@pytest.mark.parametrize("case", _cases(on_postgres=False))
def test_a_rule_notices_what_its_examples_flag_and_leaves_the_others_alone(case: Case) -> None:
    rule, example = case
    if example.engine == "postgres":
        _judge(rule, example, Schema(POSTGRES_18))
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(example.schema)
        _judge(rule, example, read_schema(connection))


@pytest.mark.parametrize("case", _cases(on_postgres=True))
def test_a_rule_judges_by_the_catalogue_of_a_real_postgres(
    case: Case, postgres18: str, new_database: Callable[..., str]
) -> None:
    from backend_mentor.databases.registry import connect

    rule, example = case
    database = connect(new_database(postgres18, example.schema))
    try:
        _judge(rule, example, database.schema())
    finally:
        database.close()


def test_no_rule_module_is_forgotten() -> None:
    found = {
        name
        for folder in (rules.plan, rules.sql, rules.schema)
        for _, name, _ in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}.")
    }
    assert {type(rule).__module__ for rule in RULES} == found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_named_after_its_module_and_explains_itself(rule: Rule) -> None:
    module = type(rule).__module__.rsplit(".", 1)[1]
    assert rule.name == module.replace("_", "-")
    assert "\n\n" in (type(rule).__doc__ or "").strip(), "first line what is wrong, then why"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_case_to_flag_and_one_to_leave_alone(rule: Rule) -> None:
    assert {type(example) for example in rule.examples} == {Flags, Passes}


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
