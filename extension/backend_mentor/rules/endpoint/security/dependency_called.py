"""The rule dependency-called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, calls, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DependencyCalled:
    """A dependency is called when the module is loaded instead of for each request.

    `Depends` needs the function. Given its result, it fails or serves each caller with the first answer.
    """

    name: ClassVar[str] = "dependency-called"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def get_user():\n    return current()\n\ndef view(user = Depends(get_user())): ...\n",
            says="`get_user()` is called when the module is loaded",
        ),
        PassesCode(
            "def get_user(): ...\ndef view(user = Depends(get_user)): ...\n", because="the function is handed over"
        ),
        PassesCode(
            "def allow(role):\n    def check(): ...\n    return check\n\ndef view(user = "
            "Depends(allow('admin'))): ...\n",
            because="the call makes the function",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call without arguments inside `Depends` of a function of the cell that returns no function."""
        known = {each.name: each for each in source.tree.body if isinstance(each, Function)}
        for call in calls(source.tree):
            if last_name(call) not in {"Depends", "Security"} or len(call.args) != 1:
                continue
            given = call.args[0]
            if (
                isinstance(given, ast.Call)
                and isinstance(given.func, ast.Name)
                and not given.args
                and not given.keywords
            ):
                called = known.get(given.func.id)
                if called is not None and not any(
                    isinstance(each, Function | ast.Lambda) for part in called.body for each in ast.walk(part)
                ):
                    yield report(
                        self,
                        source,
                        given,
                        what=f"`{excerpt(given)}` is called when the module is loaded.",
                        why="Depends gets its result, not the function: it fails, or each caller gets the same answer.",
                        instead=f"Write `Depends({given.func.id})`.",
                    )
