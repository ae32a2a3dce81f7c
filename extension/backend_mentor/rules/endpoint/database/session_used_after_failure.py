"""The rule session-used-after-failure."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    chain,
    functions,
    last_name,
    names_in,
    own_nodes,
    root_name,
    targets,
    within,
)
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_MENDS = frozenset({"rollback", "close", "abort", "exit"})


class SessionUsedAfterFailure:
    """A session goes on after a failed commit without a rollback.

    Each statement from there on raises PendingRollbackError, far from its cause.
    """

    name: ClassVar[str] = "session-used-after-failure"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def save(session, order):\n    session.add(order)\n    try:\n        session.commit()\n"
            "    except IntegrityError:\n        log.warning('known already')\n"
            "    return session.query(Order).count()\n",
            says="save goes on with session after a failed commit",
        ),
        PassesCode(
            "def save(session, order):\n    session.add(order)\n    try:\n        session.commit()\n"
            "    except IntegrityError:\n        session.rollback()\n    return session.query(Order).count()\n",
            because="the rollback makes it usable again",
        ),
        PassesCode(
            "def save(order):\n    try:\n        with Session(engine) as session:\n            session.commit()\n"
            "    except IntegrityError:\n        log.warning('known already')\n    with Session(engine) as session:\n"
            "        return session.query(Order).count()\n",
            because="it is another session",
        ),
        PassesCode(
            "def save(session, order):\n    try:\n        session.commit()\n    except IntegrityError:\n"
            "        raise HTTPException(409)\n    return session.query(Order).count()\n",
            because="it ends there",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `except` around a commit or flush that neither rolls back nor leaves, before another use."""
        for function in functions(source.tree):
            for place, node in enumerate(function.body):
                if not isinstance(node, ast.Try):
                    continue
                name = next((root_name(each) for each in _commits(node.body)), "")
                opened = {
                    each for item in own_nodes(function) for each in targets(item) if isinstance(item, ast.withitem)
                }
                later = name not in opened and any(name in names_in(each) for each in function.body[place + 1 :])
                for clause in node.handlers:
                    inside = [each for part in clause.body for each in within(part)]
                    leaves = any(isinstance(each, ast.Raise | ast.Return | ast.Continue | ast.Break) for each in inside)
                    rolls_back = any(isinstance(each, ast.Call) and last_name(each) in _MENDS for each in inside)
                    if name and later and not leaves and not rolls_back and not node.finalbody:
                        yield report(
                            self,
                            source,
                            clause,
                            what=f"{function.name} goes on with {name} after a failed commit.",
                            why="Until a rollback each of its statements raises PendingRollbackError.",
                            instead=f"Call `{name}.rollback()` first in the `except`.",
                        )


def _commits(body: list[ast.stmt]) -> Iterator[ast.Call]:
    for part in body:
        for each in within(part):
            names = chain(each) if isinstance(each, ast.Call) else ()
            commits = len(names) == 2 and names[-1] in {"commit", "flush"} and names_session(names[0])
            if commits and isinstance(each, ast.Call):
                yield each
