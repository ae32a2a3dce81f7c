"""An answer that was raised reaches the caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_before, node_of
from backend_mentor.reading.endpoints.trees import dotted, last_name, walk, within

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n"


class AnswerLetThrough:
    """Put `except HTTPException: raise` in front of a clause that catches everything.

    Valid where the broad clause does nothing but log and raise: one that rolls back or gives something back has to do
    so for an answer too.
    """

    name: ClassVar[str] = "answer-let-through"
    answers: ClassVar[tuple[str, ...]] = ("exception-eats-answer",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.get('/{é}', responses=TOLD)\ndef item(é: int):\n    try:\n        if é > 1:  # é\n"
            "            raise HTTPException(404, 'é')\n        return ITEMS[é]\n    except Exception as error:  # é\n"
            "        logger.exception('é')\n        raise HTTPException(500) from error\n",
            _APP + "@app.get('/{é}', responses=TOLD)\ndef item(é: int):\n    try:\n        if é > 1:  # é\n"
            "            raise HTTPException(404, 'é')\n        return ITEMS[é]\n    except HTTPException:\n"
            "        raise\n    except Exception as error:  # é\n"
            "        logger.exception('é')\n        raise HTTPException(500) from error\n",
        ),
        Fixes(
            "import fastapi\n\n\nclass Items:\n\tasync def item(self, é):\n\t\ttry:\n\t\t\tif not é:\n"
            "\t\t\t\traise fastapi.HTTPException(404)\n\t\t\treturn await find(é)\n\t\texcept Exception as é:\n"
            "\t\t\traise fastapi.HTTPException(503) from é",
            "import fastapi\n\n\nclass Items:\n\tasync def item(self, é):\n\t\ttry:\n\t\t\tif not é:\n"
            "\t\t\t\traise fastapi.HTTPException(404)\n\t\t\treturn await find(é)\n\t\texcept fastapi.HTTPException:\n"
            "\t\t\traise\n\t\texcept Exception as é:\n"
            "\t\t\traise fastapi.HTTPException(503) from é",
        ),
        Declines(
            "def item(key):\n    try:\n        session.add(key)\n        raise HTTPException(404)\n"
            "    except Exception as error:\n        session.rollback()\n        raise HTTPException(500) from error\n",
            because="an answer has to be rolled back too",
        ),
        Declines(
            "def item(key):\n    try:\n        raise HTTPException(404)\n    except Exception:\n        return None\n",
            because="to answer None is another decision than to replace one error by another",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the clause."""
        clause = node_of(source, finding, ast.ExceptHandler)
        tried = next(
            (each for each in walk(source.tree) if isinstance(each, ast.Try) and clause in each.handlers), None
        )
        if clause is None or tried is None:
            return None
        kinds = {dotted(each) for part in tried.body for each in within(part) if last_name(each) == "HTTPException"}
        kinds.discard("")
        line = source.line_offsets[clause.lineno - 1]
        start = source.span_of(clause).start
        indent = source.text[line:start]
        if len(kinds) != 1 or indent.strip() or not all(_only_speaks(each) for each in clause.body):
            return None
        kind, step = kinds.pop(), "\t" if indent.startswith("\t") else "    "
        return Change(
            title=f"Let {kind} through",
            reason="The answer that the code above has chosen reaches the caller; whatever else fails is answered as "
            "before.",
            edits=(added_before(source, clause, f"except {kind}:\n{indent}{step}raise\n{indent}"),),
            tradeoffs=Tradeoffs("callers see the status that was raised, where the clause replaced it"),
            conditions=(Condition("the clause has nothing to undo", "it only logs and raises"),),
        )


def _only_speaks(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return True
    names = {"exception", "error", "warning", "info", "debug", "critical", "print"}
    return isinstance(statement, ast.Expr) and last_name(statement.value) in names
