"""A clause for everything lets the end of the process through."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import ends_process
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.logs import failure_logged
from backend_mentor.reading.endpoints.trees import walk, within

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ClauseNarrowed:
    """Write `except Exception:` for `except:`, and log what it caught.

    Valid where nothing under the `try` ends the process by an exception that is to be caught, and the clause raises
    nothing again.
    """

    name: ClassVar[str] = "clause-narrowed"
    answers: ClassVar[tuple[str, ...]] = ("bare-except",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import os\n\n\ndef load(é):\n    try:\n        return find('é', é)\n    except :  # é\n"
            "        return os.name\n",
            "import logging\nimport os\n\nlogger = logging.getLogger(__name__)\n\n\ndef load(é):\n    try:\n"
            "        return find('é', é)\n    except Exception :  # é\n        logger.exception('load: find failed')\n"
            "        return os.name\n",
        ),
        Fixes(
            "class Orders:\n\tasync def save(self):\n\t\ttry:\n\t\t\tawait self.é.commit()\n\t\texcept:\n"
            "\t\t\tlogger.exception('é')\n\t\t\tself.é.count = 0",
            "class Orders:\n\tasync def save(self):\n\t\ttry:\n\t\t\tawait self.é.commit()\n\t\texcept Exception:\n"
            "\t\t\tlogger.exception('é')\n\t\t\tself.é.count = 0",
        ),
        Declines(
            "import sys\n\n\ndef main():\n    try:\n        sys.exit(run())\n    except:\n        return 1\n",
            because="the exception of sys.exit is what it catches",
        ),
        Declines(
            "def load():\n    try:\n        return find()\n    except:\n        return None\n",
            because="the cell has no logger and no imports below which one could be made",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Name the exception."""
        clause = _clause(source, finding)
        tried = next(
            (each for each in walk(source.tree) if isinstance(each, ast.Try) and clause in each.handlers), None
        )
        if clause is None or tried is None or ends_process(source, tried):
            return None
        raises = [each for part in clause.body for each in within(part) if isinstance(each, ast.Raise)]
        log = failure_logged(source, tried, clause)
        if log is None or any(each.exc is None for each in raises):
            return None
        start = source.span_of(clause).start
        return Change(
            title="Catch Exception, and log it",
            reason="KeyboardInterrupt, the end of the process and the cancelling of a task go through; every error is "
            "caught as before, and the log tells of it.",
            edits=(*log.edits, Edit(start, start + len("except"), "except Exception")),
            imports=log.imports,
            tradeoffs=Tradeoffs("a log entry for each failure", "you know which exceptions are expected: name those"),
            conditions=(
                Condition("nothing under the `try` ends the process", "no call of exit there"),
                Condition("there is a logger", log.grounds),
            ),
        )


def _clause(source: Source, finding: Finding) -> ast.ExceptHandler | None:
    span = finding.place.span
    clauses = (each for each in walk(source.tree) if isinstance(each, ast.ExceptHandler) and each.type is None)
    return next((each for each in clauses if span is not None and source.span_of(each).start == span.start), None)
