"""The rule write-without-filter."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, dotted, enclosing_function, last_name
from backend_mentor.rules.endpoint.databases import chained, names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ON_PURPOSE = frozenset(
    {
        "test",
        "clear",
        "reset",
        "seed",
        "teardown",
        "truncate",
        "wipe",
        "purge",
        "cleanup",
        "all",
        "migrate",
        "upgrade",
        "downgrade",
    }
)

_ALL_OF_THEM = re.compile(r"\b(?:all|every|each|empty|wipe|purge|reset|clean\w*|left ?over)\b", re.IGNORECASE)


class WriteWithoutFilter:
    """An UPDATE or DELETE is built without a condition.

    It changes each row of the table.
    """

    name: ClassVar[str] = "write-without-filter"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def close(session, user_id: int):
                session.execute(update(Account).values(closed=True))
            """,
            says="changes each row of Account",
        ),
        FlagsCode("def clear(session):\n    session.query(Cart).delete()\n", says="deletes each row of Cart"),
        PassesCode(
            """
            def close(session, user_id: int):
                session.execute(update(Account).where(Account.user_id == user_id).values(closed=True))
            """,
            because="it has its condition",
        ),
        PassesCode(
            """
            def close(session, accounts):
                session.execute(update(Account), [{"id": each, "closed": True} for each in accounts])
            """,
            because="a list of rows is an update by primary key",
        ),
        PassesCode(
            """
            def test_clear(session):
                session.query(Cart).delete()
            """,
            because="a test empties its own tables",
        ),
        PassesCode(
            """
            def start(session):
                # Workers of the last run are gone: clean up what they left.
                session.query(Worker).delete()
            """,
            because="its author says that all go",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each statement that is built and sent in one expression of a function that is no test or clean-up."""
        for call in calls(source.tree):
            function = enclosing_function(source.tree, call)
            if function is None or _empties_on_purpose(function.name) or _is_meant(source, call):
                continue
            found = _unfiltered(call)
            if found is not None:
                done, model = found
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{excerpt(call)}` {done} each row of {model}.",
                    why="No condition is built into it, and after the commit there is no way back.",
                    instead="Add the condition that is meant: `.where(...)`.",
                )


def _empties_on_purpose(name: str) -> bool:
    return bool(_ON_PURPOSE & set(words_of(name))) and name != "clear"


def _is_meant(source: Source, call: ast.Call) -> bool:
    """Return whether the comment right above says that all of the table is meant."""
    above = source.text.splitlines()[: call.lineno - 1]
    comment = itertools.takewhile(lambda line: line.lstrip().startswith("#"), reversed(above))
    return any(_ALL_OF_THEM.search(line) for line in comment)


def _unfiltered(call: ast.Call) -> tuple[str, str] | None:
    """Return what is done to which model, where a call sends an UPDATE or DELETE without a condition."""
    names = chain(call)
    if names[-1:] == ("delete",) and names[1:-1] == ("query",) and names_session(names[0]):
        query = next(each for each in chained(call) if last_name(each) == "query")
        return ("deletes", dotted(query.args[0])) if len(query.args) == 1 and dotted(query.args[0]) else None
    if names[-1:] != ("execute",) or not names_session(names[0]) or len(call.args) != 1:
        return None
    parts = list(chained(call.args[0]))
    if not parts or {"where", "filter", "filter_by", "from_statement"} & {last_name(each) for each in parts}:
        return None
    start = parts[-1]
    if not isinstance(start.func, ast.Name) or start.func.id not in {"update", "delete"} or len(start.args) != 1:
        return None
    return ("changes" if start.func.id == "update" else "deletes", dotted(start.args[0]) or "the table")
