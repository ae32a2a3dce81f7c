"""The rule test-without-assertion."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, calls, chain, functions, last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_CHECKS = re.compile(
    r"assert|check|expect|raises|warns|fail|verify|should|ensure|match|validate|snapshot|raise_for", re.IGNORECASE
)


class TestWithoutAssertion:
    """A test asserts nothing.

    It is green whatever the code answers.
    """

    name: ClassVar[str] = "test-without-assertion"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.TESTING
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def test_orders_are_listed(client):
                response = client.get("/orders")
                print(response.json())
            """,
            says="test_orders_are_listed asserts nothing",
        ),
        PassesCode(
            """
            def test_orders_are_listed(client):
                assert client.get("/orders").status_code == 200
            """,
            because="it asserts",
        ),
        PassesCode(
            """
            def test_nothing_is_refused(client):
                with pytest.raises(ValueError):
                    client.get("/orders")
            """,
            because="what has to be raised is an assertion",
        ),
        PassesCode(
            """
            def test_orders_are_listed(client):
                check_orders(client.get("/orders"))
            """,
            because="a function of its own checks",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each test that sends a request and in which nothing asserts, expects or checks."""
        for function in functions(source.tree):
            if not function.name.startswith("test_") or _is_fixture(function):
                continue
            sends = any(_is_request(call) for call in own_calls(function))
            tests = any(isinstance(each, ast.Assert | ast.Raise) for each in ast.walk(function)) or any(
                _CHECKS.search(last_name(call)) for call in calls(function)
            )
            if sends and not tests:
                yield report(
                    self,
                    source,
                    function,
                    what=f"{function.name} asserts nothing.",
                    why="It is green whatever the endpoint answers, 500 included.",
                    instead="Assert the status and what the answer holds.",
                )


def _is_request(call: ast.Call) -> bool:
    names = chain(call)
    return (
        len(names) > 1 and "client" in names[-2] and names[-1] in {"get", "post", "put", "patch", "delete", "request"}
    )


def _is_fixture(function: Function) -> bool:
    return any(last_name(each) == "fixture" for each in function.decorator_list)
