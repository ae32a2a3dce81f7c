"""Backend Mentor: a senior backend developer beside every notebook.

`%load_ext backend_mentor`, then `%%backend` over a SQL cell; or `backend_mentor.review(sql, "shop.db")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.domain.review import Review

__all__ = ["load_ipython_extension", "review", "unload_ipython_extension"]


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


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register `%backend` and `%%backend`."""
    from backend_mentor.surfaces.magic import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Close the connections; IPython keeps the names of the magics."""
    from backend_mentor.surfaces.magic import unload

    unload(shell)
