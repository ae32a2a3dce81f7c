"""A file that must not be there yet is made, or refused, in one step."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import node_of, replaced, statement_of
from backend_mentor.reading.endpoints.flow import exclusive_opens
from backend_mentor.reading.endpoints.trees import loops_around

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class FileMadeOnce:
    """Open a file that was looked for with mode `x` instead of `w`.

    Valid under the test that there is no such file: there both do the same, unless another request was faster.
    """

    name: ClassVar[str] = "file-made-once"
    answers: ClassVar[tuple[str, ...]] = ("file-checked-then-opened",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import os\n\n\ndef keep(é, data):\n    if not os.path.exists(é):\n"
            "        with open(é, 'wb') as file:  # é\n"
            "            file.write(data)\n",
            "import os\n\n\ndef keep(é, data):\n    if not os.path.exists(é):\n"
            "        with open(é, 'xb') as file:  # é\n"
            "            file.write(data)\n",
        ),
        Fixes(
            'def keep(path, data):\n    if not path.exists():\n        open(\n            path, mode="w"\n'
            "        ).write(data)\n",
            'def keep(path, data):\n    if not path.exists():\n        open(\n            path, mode="x"\n'
            "        ).write(data)\n",
        ),
        Declines(
            "import os\n\n\ndef keep(path, data):\n    if not os.path.exists(path):\n        prepare(path)\n"
            "        with open(path, 'wb') as file:\n            file.write(data)\n",
            because="what is called in between can have made it",
        ),
        Declines(
            "import os\n\n\ndef keep(path, rows):\n    if not os.path.exists(path):\n        for row in rows:\n"
            "            with open(path, 'w') as file:\n                file.write(row)\n",
            because="the second turn finds it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Change the letter of the mode."""
        call = node_of(source, finding, ast.Call)
        opened = (
            next((each for each in exclusive_opens(source) if each.call is call), None) if call is not None else None
        )
        if opened is None or call is None:
            return None
        first = statement_of(source, call)
        if first is not opened.test.body[0] or any(True for _ in loops_around(source.tree, call)):
            return None
        text = source.code_of(opened.mode_node)
        return Change(
            title=f"Make {opened.path} or fail, in one step",
            reason="Where there is no such file both do the same; where another request was faster, nothing of it is "
            "overwritten.",
            edits=(replaced(source, opened.mode_node, text.replace("w", "x")),),
            tradeoffs=Tradeoffs("a FileExistsError in the race that overwrote a file before"),
            conditions=(Condition("nothing happens between the test and the open", f"line {call.lineno}"),),
        )
