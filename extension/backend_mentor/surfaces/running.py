"""`--run`: the cell is executed in the notebook, as its own cell would be, before its app is sent requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.proofs.running.stage import Executed
    from backend_mentor.surfaces.commands.options import Options


def execute(shell: InteractiveShell, cell: str, options: Options) -> Executed | None:
    """Execute the cell in the notebook where `--run` asks for it; its output and its own exception are shown by
    IPython. Raises MentorError for a cell that is no code, and KeyboardInterrupt where the user stopped it."""
    if not options.run:
        return None
    from backend_mentor.proofs.running.requests import read_call
    from backend_mentor.proofs.running.stage import Executed
    from backend_mentor.reading.classify import read_cell

    if read_cell(cell).kind is not CellKind.ENDPOINT:
        raise MentorError("--run executes endpoint code, and this cell is none.", "Leave --run out.")
    given = tuple(map(read_call, options.calls))
    headers = tuple(map(_header, options.headers))
    result = shell.run_cell(cell, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if isinstance(error, KeyboardInterrupt):
        raise error
    failure = None if error is None else f"{type(error).__name__}: {error}".rstrip(".")
    return Executed(shell.user_ns, given, headers, failure, announce=print)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        # The value can be a token, so it is not repeated.
        remedy = "Write --header 'Authorization: Bearer …'."
        raise MentorError("--header can not be read: it has no name and colon.", remedy)
    return name.strip(), value.strip()
