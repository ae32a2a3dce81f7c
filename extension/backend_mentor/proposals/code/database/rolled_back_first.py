"""A failed commit is rolled back before the session goes on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_before, indent_of, node_of
from backend_mentor.reading.endpoints.trees import calls, dotted, enclosing, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RolledBackFirst:
    """Roll back first in the `except` around a commit.

    Valid for a session that the clause does not use itself: after a failure nothing but a rollback is possible.
    """

    name: ClassVar[str] = "rolled-back-first"
    answers: ClassVar[tuple[str, ...]] = ("session-used-after-failure",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def save(session, order):\n    session.add(order)\n    try:\n        session.commit()\n"
            "    except IntegrityError:  # é\n        log.warning('known already')\n"
            "    return session.query(Order).count()\n",
            "def save(session, order):\n    session.add(order)\n    try:\n        session.commit()\n"
            "    except IntegrityError:  # é\n        session.rollback()\n        log.warning('known already')\n"
            "    return session.query(Order).count()\n",
        ),
        Fixes(
            "async def save(db, order):\n    try:\n\t    await db.commit()\n    except IntegrityError:\n\t    # é\n"
            "\t    order.failed = True\n    return await db.scalar(COUNT)\n",
            "async def save(db, order):\n    try:\n\t    await db.commit()\n    except IntegrityError:\n\t    # é\n"
            "\t    await db.rollback()\n\t    order.failed = True\n    return await db.scalar(COUNT)\n",
        ),
        Declines(
            "def save(session, order):\n    try:\n        session.commit()\n"
            "    except IntegrityError: order.failed = True\n"
            "    return session.query(Order).count()\n",
            because="the clause has no line of its own",
        ),
        Declines(
            "def save(session, order):\n    try:\n        session.commit()\n    except IntegrityError:\n"
            "        session.expunge(order)\n    return session.query(Order).count()\n",
            because="the clause does something with the session itself",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the rollback."""
        clause = node_of(source, finding, ast.ExceptHandler)
        around = next(iter(enclosing(source.tree, clause)), None) if clause is not None else None
        if clause is None or not isinstance(around, ast.Try):
            return None
        commit = next(
            (each for part in around.body for each in calls(part) if last_name(each) in {"commit", "flush"}), None
        )
        first, indent = clause.body[0], indent_of(source, clause.body[0])
        if commit is None or indent is None or not isinstance(commit.func, ast.Attribute):
            return None
        session = dotted(commit.func.value)
        if session in {dotted(each) for part in clause.body for each in ast.walk(part)}:
            return None
        waits = "await " if isinstance(next(iter(enclosing(source.tree, commit)), None), ast.Await) else ""
        return Change(
            title=f"Roll {session} back first",
            reason="After a failed commit the session takes nothing but a rollback; with it, it goes on.",
            edits=(added_before(source, first, f"{waits}{session}.rollback()\n{indent}"),),
            tradeoffs=Tradeoffs("all that was not committed is gone, as it is without this line", None),
            conditions=(Condition(f"the clause does nothing with {session}", f"lines from {clause.lineno}"),),
        )
