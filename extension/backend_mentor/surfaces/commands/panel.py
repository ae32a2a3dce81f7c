"""The command that opens the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _panel(session: Session, shell: InteractiveShell, options: Options) -> None:
    from IPython.display import display

    from backend_mentor.surfaces.panel import make_panel

    display(make_panel(session, lambda: shell.user_ns))


PANEL_COMMANDS: dict[str, Command] = {
    "panel": Command("open the panel: connect, paste a cell, review, take a proposal", "%backend panel", _panel),
}
