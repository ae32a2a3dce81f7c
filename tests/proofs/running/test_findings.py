"""A run confirms what reading supposed, takes it back, or shows what reading could not see."""

from __future__ import annotations

import pytest

from backend_mentor.domain.finding import Finding, Severity
from backend_mentor.domain.trace import SentRequest
from backend_mentor.proofs.judging import judge as judge_cell
from backend_mentor.proofs.running.findings import Judged, judge
from backend_mentor.proofs.running.run import Target, run
from backend_mentor.reading.classify import read_cell
from tests.proofs.running.cells import ENGINE, FASTAPI, MODELS
from tests.proofs.running.conftest import Execute

APP = "from fastapi import FastAPI\n" + MODELS + ENGINE + "app = FastAPI()\n"


def judged(target: Target) -> Judged:
    read = judge_cell(read_cell(target.source.text)).findings
    return judge(target.source, run(target).trace, read)


def of_rule(findings: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [each for each in findings if each.rule == rule]


def test_a_supposed_n_plus_one_gets_the_counts_as_its_evidence_and_is_not_told_twice(execute: Execute) -> None:
    result = judged(execute(FASTAPI))
    found = of_rule(result.findings, "relation-loaded-in-loop")
    (authors,) = [each for each in found if "each.books" in each.what]
    assert authors.evidence[-1].source == "run"
    assert "GET /authors: 2, 11 and 101 statements at 1, 10 and 100 rows" in authors.what
    assert of_rule(result.findings, "n-plus-one") == []


def test_an_n_plus_one_that_reading_can_not_see_is_found_by_its_growth(execute: Execute) -> None:
    cell = APP + (
        "def shown(author):\n"
        "    return {'name': author.name, 'books': len(getattr(author, 'bo' + 'oks'))}\n"
        "@app.get('/authors')\n"
        "def authors():\n"
        "    with Session(engine) as db:\n"
        "        return list(map(shown, db.scalars(select(Author))))\n"
    )
    target = execute(cell)
    (found,) = of_rule(judged(target).findings, "n-plus-one")
    assert found.what == "GET /authors sends 2, 11 and 101 statements at 1, 10 and 100 rows."
    assert "selectinload(Author.books)" in found.instead
    assert found.place.span is not None
    assert target.source.text[found.place.span.start : found.place.span.end].startswith("return {'name'")


LOOP = (
    "CACHE = {}\n"
    "@app.get('/authors')\n"
    "def authors():\n"
    "    with Session(engine) as db:\n"
    "        found = db.scalars(select(Author).where(Author.name != '')).all()\n"
    "        known = {each.id: each for each in found}\n"
    "        return [db.get(Author, number).name for number in known]\n"
)


def test_a_supposed_n_plus_one_whose_count_stays_constant_while_the_answer_grows_is_taken_back(
    execute: Execute,
) -> None:
    target = execute(APP + LOOP)
    assert of_rule(judge_cell(read_cell(target.source.text)).findings, "query-in-loop")
    result = judged(target)
    assert of_rule(result.findings, "query-in-loop") == []
    (withdrawn,) = result.withdrawn
    assert withdrawn.startswith("query-in-loop on line")
    assert withdrawn.endswith("GET /authors sends 1, 1 and 1 statements at 1, 10 and 100 rows, while its answer grows.")


@pytest.mark.parametrize(
    ("code", "because"),
    [
        (
            LOOP.replace("        return [", "        if len(found) > 1000:\n            return []\n        return ["),
            None,
        ),
        (
            LOOP.replace("        return [", "        if 'x' in CACHE:\n          return [").rstrip()
            + "\n        return [each.name for each in found]\n",
            "no request of the run went through that branch",
        ),
        (LOOP.replace("return [db", "return len([db").rstrip() + ") and 'all'\n", "the answer shows no growth"),
    ],
)
def test_a_supposed_n_plus_one_is_kept_where_the_run_does_not_tell(
    execute: Execute, code: str, because: str | None
) -> None:
    kept = of_rule(judged(execute(APP + code)).findings, "query-in-loop")
    assert bool(kept) is (because is not None)


def test_blocking_errors_leaks_and_open_transactions_are_found_on_their_lines(execute: Execute) -> None:
    cell = APP + (
        "import threading\n"
        "kept = Session(engine)\n"
        "@app.get('/blocks')\n"
        "async def blocks():\n"
        "    threading.Event().wait(0.4)\n"
        "@app.get('/fails')\n"
        "def fails():\n"
        "    return {}['total']\n"
        "@app.get('/leaks')\n"
        "def leaks():\n"
        "    made = [Session(engine)]\n"
        "    return made[0].scalars(select(Author.name)).all()\n"
        "@app.get('/keeps')\n"
        "def keeps():\n"
        "    return kept.scalars(select(Author.name)).all()\n"
    )
    target = execute(cell)
    findings = judged(target).findings
    lines = {
        each.rule: each.place.span.line for each in findings if each.place.span and each.evidence[-1].source == "run"
    }
    last = target.source.text.count("\n")
    expected = {"blocking-in-event-loop": 10, "error-status": 7, "connection-leaked": 3, "transaction-left-open": 0}
    assert {rule: last - lines[rule] for rule in expected} == expected
    target.namespace["kept"].close()


def test_a_good_app_gets_no_finding_from_its_run(execute: Execute) -> None:
    cell = FASTAPI.replace("select(Author))]", "select(Author).options(selectinload(Author.books)))]").replace(
        "select(Book).where", "select(Book).options(selectinload(Book.author)).where"
    )
    result = judged(execute(cell))
    from_run = [each for each in result.findings if any(one.source == "run" for one in each.evidence)]
    assert from_run == []


def test_an_answer_that_is_refused_is_no_error_of_the_server_s(execute: Execute) -> None:
    result = judged(execute(FASTAPI, SentRequest("GET", "/authors/999"), SentRequest("GET", "/authors/none")))
    assert of_rule(result.findings, "error-status") == []
    assert all(each.severity is not Severity.CRITICAL for each in result.findings)
