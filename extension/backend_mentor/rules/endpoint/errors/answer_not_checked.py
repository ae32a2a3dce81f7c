"""The rule answer-not-checked."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, enclosing, full_name, functions, own_calls, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_RECEIVER_AND_METHOD = 2
_CHECKS = re.compile(r"raise_for_status|status_code|\.ok\b|is_success|is_error|\.status\b")


class AnswerNotChecked:
    """Another server's answer is read without asking whether it went well.

    An error's page is parsed as data then.
    """

    name: ClassVar[str] = "answer-not-checked"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import requests
            def price_of(product):
                answer = requests.get(f"{SHOP}/prices/{product}", timeout=3)
                return answer.json()["price"]
            """,
            says="answer is read whatever its status is",
        ),
        PassesCode(
            """
            import requests
            def price_of(product):
                answer = requests.get(f"{SHOP}/prices/{product}", timeout=3)
                answer.raise_for_status()
                return answer.json()["price"]
            """,
            because="an error is raised",
        ),
        PassesCode(
            """
            import requests
            def price_of(product):
                answer = requests.get(f"{SHOP}/prices/{product}", timeout=3)
                return answer.json()["price"] if answer.ok else None
            """,
            because="it asks",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `.json()` of an answer of requests or httpx in a function that never asks for its status."""
        for function in functions(source.tree):
            answers = {
                name
                for node in own_nodes(function)
                if isinstance(node, ast.Assign) and _asks(source, node.value)
                for name in targets(node)
            }
            if not answers or _CHECKS.search(source.code_of(function)):
                continue
            for call in own_calls(function):
                names = chain(call)
                if len(names) == _RECEIVER_AND_METHOD and names[0] in answers and names[1] == "json":
                    if any(isinstance(each, ast.Try) for each in enclosing(source.tree, call)):
                        continue
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{names[0]} is read whatever its status is.",
                        why="A page of an error is parsed as data: it fails later with KeyError, or "
                        "stores what it found.",
                        instead=f"Write `{names[0]}.raise_for_status()` first.",
                    )
                    break


def _asks(source: Source, node: ast.expr) -> bool:
    inner = node.value if isinstance(node, ast.Await) else node
    if not isinstance(inner, ast.Call):
        return False
    module, _, method = full_name(source.tree, inner.func).rpartition(".")
    return module in {"requests", "httpx"} and method in {"get", "post", "put", "patch", "delete", "request"}
