"""The rule app-object-with-workers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import (
    argument,
    calls,
    constant,
    constant_text,
    dotted,
    full_name,
    is_true,
    keyword,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class AppObjectWithWorkers:
    """Several workers or reloading are asked of an application that is passed as an object.

    Each worker has to import it, and can not: uvicorn prints a warning and exits.
    """

    name: ClassVar[str] = "app-object-with-workers"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("import uvicorn\nuvicorn.run(app, reload=True)\n", says="`uvicorn.run` can not reload an object"),
        FlagsCode(
            "import uvicorn\nuvicorn.run(app, workers=4)\n", says="`uvicorn.run` can not start 4 workers of an object"
        ),
        PassesCode('import uvicorn\nuvicorn.run("main:app", workers=4)\n', because="it is named by its module"),
        PassesCode("import uvicorn\nuvicorn.run(app, workers=1)\n", because="one worker needs no import"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `uvicorn.run` with a variable for the application and `reload` or more than one worker."""
        for call in calls(source.tree):
            if full_name(source.tree, call.func) != "uvicorn.run":
                continue
            given = argument(call, 0, "app")
            if not isinstance(given, ast.Name) or _is_text(source, given.id):
                continue
            workers = constant(keyword(call, "workers"))
            problem = (
                "reload an object"
                if is_true(keyword(call, "reload"))
                else f"start {workers} workers of an object"
                if isinstance(workers, int) and workers > 1
                else None
            )
            if problem is not None:
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` can not {problem}: {given.id}.",
                    why="A new process has to import the application by its name; uvicorn says so and exits.",
                    instead=f'Pass the name of the module and the variable: `uvicorn.run("main:{given.id}", …)`.',
                )


def _is_text(source: Source, name: str) -> bool:
    values = [node.value for node in walk(source.tree) if isinstance(node, ast.Assign) and name in targets(node)]
    return any(isinstance(value, ast.JoinedStr) or constant_text(value) is not None for value in values)
