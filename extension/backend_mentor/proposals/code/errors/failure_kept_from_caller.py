"""What went wrong inside is told to the log, and not to the caller."""

from __future__ import annotations

import ast
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import clause_around
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.logs import failure_logged
from backend_mentor.proposals.code.places import call_of, quoted, replaced
from backend_mentor.reading.endpoints.trees import argument, constant, dotted, last_name, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FIRST_SERVER_ERROR = 500


class FailureKeptFromCaller:
    """Answer with a fixed text where the exception's own is answered, and log the exception.

    Valid for an HTTPException whose whole `detail` is that text, and a cell with a logger or imports below which one
    line makes it. Callers see another text, so it is offered on its own.
    """

    name: ClassVar[str] = "failure-kept-from-caller"
    answers: ClassVar[tuple[str, ...]] = ("exception-text-to-caller",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from fastapi import HTTPException\n\n\ndef item(é):\n    try:\n        return load(é, 'é')\n"
            "    except Exception as error:  # é\n"
            "        raise HTTPException(500, detail=str(error)) from error  # é\n",
            "import logging\n\nfrom fastapi import HTTPException\n\nlogger = logging.getLogger(__name__)\n\n\n"
            "def item(é):\n    try:\n        return load(é, 'é')\n"
            "    except Exception as error:  # é\n        logger.exception('item: load failed')\n"
            "        raise HTTPException(500, detail='Internal Server Error') from error  # é\n",
        ),
        Fixes(
            "class Items:\n\tasync def item(self, é):\n\t\ttry:\n\t\t\treturn await load(é)\n"
            "\t\texcept Exception as é:\n\t\t\tlogger.exception('é')\n\t\t\traise HTTPException(\n"
            "\t\t\t\tstatus_code=503,\n\t\t\t\tdetail=f'é: {é}',  # é\n\t\t\t) from é",
            "class Items:\n\tasync def item(self, é):\n\t\ttry:\n\t\t\treturn await load(é)\n"
            "\t\texcept Exception as é:\n\t\t\tlogger.exception('é')\n\t\t\traise HTTPException(\n"
            "\t\t\t\tstatus_code=503,\n\t\t\t\tdetail='Service Unavailable',  # é\n\t\t\t) from é",
        ),
        Declines(
            "import logging\n\n\ndef item(key):\n    try:\n        return load(key)\n    except Exception as error:\n"
            "        raise HTTPException(400, detail=str(error)) from error\n",
            because="with 400 the text can be what tells the caller how to do better",
        ),
        Declines(
            "def item(key):\n    try:\n        return load(key)\n    except Exception as error:\n"
            "        raise HTTPException(500, detail=str(error)) from error\n",
            because="the cell has no logger and no imports below which one could be made, and the text would be lost",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the text, and log before the answer."""
        call = call_of(source, finding)
        clause = clause_around(source, call) if call is not None else None
        tried = next(
            (each for each in walk(source.tree) if isinstance(each, ast.Try) and clause in each.handlers), None
        )
        if call is None or clause is None or tried is None or last_name(call) != "HTTPException":
            return None
        status, detail = constant(argument(call, 0, "status_code")), argument(call, 1, "detail")
        if not isinstance(status, int) or status not in set(HTTPStatus) or status < _FIRST_SERVER_ERROR:
            return None
        if detail is None or not _is_text_of(detail, clause.name) or not _is_alone(clause, call):
            return None
        log = failure_logged(source, tried, clause)
        if log is None:
            return None
        return Change(
            title=f"Answer {status} with a fixed text",
            reason="The log keeps the text and the lines that led there; the caller learns the status and no more.",
            edits=(*log.edits, replaced(source, detail, quoted(source, HTTPStatus(status).phrase))),
            imports=log.imports,
            keeps_contract=False,
            tradeoffs=Tradeoffs("callers no longer see why it failed", "the text is made for callers"),
            conditions=(Condition("the exception is in the log", log.grounds),),
        )


def _is_text_of(node: ast.expr, name: str | None) -> bool:
    """Return whether a text is the exception's own, alone or in an f-string that shows nothing else."""
    if isinstance(node, ast.Call):
        return last_name(node) in {"str", "repr"} and [dotted(each) for each in node.args] == [name]
    held = [each for each in ast.walk(node) if isinstance(each, ast.FormattedValue)]
    return isinstance(node, ast.JoinedStr) and [dotted(each.value) for each in held] == [name]


def _is_alone(clause: ast.ExceptHandler, call: ast.Call) -> bool:
    # Under an `if` of the clause there can be answers that are meant, and a log of their own.
    return any(isinstance(each, ast.Raise) and each.exc is call for each in clause.body)
