"""The answers that a route of FastAPI documents: `responses={…}` in its decorator."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.proposals.code.answering import route_call
from backend_mentor.proposals.code.places import argument_added, quoted

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.proposals.code.fix import Edit

_FOR_ALL = re.compile(r"(?:APIRouter|FastAPI|include_router)\([^)]*responses=")


def undocumented(source: Source, handler: Handler) -> dict[int, str]:
    """Return the statuses that a route raises and documents nowhere, each with the texts that go with it."""
    decorators = " ".join(handler.decorators)
    documents = "responses" in decorators or "include_in_schema=False" in decorators
    if documents or handler.kind is not HandlerKind.ROUTE or not handler.route or _FOR_ALL.search(source.text):
        return {}
    texts: dict[int, list[str]] = {}
    for each in handler.raises:
        # A success that is raised is a mistake of its own, and no answer to be promised.
        if each.status is not None and each.status >= 400 and not each.caught:
            texts.setdefault(each.status, []).extend([each.detail] if each.detail else [])
    return {status: " or ".join(dict.fromkeys(texts[status])) for status in sorted(texts)}


def call_documented(source: Source, call: ast.Call, statuses: Mapping[int, str]) -> Edit | None:
    """Return the edit that lists statuses in a decorator; one without a text is described by its name in HTTP."""
    named = {status: text or _phrase(status) for status, text in statuses.items()}
    if not all(text and _is_plain(text) for text in named.values()):
        return None
    key = quoted(source, "description")
    entries = ", ".join(f"{status}: {{{key}: {quoted(source, text)}}}" for status, text in named.items())
    return argument_added(source, call, f"responses={{{entries}}}")


def newly_documented(source: Source, handler: Handler, status: object, text: str | None) -> tuple[Edit, ...]:
    """Return what documents one status that a handler is about to raise; nothing where that is not for this change."""
    call = route_call(source, handler)
    if call is None or not isinstance(status, int) or undocumented(source, handler) or _FOR_ALL.search(source.text):
        return ()
    if any(each.arg in {"responses", "include_in_schema"} for each in call.keywords):
        return ()
    plain = text if text is not None and _is_plain(text) else ""
    edit = call_documented(source, call, {status: plain})
    return () if edit is None else (edit,)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _is_plain(text: str) -> bool:
    return text.isprintable() and not set(text) & set("'\"\\")
