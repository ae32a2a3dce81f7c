"""A temporary file is made together with its name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_before, block_of, call_of, names_bound, replaced, statement_of
from backend_mentor.reading.endpoints.trees import argument, constant_text, full_name, has_unpacked

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class FileMadeWithName:
    """Let `mkstemp` make the file that the next line opens, and open what it has made.

    Valid where a name of `tempfile.mktemp` is opened for writing by the very next statement: nothing can look for the
    name in between, and the file is new and empty in both.
    """

    name: ClassVar[str] = "file-made-with-name"
    answers: ClassVar[tuple[str, ...]] = ("temporary-file-race",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import tempfile\n\n\ndef keep(data):\n    path = tempfile.mktemp(suffix='.é')\n    # é\n"
            "    with open(path, 'wb') as file:\n        file.write(data)\n    return path\n",
            "import tempfile\n\n\ndef keep(data):\n    descriptor, path = tempfile.mkstemp(suffix='.é')\n    # é\n"
            "    with open(descriptor, 'wb') as file:\n        file.write(data)\n    return path\n",
        ),
        Fixes(
            "import tempfile\n\nname = tempfile.mktemp()\nwith open(name, mode='w', encoding='utf-8') as file:\n"
            "    file.write('é')\n",
            "import tempfile\n\ndescriptor, name = tempfile.mkstemp()\n"
            "with open(descriptor, mode='w', encoding='utf-8') as file:\n    file.write('é')\n",
        ),
        Declines(
            "import subprocess\nimport tempfile\n\n\ndef draw(data):\n    path = tempfile.mktemp()\n"
            "    subprocess.run(['plot', '--to', path], check=True)\n    return path\n",
            because="another program makes the file, and it can refuse one that is there",
        ),
        Declines(
            "import tempfile\n\n\ndef keep(data):\n    path = tempfile.mktemp()\n    with open(path, 'xb') as file:\n"
            "        file.write(data)\n",
            because="the mode `x` refuses a file that is there, so that nobody can put one in the way",
        ),
        Declines(
            "import os\nimport tempfile\n\n\ndef pipe():\n    path = tempfile.mktemp()\n    os.mkfifo(path)\n"
            "    return path\n",
            because="it is no file that is made",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Call `mkstemp`, and open its descriptor in the place of the name."""
        call = call_of(source, finding)
        if call is None or not isinstance(call.func, ast.Attribute) or has_unpacked(call):
            return None
        made = statement_of(source, call)
        if full_name(source.tree, call.func) != "tempfile.mktemp" or not isinstance(made, ast.Assign):
            return None
        target = made.targets[0]
        if made.value is not call or len(made.targets) != 1 or not isinstance(target, ast.Name):
            return None
        opened = _opened(source, made, target.id)
        if opened is None or "descriptor" in names_bound(source.tree):
            return None
        end = source.span_of(call.func).end
        return Change(
            title=f"Make the file of {target.id} together with its name",
            reason="The file is there, empty and readable by this user alone, before anybody else can know its name.",
            edits=(
                added_before(source, target, "descriptor, "),
                Edit(end - len("mktemp"), end, "mkstemp"),
                replaced(source, opened.args[0], "descriptor"),
            ),
            tradeoffs=Tradeoffs(
                "other users of the machine can not read the file any more", "they have to: give them the right to it"
            ),
            conditions=(
                Condition("the next statement opens it for writing", f"line {opened.lineno}"),
                Condition("the file is closed at the end of its block", f"line {opened.lineno}"),
            ),
        )


def _opened(source: Source, made: ast.Assign, name: str) -> ast.Call | None:
    """Return the `open` by which the next statement writes to the name."""
    block = block_of(source, made) or []
    following = block[block.index(made) + 1 :] if made in block else []
    if not following or not isinstance(following[0], ast.With):
        return None
    call = following[0].items[0].context_expr
    if not isinstance(call, ast.Call) or full_name(source.tree, call.func) != "open" or not call.args:
        return None
    mode = constant_text(argument(call, 1, "mode")) or "r"
    is_it = isinstance(call.args[0], ast.Name) and call.args[0].id == name
    return call if is_it and mode[0] in ("w", "a") else None
