"""Two commits of one request become one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of
from backend_mentor.reading.endpoints.trees import dotted, enclosing_function, last_name, own_calls

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.post('/orders', status_code=201)\n"


class OneCommitAtTheEnd:
    """Flush instead of the first of two commits.

    Valid where both stand in the handler's own block, on one session, with nothing slow in between: keys are there
    after a flush as after a commit, and the second commit ends both.
    """

    name: ClassVar[str] = "one-commit-at-the-end"
    answers: ClassVar[tuple[str, ...]] = ("two-commits-in-one-request",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def order(session, body: dict):\n    row = Order(é=body)\n    session.add(row)\n"
            "    session.commit()  # é: row.id\n    session.add(Payment(order_id=row.id))\n    session.commit()\n",
            _APP + "def order(session, body: dict):\n    row = Order(é=body)\n    session.add(row)\n"
            "    session.flush()  # é: row.id\n    session.add(Payment(order_id=row.id))\n    session.commit()\n",
        ),
        Fixes(
            _APP + "async def order(db, body: dict):\n    db.add(Order(body))\n    await db.commit()\n"
            "    db.add(Payment(body))\n    await db.commit()\n",
            _APP + "async def order(db, body: dict):\n    db.add(Order(body))\n    await db.flush()\n"
            "    db.add(Payment(body))\n    await db.commit()\n",
        ),
        Declines(
            _APP + "def order(session, body: dict):\n    session.add(Order(body))\n    session.commit()\n"
            "    send_mail.delay(1)\n    session.add(Payment(body))\n    session.commit()\n",
            because="the worker has to find the order",
        ),
        Declines(
            _APP + "def order(connection, body: dict):\n    connection.execute(A)\n    connection.commit()\n"
            "    connection.execute(B)\n    connection.commit()\n",
            because="a connection has nothing to flush",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the word."""
        call = node_of(source, finding, ast.Call)
        function = enclosing_function(source.tree, call) if call is not None else None
        if call is None or function is None or not isinstance(call.func, ast.Attribute):
            return None
        if dotted(call.func.value).rpartition(".")[2] not in {"session", "db"}:
            return None
        tells = {"delay", "apply_async", "send", "publish", "enqueue", "add_task", "create_task", "rollback", "get_db"}
        if any(last_name(each) in tells for each in own_calls(function)):
            return None
        end = source.span_of(call.func).end
        return Change(
            title="Flush here, and commit once at the end",
            reason="A flush sends the rows and gives their keys; the commit at the end makes both visible, or none.",
            edits=(Edit(end - len("commit"), end, "flush"),),
            tradeoffs=Tradeoffs(
                "locks of the first part are held a little longer",
                "the first part has to stay even if the second fails",
            ),
            conditions=(
                Condition("nothing else is told of the first part in between", f"the calls of {function.name}"),
            ),
        )
