"""The errors that a handler answers stand in its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import route_call
from backend_mentor.proposals.code.documented_answers import call_documented, undocumented
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI, HTTPException\n\napp = FastAPI()\n\n\n"
_BODY = "    if key not in ITEMS:\n        raise HTTPException(404, 'no é')\n    return ITEMS[key]\n"


class AnswersDocumented:
    """List in `responses` each status that a handler raises, described by the text that goes with it.

    Valid where each handler that lacks them has one decorator of a route to put them into: nothing that runs changes.
    """

    name: ClassVar[str] = "answers-documented"
    answers: ClassVar[tuple[str, ...]] = ("errors-not-documented",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.get('/é/{key}')  # é\ndef item(key: int):\n" + _BODY,
            _APP + "@app.get('/é/{key}', responses={404: {'description': 'no é'}})  # é\ndef item(key: int):\n" + _BODY,
        ),
        Fixes(
            _APP + "@app.put(\n    '/{key}',\n    status_code=202,  # é\n)\nasync def change(key: int):\n"
            "    if key in BUSY:\n        raise HTTPException(status_code=409)\n" + _BODY,
            _APP + "@app.put(\n    '/{key}',\n    status_code=202, responses={404: {'description': 'no é'}, "
            "409: {'description': 'Conflict'}},  # é\n)\nasync def change(key: int):\n"
            "    if key in BUSY:\n        raise HTTPException(status_code=409)\n" + _BODY,
        ),
        Declines(
            _APP + "@app.get('/{key}', **OPTIONS)\ndef item(key: int):\n" + _BODY,
            because="the options that are handed on can hold them already",
        ),
        Declines(
            _APP + "@app.get('/{key}')\n@app.get('/v1/{key}')\ndef item(key: int):\n" + _BODY,
            because="it has two routes, and one of them can be left out of the documentation",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add `responses` to the decorators of all handlers that lack them."""
        edits: list[Edit] = []
        told: list[int] = []
        for handler in source.handlers:
            statuses = undocumented(source, handler)
            if not statuses:
                continue
            call = route_call(source, handler)
            edit = call_documented(source, call, statuses) if call is not None else None
            if edit is None:
                return None
            edits.append(edit)
            told += statuses
        if not edits:
            return None
        return Change(
            title=f"Document {', '.join(str(each) for each in sorted(set(told)))}",
            reason="Clients that are generated from the documentation know these answers; nothing that runs changes.",
            edits=tuple(edits),
            tradeoffs=Tradeoffs("the list has to be kept true by hand"),
            conditions=(Condition("each status is raised", f"{len(edits)} of the cell's handlers raise them"),),
        )
