"""The rule column-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, dotted, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_WITH_NAME = 2


class ColumnFromCaller:
    """The caller chooses the column by which rows are sorted or filtered.

    He can sort by a column that he must not read, and learn it row by row.
    """

    name: ClassVar[str] = "column-from-caller"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users")
            def users(sort: str = "name"):
                return session.scalars(select(User).order_by(getattr(User, sort))).all()
            """,
            says="users takes the column of User from sort",
        ),
        FlagsCode(
            """
            from django.http import HttpRequest, JsonResponse
            def users(request):
                return JsonResponse(list(User.objects.order_by(request.GET["sort"])))
            """,
            says="users takes the column of User from the request",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users")
            def users(sort: str = "name"):
                if sort not in {"name", "created"}:
                    raise HTTPException(422)
                return session.scalars(select(User).order_by(getattr(User, sort))).all()
            """,
            because="it is one of two",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/users")
            def users(sort: str = "name"):
                return session.scalars(select(User).order_by(COLUMNS[sort])).all()
            """,
            because="it is looked up in a fixed set",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each attribute of a class, and each order of a manager, that text of the caller names."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                names = chain(call)
                if dotted(call.func) == "getattr" and len(call.args) >= _WITH_NAME:
                    owner, given = excerpt(call.args[0]), call.args[1]
                    if not owner[:1].isupper() or owner.isupper() or not isinstance(call.args[0], ast.Name):
                        continue
                elif len(names) > 1 and names[-1] == "order_by" and "objects" in names and call.args:
                    owner, given = names[0], call.args[0]
                else:
                    continue
                sent = from_caller(given, tainted)
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{function.name} takes the column of {owner} from {sent}.",
                        why="Sorting by a column tells its order: a password's hash is read letter by letter "
                        "(OWASP API3:2023).",
                        instead="Look the column up in a dictionary of those that callers may use.",
                    )
