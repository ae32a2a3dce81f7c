"""A row that is read and written back is locked in between, or changed by the database."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, argument_added, has_comment, node_of, quoted
from backend_mentor.reading.endpoints.asking import chained
from backend_mentor.reading.endpoints.fetches import assigned_once
from backend_mentor.reading.endpoints.trees import (
    chain,
    dotted,
    enclosing_function,
    has_unpacked,
    last_name,
    names_in,
    own_calls,
    own_nodes,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.trees import Function


class RowLockedWhileChanged:
    """Lock the row when it is read, or let Django's database compute.

    SQLAlchemy: valid where one statement of the function reads the row. Django: valid where the attribute is not read
    after it was set.
    """

    name: ClassVar[str] = "row-locked-while-changed"
    answers: ClassVar[tuple[str, ...]] = ("read-then-written-back",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def pay(session, é, amount):\n    account = session.get(Account, é)  # é\n"
            "    account.balance -= amount\n    session.commit()\n",
            "def pay(session, é, amount):\n    account = session.get(Account, é, with_for_update=True)  # é\n"
            "    account.balance -= amount\n    session.commit()\n",
        ),
        Fixes(
            "def pay(session, key, amount):\n    account = session.query(Account).filter(\n"
            "        Account.id == key  # é\n    ).one()\n    account.balance -= amount\n    session.commit()\n",
            "def pay(session, key, amount):\n    account = session.query(Account).filter(\n"
            "        Account.id == key  # é\n    ).with_for_update().one()\n    account.balance -= amount\n"
            "    session.commit()\n",
        ),
        Fixes(
            "from django.db import models\n\n\ndef sell(request, key):\n    book = Book.objects.get(pk=key)\n"
            "    book.stock -= 1  # é\n    book.save()\n",
            "from django.db import models\nfrom django.db.models import F\n\n\ndef sell(request, key):\n"
            '    book = Book.objects.get(pk=key)\n    book.stock = F("stock") - 1  # é\n    book.save()\n',
        ),
        Declines(
            "from django.db import models\n\n\ndef sell(request, key):\n    book = Book.objects.get(pk=key)\n"
            "    book.stock -= 1\n    book.save()\n    return book.stock\n",
            because="the number is read afterwards, and would be an expression",
        ),
        Declines(
            "def pay(session, key, amount):\n    account = find(session.execute(ACCOUNT))\n"
            "    account.balance -= amount\n    session.commit()\n",
            because="the cell does not show how the row is read",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the lock to the read, or write the sum as an expression."""
        node = node_of(source, finding, ast.AugAssign)
        function = enclosing_function(source.tree, node) if node is not None else None
        if node is None or function is None or not isinstance(node.target, ast.Attribute):
            return None
        row = dotted(node.target.value)
        read = assigned_once(function).get(row)
        call = read.value if isinstance(read, ast.Await) else read
        if not isinstance(call, ast.Call):
            return None
        if "objects" in chain(call):
            return _computed_by_database(source, function, node, row)
        edit = _locked(source, call)
        if edit is None:
            return None
        return Change(
            title=f"Lock the row of {row} when it is read",
            reason="A second request waits at the read until this one has committed, and then sees the new number.",
            edits=(edit,),
            tradeoffs=Tradeoffs(
                "requests for the same row wait for each other; SQLite knows no such lock and ignores it",
                "the transaction goes on for long after the read",
            ),
            conditions=(Condition(f"{row} is read by one statement", f"line {call.lineno}"),),
        )


def _locked(source: Source, call: ast.Call) -> Edit | None:
    names = chain(call)
    if names[-1] == "get" and len(call.args) == 2 and not has_unpacked(call) and "query" not in names:
        return argument_added(source, call, "with_for_update=True")
    joined = {last_name(each) for each in chained(call)} & {"outerjoin", "group_by", "distinct", "options"}
    if names[-1] in {"one", "first", "one_or_none"} and "query" in names and not joined:
        return (
            added_after(source, call.func.value, ".with_for_update()") if isinstance(call.func, ast.Attribute) else None
        )
    return None


def _computed_by_database(source: Source, function: Function, node: ast.AugAssign, row: str) -> Change | None:
    target = node.target
    operator = {ast.Add: "+", ast.Sub: "-"}.get(type(node.op))
    if not isinstance(target, ast.Attribute) or operator is None or not isinstance(node.value, ast.Constant | ast.Name):
        return None
    later = [
        each
        for each in own_nodes(function)
        if isinstance(each, ast.Attribute) and dotted(each) == f"{row}.{target.attr}" and each is not target
    ]
    handed = [
        each
        for each in own_calls(function)
        if any(isinstance(given, ast.Name) and given.id == row for given in each.args)
    ]
    returned = any(isinstance(each, ast.Return) and row in names_in(each.value) for each in own_nodes(function))
    if later or handed or returned:
        return None
    start, end = source.span_of(target).end, source.span_of(node.value).start
    text = f" = F({quoted(source, target.attr)}) {operator} "
    if has_comment(source, start, end) or "(" in source.text[start:end]:
        return None
    return Change(
        title=f"Let the database compute {target.attr}",
        reason="The UPDATE adds to the number that is there then, so that no other request's change is lost.",
        edits=(Edit(start, end, text),),
        imports=("django.db.models.F",),
        tradeoffs=Tradeoffs(
            f"{row}.{target.attr} is an expression until the row is read again", "signals of the model read the number"
        ),
        conditions=(
            Condition(f"{row}.{target.attr} is not read afterwards", f"{function.name} names it nowhere else"),
        ),
    )
