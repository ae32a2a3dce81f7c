"""The rule success-as-exception."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, constant, last_name, walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class SuccessAsException:
    """An HTTPException carries a status of success.

    The answer leaves by the way of errors: no response model checks it, and handlers of errors run for it.
    """

    name: ClassVar[str] = "success-as-exception"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def f():\n    raise HTTPException(status_code=200, detail='done')\n", says="is raised with status 200"
        ),
        PassesCode("def f():\n    raise HTTPException(status_code=404)\n", because="404 is an error"),
        PassesCode(
            "def f():\n    raise HTTPException(status_code=303, headers={'Location': '/'})\n",
            because="a redirect out of a dependency has no other way",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each raise with a literal status of 2xx."""
        for node in walk(source.tree):
            if (
                not isinstance(node, ast.Raise)
                or not isinstance(node.exc, ast.Call)
                or last_name(node.exc) != "HTTPException"
            ):
                continue
            status = constant(argument(node.exc, 0, "status_code"))
            if isinstance(status, int) and 200 <= status < 300:
                yield report(
                    self,
                    source,
                    node,
                    what=f"HTTPException is raised with status {status}.",
                    why="It leaves by the way of errors: no response model checks it, and a `yield` "
                    "dependency rolls back.",
                    instead="Return the answer, with `status_code` in the decorator.",
                )
