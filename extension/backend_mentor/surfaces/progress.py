"""What a cell shows while its review is under way: one line, replaced by the next and taken away at the end."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Short reviews show nothing: a line that flickers tells less than none.
_QUIET_SECONDS = 1.0


@contextmanager
def shown_progress(database: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the stage under way, with the seconds so far, once a review takes its time."""
    from IPython.display import display

    began = time.monotonic()
    handle = None

    def show(stage: str) -> None:
        nonlocal handle
        seconds = time.monotonic() - began
        if seconds < _QUIET_SECONDS:
            return
        text = {"text/plain": f"{database} · {stage} · {seconds:.0f} s · interrupt the kernel to stop"}
        if handle is None:
            handle = display(text, raw=True, display_id=True)
        else:
            handle.update(text, raw=True)

    try:
        yield show
    finally:
        if handle is not None:
            handle.update({"text/plain": ""}, raw=True)
