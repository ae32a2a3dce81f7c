"""Every rule for endpoint code on its examples, read by the real reader."""

from __future__ import annotations

import pkgutil
import textwrap

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.endpoint import Source
from backend_mentor.domain.finding import Severity
from backend_mentor.linters import lint
from backend_mentor.reading import endpoints
from backend_mentor.rules import endpoint
from backend_mentor.rules.endpoint import ENDPOINT_RULES, find_in_code
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.rule import CodeRule

CASES = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in ENDPOINT_RULES
    for number, example in enumerate(rule.examples)
]


def read_source(text: str) -> Source:
    return endpoints.read_source(Cell(text, CellKind.ENDPOINT))


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_a_rule_notices_what_its_examples_flag_and_leaves_the_others_alone(
    rule: CodeRule, example: FlagsCode | PassesCode
) -> None:
    source = read_source(textwrap.dedent(example.code))
    assert not source.unread, "the example is not Python"
    found = list(rule.check(source))
    if isinstance(example, PassesCode):
        assert [finding.what for finding in found] == [], example.because
        return
    assert len(found) == example.times, [finding.what for finding in found]
    assert example.says in found[0].what
    assert all(text.endswith((".", "`.")) for text in (found[0].what, found[0].why, found[0].instead))
    assert found[0].place.span is not None


def test_no_rule_module_is_forgotten() -> None:
    folders = [
        f"{endpoint.__name__}.{name}"
        for _, name, is_package in pkgutil.iter_modules(endpoint.__path__)
        if is_package and name != "questions"
    ]
    found = {
        name
        for folder in folders
        for _, name, _ in pkgutil.iter_modules([f"{endpoint.__path__[0]}/{folder.rpartition('.')[2]}"], f"{folder}.")
    }
    assert {type(rule).__module__ for rule in ENDPOINT_RULES} == found


@pytest.mark.parametrize("rule", ENDPOINT_RULES, ids=lambda rule: rule.name)
def test_a_rule_is_named_after_its_module_and_explains_itself(rule: CodeRule) -> None:
    module = type(rule).__module__
    assert rule.name == module.rsplit(".", 1)[1].replace("_", "-")
    assert rule.responsibility == module.rsplit(".", 2)[1]
    assert "\n\n" in (type(rule).__doc__ or "").strip(), "first line what is wrong, then why"
    assert {type(example) for example in rule.examples} == {FlagsCode, PassesCode}


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in ENDPOINT_RULES}) == len(ENDPOINT_RULES)


LEAK = "def f(cursor, name: str):\n    cursor.execute(f\"DELETE FROM t WHERE n = '{name}'\")\n"


def test_a_comment_on_the_line_switches_a_rule_off_there_alone() -> None:
    once = LEAK.replace("'\")", "'\")  # backend-mentor: ignore sql-injection")
    assert [finding.rule for finding in find_in_code(read_source(once))] == []
    assert [finding.rule for finding in find_in_code(read_source(once + LEAK))] == ["sql-injection"]


def test_a_comment_of_its_own_switches_a_rule_off_in_the_cell() -> None:
    text = f"# backend-mentor: ignore sql-injection, secret-in-code\n{LEAK}"
    assert find_in_code(read_source(text)) == ()


def test_what_a_linter_says_of_the_same_thing_is_not_told_twice() -> None:
    text = "import hashlib\ndef store(password: str) -> str:\n    return hashlib.md5(password.encode()).hexdigest()\n"
    linted = lint(text)
    assert [finding.rule for finding in linted] == ["weak-hash"]
    assert [finding.rule for finding in find_in_code(read_source(text), linted)] == ["fast-password-hash"]


def test_the_gravest_finding_comes_first() -> None:
    text = f"def g(items, to=[]):\n    to += items\n    return to\n{LEAK}"
    ranks = [finding.severity for finding in find_in_code(read_source(text), lint(text))]
    assert ranks == [Severity.CRITICAL, Severity.WARNING]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                \"\"\"Take a picture.\"\"\"
                with open(f"/data/{file.filename}", "wb") as out:
                    out.write(await file.read(65536))
            """,
            "upload-under-its-own-name",
        ),
        (
            """
            import pickle
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/state")
            async def restore(request: Request):
                \"\"\"Restore a state.\"\"\"
                return pickle.loads(await request.body())
            """,
            "code-from-caller",
        ),
        (
            """
            import subprocess
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/ping")
            def ping(host: str):
                \"\"\"Ping a host.\"\"\"
                return subprocess.run(f"ping -c 1 {host}", shell=True)
            """,
            "command-from-caller",
        ),
    ],
)
def test_of_two_findings_on_the_same_line_the_one_that_says_more_is_told(text: str, told: str) -> None:
    source = read_source(textwrap.dedent(text))
    found = [finding.rule for finding in find_in_code(source, lint(source.text))]
    assert told in found
    weak = {"path-from-caller", "unsafe-deserialisation", "command-through-shell"}
    assert not weak & set(found)


@pytest.mark.parametrize("end", ["raise Closed", "return None", "abort(400)"])
def test_what_no_run_comes_to_is_left_alone(end: str) -> None:
    code = f"def page(name):\n    {end}\n    if name:\n        print(hashlib.md5(password).hexdigest())\n"
    assert [each.rule for each in find_in_code(read_source(f"import hashlib\n{code}"))] == []
    reached = code.replace(f"    {end}\n", f"    if not name:\n        {end}\n")
    assert [each.rule for each in find_in_code(read_source(f"import hashlib\n{reached}"))] == ["fast-password-hash"]


def test_a_test_may_count_its_rows_by_fetching_them() -> None:
    counts = "len(Service.objects.all())"
    code = f"class ServiceTests(TestCase):\n    def test_all(self):\n        self.assertEqual({counts}, 1)\n"
    assert [each.rule for each in find_in_code(read_source(code))] == []
    served = f"def service_count(request):\n    return {counts}\n"
    assert "count-by-fetching" in [each.rule for each in find_in_code(read_source(served))]
