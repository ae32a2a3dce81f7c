"""What a command of `%backend` is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


class Carry(Protocol):
    """A command's work."""

    def __call__(self, session: Session, shell: InteractiveShell, options: Options) -> None:
        """Do it and print what came of it."""


class CarryCell(Protocol):
    """The work of a command that takes a cell."""

    def __call__(self, session: Session, shell: InteractiveShell, cell: str, options: Options) -> None:
        """Do it and show what came of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `%backend`: what it does, an example, and how it is carried out."""

    summary: str
    example: str
    carry_out: Carry
