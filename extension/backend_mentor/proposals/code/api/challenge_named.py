"""An answer of 401 says how to log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_added
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of
from backend_mentor.reading.endpoints.trees import full_name, has_unpacked, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ChallengeNamed:
    """Give an answer of 401 the header WWW-Authenticate.

    Valid where the exception is FastAPI's or Starlette's and has no headers of its own; status and body stay.
    """

    name: ClassVar[str] = "challenge-named"
    answers: ClassVar[tuple[str, ...]] = ("challenge-missing",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from fastapi import HTTPException\nfrom fastapi.security import HTTPBearer\n\nscheme = HTTPBearer()\n\n\n"
            "def caller(é):\n    raise HTTPException(401, 'é')  # é\n",
            "from fastapi import HTTPException\nfrom fastapi.security import HTTPBearer\n\nscheme = HTTPBearer()\n\n\n"
            'def caller(é):\n    raise HTTPException(401, \'é\', headers={"WWW-Authenticate": "Bearer"})  # é\n',
        ),
        Declines(
            "from fastapi.security import HTTPBearer\nfrom shop.errors import HTTPException\n\nscheme = HTTPBearer()\n"
            "\n\ndef caller():\n    raise HTTPException(401, 'Who?')\n",
            because="what this exception takes is the project's own",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the header behind the last argument."""
        call = call_of(source, finding)
        if call is None or has_unpacked(call) or keyword(call, "headers") is not None:
            return None
        if full_name(source.tree, call.func).partition(".")[0] not in {"fastapi", "starlette"}:
            return None
        added = keyword_added(source, call, 'headers={"WWW-Authenticate": "Bearer"}')
        if added is None:
            return None
        return Change(
            title="Say in the 401 that a bearer token is wanted",
            reason="RFC 9110 wants the header with each 401; status and body stay as they are.",
            edits=(added,),
            tradeoffs=Tradeoffs("none but the line", "the same path takes another scheme too: name both"),
            conditions=(Condition("the exception has no headers", f"line {call.lineno}"),),
        )
