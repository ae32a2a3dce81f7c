"""The lesson of CONTRIBUTING.md, followed as it stands there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from backend_mentor.databases.sqlite.catalog import read_schema
from backend_mentor.rules import RULES
from backend_mentor.rules.rule import Flags, Passes, Rule
from tests.new_rule import _MODULE
from tests.rules.test_rules import _judge

LESSON = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text()


def followed() -> Rule:
    """Return the rule that one has after the third step: the frame, with the lesson's class for its own."""
    (code,) = re.findall(r"```python\n(.*?)```", LESSON, re.DOTALL)
    (title,) = re.findall(r"^class (\w+)", code, re.MULTILINE)
    frame, _, _ = _MODULE.format(dashed="order-by-position", title=title).partition(f"class {title}")
    module = ModuleType("order_by_position")
    exec(compile(frame + code, "CONTRIBUTING.md", "exec"), module.__dict__)
    made: Rule = module.__dict__[title]()
    return made


@pytest.mark.parametrize("number", range(len(followed().examples)))
def test_the_rule_of_the_lesson_does_what_its_examples_say(number: int) -> None:
    rule = followed()
    example: Flags | Passes = rule.examples[number]
    with closing(sqlite3.connect(":memory:")) as connection:
        _judge(rule, example, read_schema(connection))


def test_the_rule_of_the_lesson_is_not_among_the_shipped_ones() -> None:
    assert followed().name not in {rule.name for rule in RULES}


def test_the_modules_that_the_lesson_runs_are_there() -> None:
    modules = set(re.findall(r"^python -m (tests\.\w+)", LESSON, re.MULTILINE))
    assert modules >= {"tests.new_rule", "tests.generated", "tests.check"}
    assert all((Path(__file__).parent / f"{name.removeprefix('tests.')}.py").exists() for name in modules)
