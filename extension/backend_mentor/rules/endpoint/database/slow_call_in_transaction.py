"""The rule slow-call-in-transaction."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import Function, chain, dotted, enclosing, full_name, functions, own_calls
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_VERBS = frozenset({"get", "post", "put", "patch", "delete", "request", "head"})


class SlowCallInTransaction:
    """Another service is asked while a transaction is open.

    Its rows stay locked for as long as the other service takes, and its connection is missing in the pool.
    """

    name: ClassVar[str] = "slow-call-in-transaction"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import httpx\ndef pay(session, order):\n    with session.begin():\n        session.add(order)\n"
            "        httpx.post(PAY, json={'sum': 3}, timeout=5)\n",
            says="`httpx.post` is waited for inside the transaction of pay",
        ),
        FlagsCode(
            "import requests\nfrom django.db import transaction\n@transaction.atomic\ndef pay(request, key):\n"
            "    order = Order.objects.select_for_update().get(pk=key)\n"
            "    requests.post(PAY, json={'sum': 3}, timeout=5)\n",
            says="`requests.post` is waited for inside the transaction of pay",
        ),
        PassesCode(
            "import httpx\ndef pay(session, order):\n    answer = httpx.post(PAY, json={'sum': 3}, timeout=5)\n"
            "    with session.begin():\n        session.add(order)\n",
            because="the answer is there before it begins",
        ),
        PassesCode(
            "import httpx\ndef pay(session, order):\n    with session.begin():\n        session.add(order)\n"
            "    httpx.post(PAY, timeout=5)\n",
            because="it has ended by then",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each HTTP call and sleep in a block or function that the code marks as one transaction."""
        for function in functions(source.tree):
            atomic = any("atomic" in ast.unparse(each) for each in function.decorator_list)
            for call in own_calls(function):
                full = full_name(source.tree, call.func)
                module, _, verb = full.rpartition(".")
                slow = full in {"time.sleep", "asyncio.sleep"} or (module in {"requests", "httpx"} and verb in _VERBS)
                if slow and (atomic or _in_transaction(source, call)):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` is waited for inside the transaction of {function.name}.",
                        why="Each row that it has written or locked stays locked until the answer comes, and its "
                        "connection is missing in the pool.",
                        instead="Ask before the transaction begins, or after it has ended.",
                    )


def _in_transaction(source: Source, call: ast.Call) -> bool:
    for each in enclosing(source.tree, call):
        if isinstance(each, Function | ast.Lambda):
            return False
        if isinstance(each, ast.With | ast.AsyncWith):
            for item in each.items:
                names = chain(item.context_expr)
                if names[-1:] == ("atomic",) or (names[-1:] == ("begin",) and names_session(names[0])):
                    return True
    return False
