"""The rule only-the-good-case."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ENOUGH, _BAD = 2, 400


class OnlyTheGoodCase:
    """The tests of an endpoint assert only that it works.

    What it answers to a stranger, to a wrong value and to a missing row is what breaks unnoticed.
    """

    name: ClassVar[str] = "only-the-good-case"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.TESTING
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi.testclient import TestClient
            client = TestClient(app)
            def test_list():
                assert client.get("/orders", headers=AUTH).status_code == 200
            def test_add():
                assert client.post("/orders", json={}, headers=AUTH).status_code == 201
            """,
            says="The 2 statuses that these tests assert are all good ones",
        ),
        PassesCode(
            """
            from fastapi.testclient import TestClient
            client = TestClient(app)
            def test_list():
                assert client.get("/orders", headers=AUTH).status_code == 200
            def test_stranger():
                assert client.get("/orders").status_code == 401
            """,
            because="the stranger is tried",
        ),
        PassesCode(
            """
            from fastapi.testclient import TestClient
            client = TestClient(app)
            def test_list():
                assert client.get("/orders").status_code == 200
            """,
            because="one test is a beginning",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first of two or more asserted statuses of a test client where none of them is 4xx."""
        asserted: list[tuple[ast.Compare, int]] = []
        for function in functions(source.tree):
            if not function.name.startswith("test_"):
                continue
            for node in own_nodes(function):
                if isinstance(node, ast.Compare) and last_name(node.left) == "status_code":
                    value = constant(node.comparators[0])
                    if not isinstance(value, int):
                        # A name such as HTTP_403_FORBIDDEN, or a variable of its own, can be any status.
                        return
                    asserted.append((node, value))
        if len(asserted) >= _ENOUGH and all(status < _BAD for _, status in asserted):
            yield report(
                self,
                source,
                asserted[0][0],
                what=f"The {len(asserted)} statuses that these tests assert are all good ones.",
                why="A guard that falls away changes no good answer: nothing turns red when strangers are let in.",
                instead="Add the cases 401 without a token, 403 or 404 with another user's, and 422 with a "
                "wrong value.",
            )
