"""The rule handler-does-everything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, full_name, last_name, own_calls, own_nodes
from backend_mentor.rules.endpoint.databases import asks_database, writes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_MANY_STATEMENTS, _MANY_KINDS = 25, 3


class HandlerDoesEverything:
    """One handler answers HTTP, asks the database, calls other services and holds the rules of the business.

    A rule that can not be tried without a server, a database and a network is a rule that nobody tries.
    """

    name: ClassVar[str] = "handler-does-everything"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "def order(session, body: Body):\n"
            + "    step = body.step\n" * 24
            + "    session.add(step)\n    httpx.post(PAY, timeout=3)\n    mail.send_message(step)\n",
            says="order has 27 statements, and among them the database, another service and mail",
        ),
        PassesCode(
            "import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "def order(session, body: Body):\n    place(session, body)\n    httpx.post(PAY, timeout=3)\n",
            because="it hands the work on",
        ),
        PassesCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\n"
            "def order(session, body: Body):\n" + "    step = body.step\n" * 30 + "    session.add(step)\n",
            because="it is long, and of one kind",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each route of more than 25 statements that does three kinds of work or more."""
        for handler in source.handlers:
            if handler.node is None:
                continue
            statements = sum(isinstance(each, ast.stmt) for each in own_nodes(handler.node))
            kinds = [name for name, asks in _KINDS if any(asks(source, each) for each in own_calls(handler.node))]
            if statements > _MANY_STATEMENTS and len(kinds) >= _MANY_KINDS:
                yield report(
                    self,
                    source,
                    handler.node,
                    what=f"{handler.name} has {statements} statements, and among them "
                    f"{', '.join(kinds[:-1])} and {kinds[-1]}.",
                    why="Its rules can not be tried without all of them, and none of it can be used by a second route.",
                    instead="Move the rules into a function of plain values, and leave the handler to read the "
                    "request, "
                    "call it and answer.",
                )


_KINDS: tuple[tuple[str, Callable[[Source, ast.Call], bool]], ...] = (
    ("the database", lambda _, call: asks_database(call) or writes(call)),
    ("another service", lambda source, call: full_name(source.tree, call.func).startswith(("httpx.", "requests."))),
    ("mail", lambda _, call: last_name(call) in {"send_mail", "send_message", "sendmail", "send_email"}),
    ("files", lambda _, call: dotted(call.func) == "open" or last_name(call) in {"write_text", "write_bytes"}),
    ("a queue", lambda _, call: last_name(call) in {"delay", "apply_async", "enqueue"}),
    ("passwords", lambda _, call: last_name(call) in {"hashpw", "checkpw", "hash_password", "verify_password"}),
)
