"""The commands on files: folders of queries, and whole notebooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.surfaces.commands.command import Command

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session
    from backend_mentor.surfaces.commands.options import Options


def _notebook(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.renderers.summary import render_text
    from backend_mentor.renderers.view import View
    from backend_mentor.surfaces.batch import write_reviewed_copy

    if len(options.arguments) != 1:
        raise MentorError("notebook wants one file.", "Write %backend notebook orders.ipynb.")
    view = View(level=options.level, hint=options.hint)
    summary, target = write_reviewed_copy(options.arguments[0], None, session, view, analyze=options.analyze)
    print(render_text(summary))
    print(f"The copy with the reviews is {target}; the notebook itself is as it was.")


def _review(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.renderers.summary import render_text
    from backend_mentor.surfaces.batch import review_here
    from backend_mentor.surfaces.progress import shown_progress

    if not options.arguments:
        raise MentorError(
            "review wants files or folders.",
            "Write %backend review queries, or %%backend, with two signs, to review a cell.",
        )
    with shown_progress(session.database().name) as show:
        summary = review_here(
            options.arguments,
            session,
            analyze=bool(options.analyze),
            progress=lambda done, total: show(f"{done} of {total} reviewed"),
        )
    print(render_text(summary), end="")


def _share(session: Session, shell: InteractiveShell, options: Options) -> None:
    from backend_mentor.sharing.folder import Terms
    from backend_mentor.surfaces.sharing import folder_for, put, rows_to_sample, secrets_among, show

    path = options.arguments[0] if len(options.arguments) == 1 else _own_path()
    if len(options.arguments) > 1 or path is None:
        raise MentorError("share wants one file.", "Save the notebook, and write %backend share orders.ipynb.")
    sample = None if options.sample is None else rows_to_sample(options.sample)
    folder = folder_for(path, options.to)
    addresses = tuple(each for each in shell.user_ns.values() if isinstance(each, str) and "://" in each)
    terms = Terms(options.hide_rows, sample, addresses, secrets_among(shell.user_ns))
    parcel = show(Path(path), folder, session, terms)
    if options.yes:
        put(parcel, folder)
    else:
        print("Nothing is written yet. Add --yes to write it.")


def _own_path() -> str | None:
    """Return the notebook of this kernel, as the Jupyter server or an editor tells it."""
    path = os.environ.get("JPY_SESSION_NAME", "")
    return path if path.endswith(".ipynb") and Path(path).is_file() else None


NOTEBOOK_COMMANDS: dict[str, Command] = {
    "review": Command(
        "review all .sql, .py and .ipynb of a folder; --analyze also runs the queries",
        "%backend review queries",
        _review,
    ),
    "notebook": Command(
        "review every cell of a notebook, into a copy beside it", "%backend notebook orders.ipynb", _notebook
    ),
    "share": Command(
        "show a folder for Binder: the notebook without secrets, a made-up database, pins; --yes writes it",
        "%backend share orders.ipynb --to shared",
        _share,
    ),
}
