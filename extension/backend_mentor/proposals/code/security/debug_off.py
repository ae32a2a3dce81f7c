"""Debug mode is off unless the environment switches it on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_removed
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import node_of
from backend_mentor.reading.endpoints.trees import calls, dotted, is_true, keyword, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class DebugOff:
    """Take `debug=True` away from where an application is made or run.

    Valid where it is a literal of the call: all three frameworks have it off by themselves. What is not an error is
    answered as before.
    """

    name: ClassVar[str] = "debug-off"
    answers: ClassVar[tuple[str, ...]] = ("debug-on", "debug-in-production")
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from flask import Flask\n\napp = Flask('é')\n\nif __name__ == '__main__':\n"
            "    app.run(host='127.0.0.1', debug=True)  # é\n",
            "from flask import Flask\n\napp = Flask('é')\n\nif __name__ == '__main__':\n"
            "    app.run(host='127.0.0.1')  # é\n",
        ),
        Fixes(
            "from fastapi import FastAPI\n\napp = FastAPI(\n    debug=True,\n    title='é',  # é\n)\n",
            "from fastapi import FastAPI\n\napp = FastAPI(\n    title='é',  # é\n)\n",
        ),
        Declines(
            "DEBUG = True\nALLOWED_HOSTS = ['shop.example']\n",
            because="how the settings read the environment is the project's own",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Remove the argument."""
        call = _call(source, finding)
        removed = keyword_removed(source, call, "debug") if call is not None else None
        if call is None or removed is None:
            return None
        if last_name(call) == "run":
            how = "`FLASK_DEBUG=1` or `flask run --debug` switches it on for your own machine"
        else:
            how = "errors are read in the log and not in the browser"
        return Change(
            title=f"Leave debug mode off in {dotted(call.func)}",
            reason="On an error the caller sees 500 and no prompt, path or value; all else is answered as before.",
            edits=(removed,),
            tradeoffs=Tradeoffs(how, "it runs on your own machine alone"),
            conditions=(Condition("debug=True is a literal of the call", f"line {call.lineno}"),),
        )


def _call(source: Source, finding: Finding) -> ast.Call | None:
    """Return the call that switches it on: the finding speaks of the whole or of the argument."""
    whole, part = node_of(source, finding, ast.Call), node_of(source, finding, ast.keyword)
    for call in calls(source.tree):
        if is_true(keyword(call, "debug")) and (call is whole or part in call.keywords):
            return call
    return None
