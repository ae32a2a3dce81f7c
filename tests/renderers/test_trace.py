"""A run of endpoint code as readers see it: requests, repeated statements, stalls, and counts that grow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.code_check import CodeCheck, Noticed
from backend_mentor.domain.proof import Proof
from backend_mentor.domain.review import Provenance, Review
from backend_mentor.domain.trace import (
    AnswerDifference,
    CodeRuns,
    Exchange,
    GrownCount,
    Growth,
    GrowthVerdict,
    SentRequest,
    SentStatement,
    Stall,
    Trace,
)
from backend_mentor.renderers import RENDERERS
from backend_mentor.renderers.json import review_to_dict
from backend_mentor.renderers.view import View

REQUEST = SentRequest("GET", "/authors?name=<b>", template="/authors")
REPEATED = SentStatement("SELECT * FROM books WHERE author_id = ?", 1_200, 7, 84.0, 3_600, "Author.books")
EXCHANGE = Exchange(
    REQUEST,
    200,
    120.0,
    (SentStatement("SELECT * FROM authors", 1, 6, 2.0, 1_200), REPEATED),
    (Stall("authors", 9, "time.sleep(0.1)", 101.0),),
    left_open=(4,),
    leaked=(None,),
)


def growth(*queries: int, status: int = 200, sizes: tuple[int, ...] = (9, 90, 900)) -> Growth:
    counts = zip((1, 10, 100), queries, sizes, strict=True)
    return Growth(REQUEST, tuple(GrownCount(rows, asked, status, size) for rows, asked, size in counts), REPEATED)


REVIEW = Review(
    Cell("app = FastAPI()", CellKind.ENDPOINT),
    Provenance("0.1.0"),
    trace=Trace((EXCHANGE,), (growth(2, 11, 101),), ("What the app wrote to its database was rolled back.",)),
)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (growth(2, 11, 101), GrowthVerdict.GROWS),
        (growth(2, 6, 6), GrowthVerdict.GROWS),
        (growth(1, 1, 2), GrowthVerdict.IN_BATCHES),
        (growth(2, 2, 2), GrowthVerdict.CONSTANT),
        (growth(2, 2, 2, sizes=(9, 9, 9)), GrowthVerdict.NOT_TELLING),
        (growth(2, 11, 101, status=500), GrowthVerdict.NOT_TELLING),
        (growth(2, 2, 1), GrowthVerdict.NOT_TELLING),
        (Growth(REQUEST, ()), GrowthVerdict.NOT_TELLING),
    ],
)
def test_the_verdict_on_growth_follows_from_the_counts(measured: Growth, verdict: GrowthVerdict) -> None:
    assert measured.verdict is verdict


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_each_request_is_shown_with_its_figures_and_what_stands_out(form: str) -> None:
    shown = " ".join(RENDERERS[form](REVIEW, View(width=160)).split())
    for piece in ("1,201 statements", "120 ms", "4,800 rows", "1,200 ×", "Author.books", "101 ms", "line 9", "101"):
        assert piece in shown, piece
    assert "a connection was not given back" in shown
    assert "a transaction was left open, line 4" in shown
    assert "grows with the rows" in shown
    assert "rolled back" in shown


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_path_can_not_bring_markup_of_its_own(form: str) -> None:
    assert "<b>&gt;" not in RENDERERS[form](REVIEW, View())
    assert "name=<b>" not in RENDERERS[form](REVIEW, View())


def test_the_json_holds_the_computed_figures_and_no_trace_where_nothing_ran() -> None:
    trace = review_to_dict(REVIEW)["trace"]
    assert isinstance(trace, dict)
    assert trace["exchanges"][0]["queries"] == 1_201
    assert (trace["growths"][0]["verdict"], trace["growths"][0]["slope"]) == ("grows with the rows", 1.0)
    assert "trace" not in review_to_dict(replace(REVIEW, trace=None))


def test_a_change_of_code_is_the_same_only_where_every_answer_was() -> None:
    runs = CodeRuns(6, (), (growth(2, 11, 101),), (growth(2, 2, 2),))
    check = CodeCheck(True, (Noticed("query-in-loop", 3),), runs=runs)
    assert Proof(code=check).verdict.endswith("answers 6 of 6 requests the same; 101 become 2 statements at 100 rows")
    different = replace(runs, differences=(AnswerDifference(REQUEST, 10, "$.total: 3 became null"),))
    assert Proof(code=replace(check, runs=different)).refuted
    assert "answers 5 of 6 requests the same" in Proof(code=replace(check, runs=different)).verdict
