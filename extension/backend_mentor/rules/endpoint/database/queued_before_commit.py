"""The rule queued-before-commit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    chain,
    dotted,
    enclosing,
    functions,
    last_name,
    own_calls,
    own_nodes,
    root_name,
    targets,
)
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class QueuedBeforeCommit:
    """A worker is told of a row that is not committed yet.

    It starts at once, looks for the row and finds none.
    """

    name: ClassVar[str] = "queued-before-commit"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def place(session, order):\n    session.add(order)\n    session.flush()\n    send_mail.delay(order.id)\n"
            "    session.commit()\n",
            says="`send_mail.delay` is called before the commit",
        ),
        FlagsCode(
            "from django.db import transaction\ndef place(request):\n    with transaction.atomic():\n"
            "        order = Order.objects.create()\n        send_mail.delay(order.pk)\n",
            says="`send_mail.delay` is called before the commit",
        ),
        PassesCode(
            "def place(session, order):\n    session.add(order)\n    session.commit()\n    send_mail.delay(order.id)\n",
            because="the row is there",
        ),
        PassesCode(
            "from django.db import transaction\ndef place(request):\n    with transaction.atomic():\n"
            "        order = Order.objects.create()\n"
            "        transaction.on_commit(lambda: send_mail.delay(order.pk))\n",
            because="it waits for the commit",
        ),
        PassesCode(
            "def place(session, order, key):\n    session.add(order)\n    count.delay(key)\n    session.commit()\n",
            because="it is told of another row",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `delay` or `apply_async` with the key of a row that is written further up and committed below."""
        for function in functions(source.tree):
            written = _written(function)
            commits = [each.lineno for each in own_calls(function) if last_name(each) == "commit"]
            for call in own_calls(function):
                if last_name(call) not in {"delay", "apply_async", "enqueue"} or not isinstance(
                    call.func, ast.Attribute
                ):
                    continue
                named = {
                    dotted(each.value)
                    for each in ast.walk(call)
                    if isinstance(each, ast.Attribute) and each.attr in {"id", "pk"}
                }
                rows = [name for name, line in written.items() if name in named and line < call.lineno]
                since = max((written[name] for name in rows), default=0)
                ends_later = any(line > call.lineno for line in commits) and not any(
                    since <= line < call.lineno for line in commits
                )
                if rows and (ends_later or _is_atomic(source, call)):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` is called before the commit that makes {rows[0]} visible.",
                        why="The worker is faster than the commit: it finds no such row, or the transaction is rolled "
                        "back and the work is done all the same.",
                        instead="Call it after the commit, in Django with `transaction.on_commit`.",
                    )


def _written(function: Function) -> dict[str, int]:
    """Return the variables that hold a row that the function inserts, with the line."""
    found: dict[str, int] = {}
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and chain(node.value)[-2:] == ("objects", "create"):
            found |= dict.fromkeys(targets(node), node.lineno)
        if (
            isinstance(node, ast.Call)
            and last_name(node) == "add"
            and len(node.args) == 1
            and names_session(root_name(node))
        ):
            found |= {dotted(node.args[0]): node.lineno}
    return found


def _is_atomic(source: Source, call: ast.Call) -> bool:
    for each in enclosing(source.tree, call):
        if isinstance(each, Function | ast.Lambda):
            return False
        if isinstance(each, ast.With) and any("transaction.atomic" in ast.unparse(item) for item in each.items):
            return True
    return False
