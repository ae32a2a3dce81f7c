"""Begin a new rule: `python -m tests.new_rule plan "sort spills to disk"` writes its module and lists it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

RULES = Path(__file__).parent.parent / "extension" / "backend_mentor" / "rules"
FOLDERS = ("plan", "sql", "schema")

_MODULE = '''"""The rule {dashed}."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class {title}:
    """What is wrong, in one line.

    Why it is wrong: what it costs, and when it does not.
    """

    name: ClassVar[str] = "{dashed}"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT 1", says="what the finding says, with the user's own names and numbers"),
        Passes("SELECT 2", because="the well-known false alarm, and why it is none"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each place in which it applies."""
        yield from ()
'''


def main(arguments: list[str]) -> int:
    """Write the module and its entry in the folder's tuple; return the exit status."""
    if len(arguments) != 2 or arguments[0] not in FOLDERS:
        print(__doc__)
        return 2
    folder, words = arguments[0], re.findall(r"[a-z0-9]+", arguments[1].lower())
    module = RULES / folder / f"{'_'.join(words)}.py"
    if not words or module.exists():
        print(f"{module} is there already." if words else "A rule needs a name.")
        return 2
    title = "".join(word.capitalize() for word in words)
    module.write_text(_MODULE.format(dashed="-".join(words), title=title))
    listing = RULES / folder / "__init__.py"
    listing.write_text(listed(listing.read_text(), folder, "_".join(words), title))
    print(f"{module}\nIt fails its tests until its Flags example is flagged: pytest tests/rules -k {'-'.join(words)}")
    return 0


def listed(text: str, folder: str, name: str, title: str) -> str:
    """Return a folder's listing with the rule imported in its place and added as the last of the tuple."""
    lines = text.splitlines()
    entry = f"from backend_mentor.rules.{folder}.{name} import {title}"
    imports = [line for line in lines if line.startswith(f"from backend_mentor.rules.{folder}.")]
    before = next((line for line in imports if line > entry), None)
    place = lines.index(before) if before is not None else lines.index(imports[-1]) + 1
    lines.insert(place, entry)
    lines.insert(len(lines) - 1, f"    {title}(),")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
