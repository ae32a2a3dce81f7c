"""Commands on the last review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _apply(session: Session, shell: InteractiveShell, options: Options) -> None:
    if len(options.arguments) != 1 or not options.arguments[0].isdigit():
        raise MentorError("apply wants a proposal's number.", "Write %backend apply 1.")
    proposal = session.proposal(int(options.arguments[0]))
    # New code is there to be run; what replaces something is reviewed before it is.
    shell.set_next_input(proposal.after if proposal.proof.is_new else f"%%backend\n{proposal.after}\n")
    print(f"{proposal.name}: put into the next cell; your own cell is as it was")


REVIEW_COMMANDS: dict[str, Command] = {
    "apply": Command("put a proposal of the last review into the next cell", "%backend apply 1", _apply),
}
