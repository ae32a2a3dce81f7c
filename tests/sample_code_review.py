"""The review of a cell of code, made by hand: changes that were judged again, one that was run, and one refuted."""

from __future__ import annotations

from backend_mentor.domain.cell import Cell, CellKind, Span
from backend_mentor.domain.code_check import CodeCheck, Noticed
from backend_mentor.domain.finding import Evidence, Finding, Place, Responsibility, Severity
from backend_mentor.domain.proof import Condition, Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.review import Escalation, Explanation, Provenance, Review, Step
from backend_mentor.domain.trace import CodeRuns, GrownCount, Growth, SentRequest

_TEXT = """\
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates/{name}")
def rate(name: str):
    return requests.get(f"https://rates.example.com/{name}").json()
"""
_BETTER = _TEXT.replace('{name}")', '{name}", timeout=5)', 2).replace('"/rates/{name}", timeout=5)', '"/rates/{name}")')
_WORSE = _BETTER.replace("timeout=5", "timeout=5, verify=False")
_REQUEST = SentRequest("GET", "/rates/EUR")


def unlimited_wait() -> Review:
    """Return the review of a handler that waits for another service without a limit."""
    waits = Noticed("request-without-timeout", 9)
    ran = CodeRuns(
        6, (), (Growth(_REQUEST, (GrownCount(100, 3, 200, 90),)),), (Growth(_REQUEST, (GrownCount(100, 3, 200, 90),)),)
    )
    return Review(
        Cell(_TEXT, CellKind.ENDPOINT, "rates.py", framework="FastAPI"),
        Provenance("0.1.0", milliseconds=180.0),
        statement=_TEXT,
        explanation=Explanation(
            "FastAPI code with one handler: GET /rates/{name} (`rate`).",
            (Step("rate: receives", "GET /rates/{name} (`rate`) takes `name` (str) from the path."),),
        ),
        findings=(
            Finding(
                "request-without-timeout", Severity.WARNING, Responsibility.PERFORMANCE,
                "`requests.get` waits for the other side without a limit.",
                "One partner that stops answering holds a worker for each request until none is left.",
                "Give it a timeout: `timeout=5`.",
                (Evidence("S113: Probable use of `requests` call without timeout", "text"),),
                Place(Span(_TEXT.index("requests.get"), _TEXT.index("requests.get") + 12, 9, 12)),
            ),
        ),
        proposals=(
            _change(_BETTER, "Wait at most 5 s for requests.get", CodeCheck(parses=True, silenced=(waits,))),
            _change(_BETTER, "Wait at most 5 s", CodeCheck(parses=True, silenced=(waits,), runs=ran)),
        ),
        rejected=(
            _change(_WORSE, "Wait without looking at the certificate", CodeCheck(
                parses=True, silenced=(waits,), added=(Noticed("certificate-not-checked", 9),))),
        ),
        escalations=(Escalation("Agree with its team on how long a rate may take.", "You wait for it."),),
        conclusion="Put 1 thing right before this goes out.",
    )  # fmt: skip


def _change(after: str, title: str, check: CodeCheck) -> Proposal:
    return Proposal(
        ProposalKind.CODE,
        "timeout-given",
        title,
        _TEXT,
        after,
        "An answer that comes is the same; one that does not come ends in an exception.",
        Tradeoffs("an exception after 5 s that callers have to expect", "an answer takes longer than that by design"),
        ("request-without-timeout",),
        proof=Proof(conditions=(Condition("requests.get takes a timeout", "its library's documentation"),), code=check),
    )
