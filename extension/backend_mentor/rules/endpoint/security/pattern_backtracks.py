"""The rule pattern-backtracks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, calls, constant_text, full_name, keyword
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

# A group that is nothing but one repeated set or class, with an optional white space, repeated itself.
_NESTED = re.compile(r"\((?:\?:)?(?:\[[^\]]+\]|\\[wdsS]|\.|[a-zA-Z0-9])[+*](?:\\s[*?])?\)[+*]")


class PatternBacktracks:
    """A regular expression takes exponential time on some texts.

    A repetition inside a repetition is tried in every division of the text.
    """

    name: ClassVar[str] = "pattern-backtracks"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('NAME = re.compile(r"^([a-z]+)+$")\n', says="`([a-z]+)+` is tried in every division"),
        FlagsCode('NAME = re.compile(r"^(\\w+\\s*)*$")\n', says="is tried in every division"),
        PassesCode('NAME = re.compile(r"^[a-z]+(-[a-z]+)*$")\n', because="the hyphen says where each part begins"),
        PassesCode('NAME = re.compile(r"^(a|b)+$")\n', because="each letter fits one way alone"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each pattern given to `re` or a field in which a repeated group is nothing but a repetition."""
        for call in calls(source.tree):
            module, _, name = full_name(source.tree, call.func).rpartition(".")
            given = argument(call, 0, "pattern") if module == "re" and name != "escape" else keyword(call, "pattern")
            text = constant_text(given)
            hit = _NESTED.search(text) if text is not None else None
            if hit is None or given is None or text is None:
                continue
            # Without something after it that can fail, the first division is the last.
            if not text[hit.end() :].strip(")"):
                continue
            yield report(
                self,
                source,
                given,
                what=f"`{hit[0]}` is tried in every division of the text before it fails.",
                why="Each further letter doubles the time: forty of them keep a process busy for hours "
                "(OWASP API4:2023, CWE-1333).",
                instead="Repeat once: `[a-z]+` means the same; or set a limit to the length of the text first.",
            )
