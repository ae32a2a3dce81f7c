"""The rule check-then-insert."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    chain,
    constant,
    dotted,
    functions,
    last_name,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.code import Function


_FINDS = frozenset({"first", "exists", "one_or_none", "scalar", "scalar_one_or_none"})


class CheckThenInsert:
    """A row is looked for, and inserted where it was not found.

    Two requests at the same time both find nothing, and both insert.
    """

    name: ClassVar[str] = "check-then-insert"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def register(session, email: str):\n"
            "    if session.query(User).filter(User.email == email).first():\n"
            "        raise HTTPException(409)\n"
            "    session.add(User(email=email))\n    session.commit()\n",
            says="register looks for a User before it inserts one",
        ),
        FlagsCode(
            "async def register(session, email: str):\n"
            "    known = await session.scalar(select(User).where(User.email == email))\n"
            "    if known is not None:\n        raise HTTPException(409)\n"
            "    user = User(email=email)\n    session.add(user)\n    await session.commit()\n",
            says="register looks for a User before it inserts one",
        ),
        FlagsCode(
            "def register(request):\n    if User.objects.filter(email=request.POST['email']).exists():\n"
            "        return HttpResponse(status=409)\n    User.objects.create(email=request.POST['email'])\n",
            says="register looks for a User before it inserts one",
        ),
        PassesCode(
            "def register(session, email: str):\n"
            "    if session.query(User).filter(User.email == email).first():\n"
            "        raise HTTPException(409)\n"
            "    session.add(User(email=email))\n    try:\n        session.commit()\n"
            "    except IntegrityError:\n        raise HTTPException(409)\n",
            because="the database has the last word",
        ),
        PassesCode(
            "def order(session, key: int):\n    if session.query(User).filter(User.id == key).first() is None:\n"
            "        raise HTTPException(404)\n    session.add(Order(user_id=key))\n    session.commit()\n",
            because="what is inserted is another thing",
        ),
        PassesCode(
            "def post(session, author: int):\n    if session.query(Post).filter(Post.author == author).count() > 10:\n"
            "        raise HTTPException(429)\n    session.add(Post(author=author))\n    session.commit()\n",
            because="it is a limit, not a row that must not be there twice",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each insert of a class after a test that stops where a row of it is found."""
        for function in functions(source.tree):
            if re.search(
                r"IntegrityError|on_conflict|for_update|\block\b|get_or_create|UniqueViolation",
                source.code_of(function),
            ):
                continue
            for model, test in _tests(function):
                insert = next((each for each in own_calls(function) if _inserts(each, model)), None)
                if insert is not None and insert.lineno > test.lineno:
                    yield report(
                        self,
                        source,
                        test,
                        what=f"{function.name} looks for a {model} before it inserts one.",
                        why="Two requests at the same time both find nothing, and both insert.",
                        instead="Declare the column unique, insert, and answer 409 where the commit raises "
                        "IntegrityError.",
                    )
                    break


def _tests(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the class that is looked for and the query, for each `if` of the body that stops where a row is found."""
    given = {name: node.value for node in own_nodes(function) if isinstance(node, ast.Assign) for name in targets(node)}
    for node in function.body:
        if not isinstance(node, ast.If) or not isinstance(node.body[-1], ast.Raise | ast.Return):
            continue
        test = node.test
        if (
            isinstance(test, ast.Compare)
            and isinstance(test.ops[0], ast.IsNot)
            and constant(test.comparators[0]) is None
        ):
            test = test.left
        query = given.get(test.id, test) if isinstance(test, ast.Name) else test
        query = query.value if isinstance(query, ast.Await) else query
        names = chain(query)
        if (
            not isinstance(query, ast.Call)
            or names[-1] not in _FINDS
            or not {"filter", "filter_by", "where"} & _all(query)
        ):
            continue
        if "objects" in names or names_session(names[0]):
            model = names[0] if "objects" in names else _asked_for(query)
            if model:
                yield model, query


def _all(query: ast.Call) -> frozenset[str]:
    return frozenset(last_name(each) for each in calls(query))


def _asked_for(query: ast.Call) -> str:
    start = next(
        (each for each in calls(query) if last_name(each) in {"select", "query"} and len(each.args) == 1), None
    )
    return dotted(start.args[0]).partition(".")[0] if start is not None else ""


def _inserts(call: ast.Call, model: str) -> bool:
    return (last_name(call.func) == model and isinstance(call.func, ast.Name)) or chain(call) == (
        model,
        "objects",
        "create",
    )
