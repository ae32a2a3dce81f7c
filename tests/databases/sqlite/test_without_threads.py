"""In a browser's page no thread can be started: a review is the same, and only its limits of time are not kept."""

from __future__ import annotations

import subprocess
import sys

# As in Pyodide: the platform says what it is, and a thread is refused.
_BROWSER = """
import sys, threading
sys.platform = "emscripten"
def refuse(self):
    raise RuntimeError("can't start new thread")
threading.Thread.start = refuse
from backend_mentor.session import Session
from backend_mentor.surfaces.sidebar.warming import warm
warm()
for analyze in (False, True):
    review = Session().review("SELECT id FROM accounts WHERE lower(email) = 'a@example.net'", analyze=analyze)
    print(review.failure, review.plan.analyzed, [proposal.name for proposal in review.proposals], review.skipped)
"""


def test_a_review_needs_no_thread_where_there_is_none() -> None:
    asked = subprocess.run([sys.executable, "-c", _BROWSER], capture_output=True, text=True, check=False)
    assert asked.stderr == ""
    not_run, run = asked.stdout.splitlines()
    assert not_run.startswith("None False")
    assert run.startswith("None True")
    assert "index" in run
