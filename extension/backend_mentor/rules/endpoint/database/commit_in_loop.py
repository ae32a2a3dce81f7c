"""The rule commit-in-loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, enclosing, last_name, loops_around
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CommitInLoop:
    """A transaction is committed for each item of a loop.

    Each commit waits for the disk, and a failure half-way leaves half of the work done.
    """

    name: ClassVar[str] = "commit-in-loop"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def close(session, orders):
                for order in orders:
                    order.closed = True
                    session.commit()
            """,
            says="`session.commit()` runs once for each order",
        ),
        PassesCode(
            """
            def close(session, orders):
                for order in orders:
                    order.closed = True
                session.commit()
            """,
            because="one commit ends the whole",
        ),
        PassesCode(
            """
            def load(session, batches):
                for batch in batches:
                    session.add_all(batch)
                    session.commit()
            """,
            because="a commit for each batch is meant",
        ),
        PassesCode(
            """
            def store(session, row):
                for last in (False, True):
                    try:
                        session.merge(row)
                        session.commit()
                        return
                    except OperationalError:
                        session.rollback()
            """,
            because="it tries a second time",
        ),
        PassesCode(
            """
            def invite(session, people):
                for person in people:
                    session.add(Invitation(person))
                    session.commit()
                    send_mail(person)
            """,
            because="what goes out to the world must not be told before it is kept",
        ),
        PassesCode(
            """
            def unlock(session, fields):
                for field in fields:
                    if field in LOCKED_BY:
                        session.execute(text("UPDATE people SET locked = 0"))
                        session.commit()
            """,
            because="not every turn comes to it",
        ),
        PassesCode(
            """
            def take_in(session, rows):
                for row in rows:
                    try:
                        session.add(Order(**row))
                        session.commit()
                    except IntegrityError:
                        session.rollback()
                        refused.append(row)
            """,
            because="a row that is refused is to leave the others alone",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each commit of a session in a `for` that does not go by batches."""
        for call in calls(source.tree):
            names = chain(call)
            if names[-1:] != ("commit",) or len(names) < 2 or not names_session(names[-2]):
                continue
            loop = next(iter(loops_around(source.tree, call)), None)
            if (
                loop is None
                or _goes_out(source, call)
                or _is_chosen(source, call)
                or isinstance(loop[1], ast.Tuple | ast.List | ast.Set)
                or {
                    "batch",
                    "batches",
                    "chunk",
                    "chunks",
                    "batched",
                    "page",
                    "pages",
                    "range",
                    "attempt",
                }
                & {word for name in (*loop[0], *chain(loop[1])) for word in words_of(name)}
            ):
                continue
            item = min(loop[0], default="item")
            yield report(
                self,
                source,
                call,
                what=f"`{'.'.join(names)}()` runs once for each {item}.",
                why="Each commit waits for the disk, and an error half-way leaves the first part "
                "changed and the rest not.",
                instead="Commit once after the loop, or after each batch of some hundred where the work is long.",
            )


def _is_chosen(source: Source, call: ast.Call) -> bool:
    """Return whether only some turns of the loop come to the commit, or one that fails is to leave the others alone."""
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.For | ast.AsyncFor):
            return False
        if isinstance(each, ast.If | ast.ExceptHandler | ast.match_case):
            return True
        if (
            isinstance(each, ast.Try)
            and each.handlers
            and not any(isinstance(part, ast.Raise) for clause in each.handlers for part in clause.body)
        ):
            return True
    return False


_SENDS = frozenset({"send", "mail", "email", "notify", "publish", "enqueue", "delay", "post", "upload", "charge"})


def _goes_out(source: Source, call: ast.Call) -> bool:
    """Return whether the loop does something for each item that no rollback takes back."""
    loop = next((each for each in enclosing(source.tree, call) if isinstance(each, ast.For | ast.AsyncFor)), None)
    if loop is None:
        return False
    return any(_SENDS & set(words_of(last_name(each))) for each in calls(loop))
