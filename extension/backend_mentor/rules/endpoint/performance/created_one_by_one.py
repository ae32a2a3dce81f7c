"""The rule created-one-by-one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    chain,
    enclosing,
    enclosing_function,
    last_name,
    loops_around,
    parents,
    root_name,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.sample_tables import DJANGO_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SENDS = frozenset({"send", "send_mail", "send_messages", "delay", "apply_async"})


class CreatedOneByOne:
    """Django inserts the rows of a loop one by one.

    Each is a round trip and, outside a transaction, a commit; `bulk_create` sends them together.
    """

    name: ClassVar[str] = "created-one-by-one"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            DJANGO_TABLES + "def load(rows):\n    for row in rows:\n        Author.objects.create(name=row['name'])\n",
            says="`Author.objects.create` inserts one row for each row",
        ),
        FlagsCode(
            DJANGO_TABLES + "def load(rows):\n    try:\n        read(rows)\n    except ValueError:\n"
            "        for row in rows:\n            Author.objects.create(name=row['name'])\n",
            says="`Author.objects.create` inserts one row for each row",
        ),
        PassesCode(
            DJANGO_TABLES
            + "def load(rows):\n    Author.objects.bulk_create([Author(name=row['name']) for row in rows])\n",
            because="they go together",
        ),
        PassesCode(
            DJANGO_TABLES + "def load():\n    for name in ('Ann', 'Bob'):\n        Author.objects.create(name=name)\n",
            because="it is two rows, whatever the data",
        ),
        PassesCode(
            DJANGO_TABLES
            + "def load(rows):\n    for row in rows:\n        author = Author.objects.create(name=row['name'])\n"
            "        greet(author)\n",
            because="each row is used as soon as it is there",
        ),
        PassesCode(
            """
            def record(request, emails):
                for email in emails:
                    AuditLog.objects.create(request.user, request, "removed", email)
            """,
            because="a method of the project, which does more than insert",
        ),
        PassesCode(
            """
            def store(by_currency):
                for currency, rows in by_currency.items():
                    Job.objects.create(currency=currency, rows=rows)
            """,
            because="one row for a group of them",
        ),
        PassesCode(
            """
            def begin(patient, kinds):
                for kind in kinds:
                    kind.objects.create(patient=patient)
            """,
            because="each row is of another table",
        ),
        PassesCode(
            DJANGO_TABLES + "def tell(rows):\n    for row in rows:\n        Author.objects.create(name=row['name'])\n"
            "        mail_to(row).send()\n",
            because="the row says of one mail that it went out, and has to be there when the next one fails",
        ),
        PassesCode(
            """
            def load(rows):
                for row in rows:
                    try:
                        Author.objects.create(name=row["name"])
                    except IntegrityError:
                        logger.info("%s is here already", row["name"])
            """,
            because="what one row breaks is dealt with row by row",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `objects.create` in a loop over something whose length the cell does not show."""
        for call in calls(source.tree):
            names = chain(call)
            if names[-2:] != ("objects", "create") or enclosing_function(source.tree, call) is None:
                continue
            if not isinstance(parents(source.tree).get(call), ast.Expr):
                continue  # the row is used at once
            loop = next(iter(loops_around(source.tree, call)), None)
            # Django's own takes keywords alone: with a value by place it is a method of the project's.
            if loop is not None and last_name(loop[1]) in {"items", "values", "keys"}:
                continue  # a group of rows each, of which there are few
            if loop is not None and root_name(call.func) in loop[0]:
                continue  # another table each
            if loop is None or call.args or not loop[0] or _is_short(loop[1]) or _is_tried_alone(source, call):
                continue
            if _is_kept_in_step(source, call):
                continue
            yield report(
                self,
                source,
                call,
                what=f"`{'.'.join(names)}` inserts one row for each {min(loop[0])}.",
                why="Each row is a round trip, and outside of a transaction a commit of its own.",
                instead=f"Gather the objects and insert them together: `{'.'.join(names[:-1])}.bulk_create(objects)`.",
            )


def _is_short(iterable: ast.expr) -> bool:
    """Return whether the code says itself how often the loop turns."""
    if isinstance(iterable, ast.Call) and last_name(iterable) == "range":
        return all(isinstance(each, ast.Constant) for each in iterable.args)
    return isinstance(iterable, ast.Tuple | ast.List | ast.Constant)


def _is_tried_alone(source: Source, call: ast.Call) -> bool:
    """Return whether what one row breaks is dealt with row by row."""
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.Try) and each.handlers:
            return True
        if isinstance(each, ast.For | ast.AsyncFor):
            break
    return False


def _is_kept_in_step(source: Source, call: ast.Call) -> bool:
    """Return whether the same turn of the loop sends something, which no later failure takes back."""
    loop = next((each for each in enclosing(source.tree, call) if isinstance(each, ast.For | ast.AsyncFor)), None)
    return loop is not None and any(last_name(each) in _SENDS for part in loop.body for each in calls(part))
