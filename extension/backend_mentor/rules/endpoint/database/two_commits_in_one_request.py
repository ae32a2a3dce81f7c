"""The rule two-commits-in-one-request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.flow import commit_pairs
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TwoCommitsInOneRequest:
    """One request commits twice.

    Where it fails between the two, the first half stays done, and nobody knows.
    """

    name: ClassVar[str] = "two-commits-in-one-request"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\ndef order(session, body: Body):\n"
            "    session.add(Order(total=body.total))\n    session.commit()\n"
            "    session.add(Payment(amount=body.total))\n    session.commit()\n",
            says="order commits twice",
        ),
        PassesCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\ndef order(session, body: Body):\n"
            "    session.add(Order(total=body.total))\n    session.flush()\n"
            "    session.add(Payment(amount=body.total))\n    session.commit()\n",
            because="one commit ends both",
        ),
        PassesCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\ndef order(session, body: Body):\n"
            "    if body.draft:\n        session.add(Draft())\n        session.commit()\n        return\n"
            "    session.add(Order(total=body.total))\n    session.commit()\n",
            because="each way has one",
        ),
        PassesCode(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/orders')\ndef order(session, body: Body):\n"
            "    session.add(Job(state='running'))\n    session.commit()\n    answer = httpx.post(PAY, timeout=3)\n"
            "    session.add(Payment(answer.text))\n    session.commit()\n",
            because="no transaction is to stay open while another service is asked",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first of two commits that stand in the same block of a handler with a write in between."""
        for handler in source.handlers:
            for first, second, receiver in commit_pairs(source, handler):
                yield report(
                    self,
                    source,
                    first,
                    what=f"{handler.name} commits twice: here and on line {source.span_of(second).line}.",
                    why="An error between the two leaves the first half in the database, and a second try writes it "
                    "again.",
                    instead=f"Commit once at the end; `{receiver}.flush()` gives the keys that are needed before.",
                )
