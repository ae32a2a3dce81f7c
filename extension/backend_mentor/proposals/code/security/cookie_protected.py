"""A cookie that logs somebody in has its protection."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_added
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of
from backend_mentor.reading.endpoints.trees import argument, constant_text, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


# Behind `domain`, the order of the parameters differs from one framework to the next.
_SAME_ORDER = 6
# Starlette and what is built on it send `samesite=lax` by themselves.
_WITHOUT_SAMESITE = ("Flask", "Django")


class CookieProtected:
    """Set `httponly` and `secure` on a cookie that logs somebody in, and `samesite` where the framework does not.

    Valid where the call says nothing of them. Browsers send the cookie over HTTPS alone then and show it to no script,
    so it is offered on its own.
    """

    name: ClassVar[str] = "cookie-protected"
    answers: ClassVar[tuple[str, ...]] = ("cookie-without-protection",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from fastapi import FastAPI, Response\n\napp = FastAPI()\n\n\ndef remember(response: Response, é):\n"
            "    response.set_cookie('session_token', é)  # é\n",
            "from fastapi import FastAPI, Response\n\napp = FastAPI()\n\n\ndef remember(response: Response, é):\n"
            "    response.set_cookie('session_token', é, httponly=True, secure=True)  # é\n",
        ),
        Fixes(
            "from flask import Flask, make_response\n\napp = Flask('é')\n\n\ndef remember(token):\n"
            "    answer = make_response('é')\n    answer.set_cookie(\n        key='access_token',\n"
            "        value=token,\n        httponly=True,  # é\n    )\n    return answer\n",
            "from flask import Flask, make_response\n\napp = Flask('é')\n\n\ndef remember(token):\n"
            "    answer = make_response('é')\n    answer.set_cookie(\n        key='access_token',\n"
            "        value=token,\n        httponly=True, secure=True, samesite='Lax',  # é\n    )\n"
            "    return answer\n",
        ),
        Declines(
            "def remember(response, token):\n    response.set_cookie('session', token, httponly=False, secure=True)\n",
            because="the author has decided that a script reads it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the flags behind the last argument."""
        call = call_of(source, finding)
        if call is None or len(call.args) > _SAME_ORDER or any(isinstance(each, ast.Starred) for each in call.args):
            return None
        absent = [flag for flag in ("httponly", "secure") if keyword(call, flag) is None]
        flags = [f"{flag}=True" for flag in absent]
        mark = source.code_of(argument(call, 0, "key") or call)[:1]
        if (source.framework or "").startswith(_WITHOUT_SAMESITE) and keyword(call, "samesite") is None:
            flags.append(f"samesite={mark}Lax{mark}")
        added = keyword_added(source, call, ", ".join(flags)) if absent else None
        if added is None or mark not in {"'", '"'} or _is_decided(call):
            return None
        name = constant_text(argument(call, 0, "key"))
        return Change(
            title=f"Set the cookie {name} with {', '.join(flags)}",
            reason="No script reads the cookie, and it never travels unencrypted.",
            edits=(added,),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                "the cookie travels over HTTPS alone: a test client has to speak to an https:// address, and a script "
                "in the page sees it no longer",
                "a script of the page has to read the cookie",
            ),
            conditions=(Condition("the call says nothing of these flags", f"line {call.lineno}"),),
        )


def _is_decided(call: ast.Call) -> bool:
    values = [keyword(call, flag) for flag in ("httponly", "secure")]
    return any(isinstance(each, ast.Constant) and not each.value for each in values)
