"""Commands on the last review, and on two statements that may mean the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options

_OWN_MAGIC = re.compile(r"\A\s*%%backend\b[^\n]*\n?")


def show_same(session: Session, shell: InteractiveShell, cell: str, options: Options) -> None:
    """Try whether the cell's two statements mean the same, and show what came of it."""
    from IPython.display import display

    from backend_mentor.renderers.same import same_bundle

    proof, before, after = session.judge_same(cell, variables=shell.user_ns)
    display(same_bundle(proof, before.text, after.text), raw=True)


def _apply(session: Session, shell: InteractiveShell, options: Options) -> None:
    if len(options.arguments) != 1 or not options.arguments[0].isdigit():
        raise MentorError("apply wants a proposal's number.", "Write %backend apply 1.")
    proposal = session.proposal(int(options.arguments[0]))
    shell.set_next_input(cell_of(proposal))
    print(f"{proposal.name}: put into the next cell; your own cell is as it was")


def cell_of(proposal: Proposal) -> str:
    """Return what goes into the next cell: code as it is to be run, anything else under `%%backend` to be reviewed."""
    from backend_mentor.domain.proposal import ProposalKind  # on first use: the magic loads without the domain

    if proposal.kind is not ProposalKind.CODE:
        return f"%%backend\n{proposal.after}\n"
    # The cell's own magics stay; the one that asked for the review would keep the code from running.
    return _OWN_MAGIC.sub("", proposal.after, count=1)


REVIEW_COMMANDS: dict[str, Command] = {
    "apply": Command("put a proposal of the last review into the next cell", "%backend apply 1", _apply),
}
