"""An HTTPException is raised, not returned."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import cause_of, clause_around, handler_around, is_called_here, is_caught
from backend_mentor.proposals.code.documented_answers import newly_documented
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, node_of
from backend_mentor.reading.endpoints.trees import argument, constant, constant_text

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_FIRST_ERROR = 300


class ExceptionRaised:
    """Write `raise` where an HTTPException is returned.

    Valid where nothing around it catches what is raised, and where no other code of the cell asks the function for
    its value, which could be looked at to see whether it is an exception.
    """

    name: ClassVar[str] = "exception-raised"
    answers: ClassVar[tuple[str, ...]] = ("exception-returned",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.get('/items/{é}')\n"
            "async def item(é: int):\n    if é not in ITEMS: return HTTPException(404, 'no é')  # é\n"
            "    return ITEMS[é]\n",
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n"
            "@app.get('/items/{é}', responses={404: {'description': 'no é'}})\n"
            "async def item(é: int):\n    if é not in ITEMS: raise HTTPException(404, 'no é')  # é\n"
            "    return ITEMS[é]\n",
        ),
        Fixes(
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.get('/items/{key}')\n"
            "def item(key: int):\n\ttry:\n\t\treturn ITEMS[key]\n\texcept KeyError as error:\n"
            "\t\treturn HTTPException(\n\t\t\tstatus_code=404,  # é\n\t\t)\n",
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n"
            "@app.get('/items/{key}', responses={404: {'description': 'Not Found'}})\n"
            "def item(key: int):\n\ttry:\n\t\treturn ITEMS[key]\n\texcept KeyError as error:\n"
            "\t\traise HTTPException(\n\t\t\tstatus_code=404,  # é\n\t\t) from error\n",
        ),
        Declines(
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.get('/items/{key}')\n"
            "def item(key: int):\n    try:\n        return HTTPException(404)\n    except Exception:\n"
            "        return None\n",
            because="the clause around it would catch what is raised",
        ),
        Declines(
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.get('/items/{key}')\n"
            "def item(key: int):\n    return HTTPException(404)\n\n\ndef both():\n"
            "    found = item(1)\n    return None if isinstance(found, HTTPException) else found\n",
            because="other code looks at what the function returns",
        ),
        Declines(
            "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n@app.post('/items')\n"
            "def add(key: int):\n    return HTTPException(status_code=201, detail='made')\n",
            because="it is no error: raised, it would leave by the way of errors",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the word, and name the cause where an `except` has one."""
        node = node_of(source, finding, ast.Return)
        call = node.value if node is not None else None
        handler = handler_around(source, node) if node is not None else None
        if node is None or not isinstance(call, ast.Call) or handler is None or handler.node is None:
            return None
        status = constant(argument(call, 0, "status_code"))
        if (isinstance(status, int) and status < _FIRST_ERROR) or is_caught(source, node):
            return None
        if is_called_here(source, handler.node) and handler.routes:
            return None
        clause = clause_around(source, node)
        start = source.span_of(node).start
        edits = [Edit(start, start + len("return"), "raise")]
        if clause is not None:
            cause = cause_of(source, clause)
            if cause is None:
                return None
            edits += [added_after(source, node, f" from {cause[0]}"), *cause[1]]
        edits += newly_documented(source, handler, status, constant_text(argument(call, 1, "detail")))
        return Change(
            title="Raise the HTTPException",
            reason="Raised, it becomes an answer of its status; returned, it is the body of an answer with status 200.",
            edits=tuple(edits),
            tradeoffs=Tradeoffs("none", "a caller takes the body of status 200 for the error today"),
            conditions=(
                Condition("nothing catches it on its way", "no `except` around it takes an HTTPException"),
                Condition("no other code asks the function for its value", f"{handler.name} is called by nobody here"),
            ),
        )
