"""A failure that is survived is told of in the log."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import ends_process
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.logs import failure_logged
from backend_mentor.proposals.code.places import has_comment
from backend_mentor.reading.endpoints.trees import walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class FailureTold:
    """Log what an `except` drops, with its traceback.

    Valid where the clause says nothing at all, also not in a comment, and the cell has a logger or imports below which
    one line makes it.
    """

    name: ClassVar[str] = "failure-told"
    answers: ClassVar[tuple[str, ...]] = ("exception-swallowed",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import httpx\n\n\ndef tell(é):\n    try:\n        httpx.post('é', json=é, timeout=3)\n"
            "    except Exception:\n        pass\n",
            "import logging\n\nimport httpx\n\nlogger = logging.getLogger(__name__)\n\n\ndef tell(é):\n    try:\n"
            "        httpx.post('é', json=é, timeout=3)\n    except Exception:\n"
            "        logger.exception('tell: post failed')\n",
        ),
        Fixes(
            "class Mail:\n\tasync def send(self):\n\t\tlogger.info('é')\n\t\tfor each in self.é:\n\t\t\ttry:\n"
            "\t\t\t\tawait each.send()\n\t\t\texcept Exception:\n\t\t\t\tcontinue\n\t\t\tself.done()",
            "class Mail:\n\tasync def send(self):\n\t\tlogger.info('é')\n\t\tfor each in self.é:\n\t\t\ttry:\n"
            "\t\t\t\tawait each.send()\n\t\t\texcept Exception:\n\t\t\t\tlogger.exception('send failed')\n"
            "\t\t\t\tcontinue\n\t\t\tself.done()",
        ),
        Declines(
            "import httpx\n\n\ndef tell():\n    try:\n        httpx.post('/')\n    except Exception:\n"
            "        pass  # harmless\n",
            because="its author has said that nothing is to be told",
        ),
        Declines(
            "def tell(logger):\n    try:\n        post()\n    except Exception:\n        pass\n",
            because="the cell has no logger, and no imports below which one could be made",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the line that logs in place of `pass`, or before `continue`."""
        span = finding.place.span
        tried, clause = next(
            (
                (each, part)
                for each in walk(source.tree)
                if isinstance(each, ast.Try)
                for part in each.handlers
                if span is not None and source.span_of(part).start == span.start
            ),
            (None, None),
        )
        if tried is None or clause is None or _is_explained(source, clause):
            return None
        if clause.type is None and ends_process(source, tried):
            return None
        log = failure_logged(source, tried, clause)
        if log is None or not log.edits:
            return None
        return Change(
            title="Log what is dropped",
            reason="The code goes on as before, and the log shows that it failed, where and how often.",
            edits=(*log.edits, *_named(source, clause)),
            imports=log.imports,
            tradeoffs=Tradeoffs("a log entry for each failure", "it fails so often that nobody would read of it"),
            conditions=(Condition("there is a logger", log.grounds),),
        )


def _named(source: Source, clause: ast.ExceptHandler) -> tuple[Edit, ...]:
    start = source.span_of(clause).start
    return (Edit(start, start + len("except"), "except Exception"),) if clause.type is None else ()


def _is_explained(source: Source, clause: ast.ExceptHandler) -> bool:
    span = source.span_of(clause)
    behind = source.text[span.end :].partition("\n")[0]
    return has_comment(source, span.start, span.end) or "#" in behind
