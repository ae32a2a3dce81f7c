"""An exception is logged with its traceback."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import clause_around
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import call_of
from backend_mentor.reading.endpoints.trees import calls, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LEVELS = frozenset({"error", "info", "debug"})


class TracebackLogged:
    """Log with `exception` where an `except` logs what it caught.

    Valid for a call that stands in the clause itself and says nothing of a traceback: the message and its values are
    the same.
    """

    name: ClassVar[str] = "traceback-logged"
    answers: ClassVar[tuple[str, ...]] = ("error-without-traceback", "error-logged-as-info")
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef load(é):\n    try:\n"
            "        return find('é')\n    except Exception:\n        logger.error('é %s', é)  # é\n"
            "        return None\n",
            "import logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef load(é):\n    try:\n"
            "        return find('é')\n    except Exception:\n        logger.exception('é %s', é)  # é\n"
            "        return None\n",
        ),
        Fixes(
            "class Orders:\n\tasync def all(self):\n\t\ttry:\n\t\t\treturn await load()\n"
            "\t\texcept Exception as error:\n\t\t\tself.logger.info(\n\t\t\t\t'é: %s', error\n\t\t\t)\n"
            "\t\t\traise HTTPException(status_code=500) from error",
            "class Orders:\n\tasync def all(self):\n\t\ttry:\n\t\t\treturn await load()\n"
            "\t\texcept Exception as error:\n\t\t\tself.logger.exception(\n\t\t\t\t'é: %s', error\n\t\t\t)\n"
            "\t\t\traise HTTPException(status_code=500) from error",
        ),
        Declines(
            "def orders():\n    try:\n        return load()\n    except Exception as error:\n"
            "        logger.info('failed', exc_info=error)\n        raise HTTPException(500) from error\n",
            because="it names the exception itself",
        ),
        Declines(
            "def orders():\n    try:\n        return load()\n    except Exception as error:\n"
            "        later(lambda: logger.info('failed'))\n        raise HTTPException(500) from error\n",
            because="when it runs, the exception is gone",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the method here, and where the same logger is told of an error in the cell's other clauses."""
        call = call_of(source, finding)
        if call is None or not _can_change(source, call) or not isinstance(call.func, ast.Attribute):
            return None
        logger = source.code_of(call.func.value)
        others = [
            each
            for each in calls(source.tree)
            if last_name(each) == "error" == call.func.attr
            and _can_change(source, each)
            and source.code_of(each.func) == f"{logger}.error"
        ]
        return Change(
            title=f"Log it with {logger}.exception",
            reason="The log gets the level ERROR and the lines that led there, beside the message that it has.",
            edits=tuple(dict.fromkeys(_renamed(source, each) for each in (call, *others))),
            tradeoffs=Tradeoffs("some more lines in the log for each failure"),
            conditions=(Condition("an exception is being handled there", "it stands in an `except`"),),
        )


def _can_change(source: Source, call: ast.Call) -> bool:
    explains = {"exc_info", "stack_info", None} & {each.arg for each in call.keywords}
    return last_name(call) in _LEVELS and clause_around(source, call) is not None and not explains


def _renamed(source: Source, call: ast.Call) -> Edit:
    end = source.span_of(call.func).end
    return Edit(end - len(last_name(call)), end, "exception")
