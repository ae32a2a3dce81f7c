"""The rule read-then-written-back."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, dotted, functions, last_name, own_calls, own_nodes, targets
from backend_mentor.rules.endpoint.databases import asks_database
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_NUMBERS = frozenset(
    {"balance", "stock", "count", "quantity", "quota", "credits", "points", "seats", "inventory", "total", "amount"}
)


class ReadThenWrittenBack:
    """A number is read, changed in Python and written back.

    Two requests read the same number, and one of the two changes is lost.
    """

    name: ClassVar[str] = "read-then-written-back"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def pay(session, account_id: int, amount: int):
                account = session.get(Account, account_id)
                account.balance -= amount
                session.commit()
            """,
            says="account.balance is read, changed in Python and written back",
        ),
        PassesCode(
            """
            def pay(session, account_id: int, amount: int):
                account = session.get(Account, account_id, with_for_update=True)
                account.balance -= amount
                session.commit()
            """,
            because="the row is locked from the read on",
        ),
        PassesCode(
            """
            def pay(session, account_id: int, amount: int):
                account = session.get(Account, account_id)
                account.balance = Account.balance - amount
                session.commit()
            """,
            because="the database computes it",
        ),
        PassesCode("def add(self, n: int):\n    self.count += n\n", because="it is not a row"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `row.balance -= n` on a row that the function has loaded without a lock and saves."""
        for function in functions(source.tree):
            text = source.code_of(function)
            if re.search(r"for_update|version_id|\bF\(|SERIALIZABLE|\block\b", text):
                continue
            loaded = {
                name
                for node in own_nodes(function)
                if isinstance(node, ast.Assign) and any(asks_database(each) for each in calls(node.value))
                for name in targets(node)
            }
            saves = any(last_name(each) in {"commit", "save", "flush"} for each in own_calls(function))
            for node in own_nodes(function):
                if (
                    saves
                    and isinstance(node, ast.AugAssign)
                    and isinstance(node.target, ast.Attribute)
                    and dotted(node.target.value) in loaded
                    and _NUMBERS & set(words_of(node.target.attr))
                ):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{dotted(node.target)} is read, changed in Python and written back.",
                        why="Two requests at the same time read the same number, and one of the changes is lost.",
                        instead="Let the database compute it (`Account.balance - amount`, "
                        "`F('balance') - amount`), or lock the "
                        "row when you read it: `with_for_update=True`.",
                    )
