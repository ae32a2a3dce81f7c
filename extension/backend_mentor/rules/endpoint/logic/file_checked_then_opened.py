"""The rule file-checked-then-opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.flow import exclusive_opens
from backend_mentor.rules.endpoint.code import enclosing_function
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class FileCheckedThenOpened:
    """A file is looked for, and written where it was not found.

    Between the two another request can have written it: the one overwrites the other.
    """

    name: ClassVar[str] = "file-checked-then-opened"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import os\ndef keep(path, data):\n    if not os.path.exists(path):\n"
            "        with open(path, 'wb') as file:\n            file.write(data)\n",
            says="keep looks for path before it writes it",
        ),
        PassesCode(
            "def keep(path, data):\n    with open(path, 'xb') as file:\n        file.write(data)\n",
            because="mode x fails where there is one",
        ),
        PassesCode(
            "import os\ndef read(path):\n    if os.path.exists(path):\n        return open(path).read()\n",
            because="reading overwrites nothing",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `open` for writing under a test that there is no such file."""
        for opened in exclusive_opens(source):
            function = enclosing_function(source.tree, opened.call)
            yield report(
                self,
                source,
                opened.call,
                what=f"{function.name if function else 'The cell'} looks for {opened.path} before it writes it.",
                why="Two requests at the same time both find none, and the second overwrites what the first has "
                "written.",
                instead=f"Open it with mode {opened.mode.replace('w', 'x')!r}, which raises FileExistsError.",
            )
