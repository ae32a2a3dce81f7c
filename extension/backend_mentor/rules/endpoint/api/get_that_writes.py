"""The rule get-that-writes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, last_name, own_calls
from backend_mentor.rules.endpoint.databases import writes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_MEANT = frozenset(
    {
        "callback",
        "oauth",
        "oidc",
        "openid",
        "saml",
        "sso",
        "login",
        "authorize",
        "verify",
        "confirm",
        "unsubscribe",
        "logout",
        "track",
        "tracking",
        "visit",
        "redirect",
        "seed",
        "init",
        "setup",
    }
)

_RECORDS = frozenset({"audit", "log", "logs"})


class GetThatWrites:
    """A GET changes data.

    Browsers prefetch, crawlers follow links and proxies repeat: each of them counts on GET being harmless.
    """

    name: ClassVar[str] = "get-that-writes"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.API
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{key}/cancel")
            def cancel(key: int, session: Session = Depends(get_session)):
                session.delete(session.get(Order, key))
                session.commit()
            """,
            says="GET /orders/{key}/cancel changes data",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/orders/{key}")
            def order(key: int, session: Session = Depends(get_session)):
                found = session.get(Order, key)
                session.commit()
                return found
            """,
            because="a commit alone changes nothing",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/login/callback")
            def callback(code: str, session: Session = Depends(get_session)):
                session.add(Login(code=code))
            """,
            because="a login provider sends the browser back with GET",
        ),
        PassesCode(
            """
            @app.get("/orders/{key}")
            def order(key: int, db: Session = Depends(get_db)):
                AuditLog.objects.create(kind="looked at", key=key)
                return load(key)
            """,
            because="that somebody looked is written down",
        ),
        PassesCode(
            """
            @app.get("/groups/{key}")
            def group(key: int):
                objects = load(key)
                objects[0].update(describe(key))
                return objects
            """,
            because="a dictionary of the answer is added to",
        ),
        PassesCode(
            """
            def options(request):
                found, _ = Options.objects.get_or_create(user=request.user)
                return JsonResponse(found.shown)
            """,
            because="it is made where it is missing, and asking again changes nothing",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask(__name__)
            @app.get("/login/openid")
            def come_back():
                session.add(User(name=claims["email"]))
                session.commit()
            """,
            because="the provider sends the browser back by GET",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each handler of GET alone that adds, changes or deletes rows, callbacks and logs of access left out."""
        for handler in source.handlers:
            if handler.node is None or not handler.methods or not set(handler.methods) <= {"GET", "HEAD"}:
                continue
            words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
            call = next((each for each in own_calls(handler.node) if _changes(each)), None)
            if call is not None and not words & _MEANT:
                place = f"GET {handler.route}" if handler.route else handler.name
                yield report(
                    self,
                    source,
                    call,
                    what=f"{place} changes data: `{excerpt(call)}`.",
                    why="Prefetching browsers, crawlers and retrying proxies send a GET without "
                    "anyone having asked for it.",
                    instead="Answer to POST, PUT, PATCH or DELETE.",
                )


def _changes(call: ast.Call) -> bool:
    """Return whether a call writes what the next GET would write again, which `get_or_create` does not."""
    return writes(call) and not _records(call) and last_name(call) not in {"get_or_create", "aget_or_create"}


def _records(call: ast.Call) -> bool:
    """Return whether a write only records that something was looked at."""
    return bool(_RECORDS & {word for name in chain(call) for word in words_of(name)})
