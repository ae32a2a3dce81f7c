"""The panel for any host of ipywidgets: JupyterLab, Notebook 7, VS Code, Colab."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.databases.base import Stop
from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from anywidget import AnyWidget

    from backend_mentor.session import Session

_HERE = Path(__file__).parent


def make_panel(session: Session, variables: Callable[[], Mapping[str, object]], text: str = "") -> AnyWidget:
    """Return the panel as a widget: pick a database, paste a cell, review it, stop it, take a proposal.

    `variables` are the notebook's. Raises MentorError where anywidget is missing.
    """
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise MentorError(
            "The panel needs anywidget, which is not installed here.",
            'Run `pip install "backend-mentor[lab]"` and restart the kernel.',
        ) from error

    class MentorPanel(anywidget.AnyWidget):
        """The widget; what it shows are its traits."""

        _esm = _HERE / "panel.js"
        _css = _HERE / "panel.css"
        text = traitlets.Unicode("").tag(sync=True)
        where = traitlets.Unicode("").tag(sync=True)
        stage = traitlets.Unicode("").tag(sync=True)
        failed = traitlets.Unicode("").tag(sync=True)
        drawing = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)

    widget = MentorPanel(text=text)
    work = _Work(widget, session, variables)
    widget.on_msg(work.take)
    work.tell_where()
    return widget


class _Work:
    """What the panel's buttons do; a review runs in a thread, so that the panel can be stopped."""

    def __init__(self, widget: AnyWidget, session: Session, variables: Callable[[], Mapping[str, object]]) -> None:
        self._widget = widget
        self._session = session
        self._variables = variables
        self._turn = threading.Lock()
        self._stop = Stop()

    def take(self, _: object, content: Mapping[str, object], __: object) -> None:
        """Do what a button asks; one review or connection at a time."""
        kind, text = content.get("kind"), str(content.get("text", ""))
        if kind == "stop":
            self._stop.request()
        elif kind in ("review", "optimise", "hint"):
            analyze = True if kind == "optimise" else None
            self._begin(lambda: self._review(text, analyze=analyze, hint=kind == "hint"))
        elif kind == "connect":
            self._begin(lambda: self._connect(str(content.get("target", ""))))

    def tell_where(self) -> None:
        """Show what is connected, without connecting to anything."""
        current = self._session.connections.get(self._session.current or "")
        shown = f"{current.name} · {current.engine.title}, read-only" if current else "DATABASE_URL, else the demo"
        self._widget.where = shown

    def _begin(self, work: Callable[[], None]) -> None:
        if self._turn.acquire(blocking=False):
            self._stop = Stop()
            threading.Thread(target=self._carry_out, args=(work,), daemon=True, name="mentor-panel").start()

    def _carry_out(self, work: Callable[[], None]) -> None:
        try:
            self._guarded(work)
        finally:
            self._widget.stage = ""
            self._turn.release()
            self.tell_where()

    def _guarded(self, work: Callable[[], None]) -> None:
        self._widget.failed = ""
        try:
            work()
        except MentorError as error:
            self._widget.failed = str(error)
        except Exception as error:  # noqa: BLE001  an exception in a thread is seen by nobody
            self._widget.failed = (
                f"{type(error).__name__} in the kernel.\nReview the cell with %%backend to see it whole."
            )

    def _review(self, text: str, *, analyze: bool | None, hint: bool) -> None:
        from backend_mentor.renderers.delivery import deliver
        from backend_mentor.renderers.view import View

        self._show_stage("reading")
        review = self._session.review(
            text, analyze=analyze, variables=self._variables(), progress=self._show_stage, stop=self._stop
        )
        delivery = deliver(review, View(hint=hint), len(self._session.reviews))
        self._widget.drawing = delivery["drawing"]
        if delivery["drawing"] is None:
            self._widget.failed = f"{delivery['conclusion']}\nThe review is too large to be drawn here: use %%backend."

    def _connect(self, target: str) -> None:
        self._show_stage("connecting")
        self._session.connect(self._variables().get(target, target) if target else "demo")

    def _show_stage(self, stage: str) -> None:
        self._widget.stage = stage
