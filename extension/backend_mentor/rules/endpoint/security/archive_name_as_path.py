"""The rule archive-name-as-path."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    argument,
    calls,
    constant_text,
    dotted,
    enclosing_function,
    full_name,
    last_name,
    loops_around,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ArchiveNameAsPath:
    """A file of an archive is written where its name in the archive says.

    The name can be `../../app.py`.
    """

    name: ClassVar[str] = "archive-name-as-path"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def unpack(archive, folder):
                for member in archive.infolist():
                    with open(os.path.join(folder, member.filename), "wb") as out:
                        out.write(archive.read(member))
            """,
            says="member.filename says where the file goes",
        ),
        PassesCode(
            """
            def unpack(archive, folder):
                archive.extractall(folder)
            """,
            because="`zipfile` takes the folders out of the name itself",
        ),
        PassesCode(
            """
            def unpack(archive, folder):
                for member in archive.infolist():
                    with open(os.path.join(folder, os.path.basename(member.filename)), "wb") as out:
                        out.write(archive.read(member))
            """,
            because="only the last part of the name is left",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each opening for writing, in a loop over an archive's members, under a member's own name."""
        for call in calls(source.tree):
            mode = constant_text(argument(call, 1, "mode")) or ""
            if full_name(source.tree, call.func) != "open" or not call.args or "w" not in mode:
                continue
            function = enclosing_function(source.tree, call)
            code = source.code_of(function) if function is not None else source.text
            if any(
                word in code for word in ("basename", "is_relative_to", "realpath", "resolve(", "commonpath", "abspath")
            ):
                continue
            for variables, iterable in loops_around(source.tree, call):
                if last_name(iterable) not in {"infolist", "namelist", "getmembers", "getnames"}:
                    continue
                used = _used(call.args[0], variables)
                if used is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{used} says where the file goes.",
                        why="An archive may hold `../../app.py`, which overwrites your code (CWE-22, zip slip).",
                        instead="Use `extractall(folder)`, for tar with `filter=data`; or check that the resolved path "
                        "is_relative_to the folder.",
                    )


def _used(node: ast.expr, variables: frozenset[str]) -> str | None:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr in {"filename", "name"} and dotted(each.value) in variables:
            return dotted(each)
        if isinstance(each, ast.Name) and each.id in variables:
            return each.id
    return None
