"""`%%backend` and `%backend` in a notebook: they read the first line, call the session and show what it returns."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_cell_magic, magics_class

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands import CELL_COMMANDS, COMMANDS
from backend_mentor.surfaces.commands.options import keep_question_mark, read_options
from backend_mentor.surfaces.failure import ReviewFailed, failure_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


@magics_class
class BackendMagics(Magics):
    """The magics, and the one session of this kernel."""

    def __init__(self, shell: InteractiveShell) -> None:
        from backend_mentor.session import Session

        super().__init__(shell)
        self.user_shell = shell
        self.session = Session(announce=print)

    @line_cell_magic
    def backend(self, line: str, cell: str | None = None) -> None:
        """Review the cell, or carry out a command: `%backend help` lists them."""
        try:
            options = read_options(line, COMMANDS, is_cell=cell is not None)
            if cell is None:
                COMMANDS[options.command].carry_out(self.session, self.user_shell, options)
            elif options.command in CELL_COMMANDS:
                CELL_COMMANDS[options.command](self.session, self.user_shell, cell, options)
            else:
                self._show_review(cell, options)
        except MentorError as error:
            # A traceback would bury the one line that helps; the cell's status is `error` all the same.
            raise ReviewFailed(error) from None

    def _show_review(self, cell: str, options: Options) -> None:
        from backend_mentor.renderers.view import View
        from backend_mentor.surfaces.answering import show_review
        from backend_mentor.surfaces.progress import shown_progress
        from backend_mentor.surfaces.running import execute

        executed = execute(self.user_shell, cell, options)
        database = self.session.database()
        with shown_progress(database.name) as progress:
            review = self.session.review(
                cell,
                analyze=options.analyze,
                variables=self.user_shell.user_ns,
                executed=executed,
                progress=progress,
            )
        if options.variable:
            self.user_shell.user_ns[options.variable] = review
        show_review(self.session, review, View(level=options.level, hint=options.hint))
        if failure := failure_of(review, executed.failure if executed else None):
            raise ReviewFailed(failure)


def load(shell: InteractiveShell) -> Session:
    """Register the magics and return their session; a second load keeps it with its connections."""
    known = shell.magics_manager.magics["cell"].get("backend")
    if known is not None:
        session: Session = known.__self__.session
        return session
    magics = BackendMagics(shell)
    shell.register_magics(magics)
    shell.input_transformers_cleanup.append(keep_question_mark)
    # A kernel that ends takes its servers, snapshots and scratch copies with it.
    atexit.register(magics.session.close)
    return magics.session


def unload(shell: InteractiveShell) -> None:
    """Close the session and take the magics out."""
    magic = shell.magics_manager.magics["cell"].pop("backend", None)
    shell.magics_manager.magics["line"].pop("backend", None)
    if magic is not None:
        magic.__self__.session.close()
