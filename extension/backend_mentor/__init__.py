"""Backend Mentor: a senior backend developer beside every notebook.

`%load_ext backend_mentor`, then `%%backend` over a SQL cell; or `backend_mentor.review(sql, "shop.db")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anywidget import AnyWidget
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.domain.review import Review

__all__ = ["Panel", "load_ipython_extension", "review", "unload_ipython_extension"]


def review(text: str, database: object = "demo", *, analyze: bool | None = None) -> Review:
    """Return the review of `text` on a database: a path, a URL, an engine, a DBAPI connection or `demo`.

    Raises MentorError, with the remedy, where the text can not be reviewed.
    """
    from backend_mentor.session import Session

    session = Session()
    session.connect(database)
    try:
        return session.review(text, analyze=analyze)
    finally:
        session.close()


def Panel(text: str = "", database: object | None = None) -> AnyWidget:  # noqa: N802  it is used as a class is
    """Return the panel as a widget, with a session of its own; `database` as for `review`, the current one if None.

    Raises MentorError where anywidget is not installed.
    """
    from backend_mentor.session import Session
    from backend_mentor.surfaces.panel import make_panel

    session = Session()
    if database is not None:
        session.connect(database)
    return make_panel(session, dict, text=text)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register `%backend` and `%%backend`, and in a kernel the comms that the JupyterLab sidebar speaks on."""
    from backend_mentor.surfaces.magic import load

    session = load(shell)
    if hasattr(shell, "kernel"):
        from backend_mentor.surfaces.sidebar.channel import Channel

        Channel(session, lambda: shell.user_ns).open()


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Close the connections; IPython keeps the names of the magics."""
    from backend_mentor.surfaces.magic import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab's tools where the built front end is."""
    return [{"src": "labextension", "dest": "backend-mentor"}]
