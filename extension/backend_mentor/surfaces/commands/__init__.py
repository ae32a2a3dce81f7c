"""The commands of `%backend`: one family is one module, and all of them are named here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.surfaces.commands.command import CarryCell, Command
from backend_mentor.surfaces.commands.connections import CONNECTION_COMMANDS
from backend_mentor.surfaces.commands.lessons import LESSON_COMMANDS, hand_in
from backend_mentor.surfaces.commands.mentor import MENTOR_COMMANDS
from backend_mentor.surfaces.commands.notebooks import NOTEBOOK_COMMANDS
from backend_mentor.surfaces.commands.panel import PANEL_COMMANDS
from backend_mentor.surfaces.commands.recipes import RECIPE_COMMANDS
from backend_mentor.surfaces.commands.reviews import REVIEW_COMMANDS, show_same

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _help(session: Session, shell: InteractiveShell, options: Options) -> None:
    print(help_text())


COMMANDS: dict[str, Command] = {
    **CONNECTION_COMMANDS,
    **REVIEW_COMMANDS,
    **NOTEBOOK_COMMANDS,
    **PANEL_COMMANDS,
    **RECIPE_COMMANDS,
    **LESSON_COMMANDS,
    **MENTOR_COMMANDS,
    "help": Command("show this", "%backend help", _help),
}

# The words that may stand on the first line of a cell, and who takes the cell.
CELL_COMMANDS: dict[str, CarryCell] = {"same": show_same, "exercise": hand_in}

_CELL_OPTIONS = (
    ("%%backend", "review the cell: SQL, an EXPLAIN plan, endpoint code or a request in plain words"),
    ("%%backend same", "do the cell's two statements mean the same?"),
    ("%%backend exercise 3.2", "hand in the cell as the answer to an exercise of the lessons"),
    ("%%backend --analyze", "also run the query, for actual rows, times and measured proof; the default on the demo"),
    ("%%backend --no-analyze", "do not run the query, not even on the demo"),
    ("%%backend --run", "endpoint code: execute it, and count the statements of its GET requests on growing data"),
    ("%%backend --call 'POST /orders {\"total\": 3}'", "with --run: send this instead; what it writes is rolled back"),
    ("%%backend --run --header 'Authorization: Bearer x'", "with --run: a header for every request; it is not shown"),
    ("%%backend --hint", "hints first, the answer on request"),
    ("%%backend --level junior", "explain more; senior, the default, explains less"),
    ("%%backend --as name", "keep the review in a variable"),
)


def help_text() -> str:
    """Return every command and option, with an example each."""
    lines = [f"  {example:<50} {summary}" for example, summary in _CELL_OPTIONS]
    lines += [f"  {command.example:<50} {command.summary}" for command in COMMANDS.values()]
    lines.append("  {{name}} in a cell binds the notebook's variable as a parameter; nothing else is touched")
    return "\n".join(["Backend Mentor", *lines])
