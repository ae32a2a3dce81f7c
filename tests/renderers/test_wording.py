"""The words and figures that all renderers share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend_mentor.domain.plan import Operation, Plan, PlanNode
from backend_mentor.domain.proof import Cost, Counterexample, Measurement, OwnData, Proof, Rows, Runs, Trials
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.review import Provenance
from backend_mentor.renderers import figures, markdown
from backend_mentor.renderers.diff import Sign, added_text, compare_lines
from backend_mentor.renderers.offers import exhibit
from backend_mentor.renderers.plan_tree import picture
from backend_mentor.renderers.prose import split_code
from backend_mentor.renderers.same import render_same, same_bundle
from backend_mentor.renderers.tables import tell_difference
from backend_mentor.renderers.wording import describe_origin, head_proposal, mark_proof, tell_proof
from tests.sample_reviews import SQLITE, slow_orders, tempting_not_exists

_TRIALS = Trials(300, 250, 1, 80.0)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (figures.write_number(200_000), "200,000"),
        (figures.write_number(1.25), "1.2"),
        (figures.write_number(float("inf")), "inf"),
        (figures.count(1, "row"), "1 row"),
        (figures.count(0, "row"), "0 rows"),
        (figures.write_milliseconds(0.9), "0.9 ms"),
        (figures.write_milliseconds(0.042), "0.042 ms"),
        (figures.write_milliseconds(1_240), "1.2 s"),
        (figures.write_milliseconds(125_000), "2 min 5 s"),
        (figures.write_duration_change(38.1, 0.9), "38 -> 0.9 ms"),
        (figures.write_duration_change(1_500, 12), "1.5 -> 0.012 s"),
        (figures.write_bytes(4_100_000), "4.1 MB"),
        (figures.write_bytes(1), "1 byte"),
        (figures.write_share(0.001), "<1 %"),
        (figures.write_share(0.0), "0 %"),
        (figures.write_share(0.999), ">99 %"),
        (figures.write_share(1.0), "100 %"),
        (figures.write_factor(10.46), "10×"),
    ],
)
def test_figures_read_as_people_write_them(written: str, expected: str) -> None:
    assert written == expected


def test_white_space_is_no_change() -> None:
    assert {line.sign for line in compare_lines("SELECT a,\n  b FROM t", "SELECT a,\n\tb  FROM t")} == {Sign.KEPT}


def test_a_statement_in_one_line_is_broken_before_its_clauses_and_not_within_quotes() -> None:
    before = "SELECT name, city, country FROM people WHERE name = 'a WHERE b' AND city IN (SELECT city FROM cities)"
    after = before.replace("IN (SELECT city FROM cities)", "= 'Bern'")
    changed = [(line.sign.value, line.text.strip()) for line in compare_lines(before, after) if line.sign != Sign.KEPT]
    assert changed == [("-", "AND city IN (SELECT city FROM cities)"), ("+", "AND city = 'Bern'")]
    assert added_text(before, after) == "AND city = 'Bern'"


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("1. SELECT", "1\\. SELECT"),
        ("12.50 of 2026-03-02", "12.50 of 2026-03-02"),
        ("- a", "\\- a"),
        ("a_b _c_ *d* <e> a < b $5", "a_b \\_c\\_ \\*d\\* &lt;e> a \\< b \\$5"),
        ("$f$ and \\(g\\)", "`$`f`$` and `\\`(g\\\\)"),
        ("http://a<img src=x> www.b", "http:\\//a&lt;img src=x> www\\.b"),
    ],
)
def test_markdown_escapes_what_would_be_markup_and_no_more(written: str, escaped: str) -> None:
    assert markdown.escape(written) == escaped


def test_the_lines_of_an_author_who_breaks_them_are_kept() -> None:
    before = "SELECT a\nFROM (\n  SELECT b\n  FROM t\n) AS x\nWHERE " + " AND ".join(
        f"long_column_name <> {n}" for n in range(4)
    )
    lines = [line.text for line in compare_lines(before, before.replace("<> 3", "<> 33")) if line.sign != Sign.ADDED]
    assert lines[:6] == ["SELECT a", "FROM (", "  SELECT b", "  FROM t", ") AS x", "WHERE long_column_name <> 0"]


def test_trials_that_told_nothing_are_said_once() -> None:
    proof = Proof(trials=Trials(450, 0, 1, 80.0), obstacle="no trial returned a row")
    assert tell_proof(proof) == ("450 trial databases, on none of which yours returned a row",)


def test_the_and_of_between_stays_in_its_line() -> None:
    before = "SELECT a FROM t WHERE d BETWEEN 1 AND 2 AND (e = 1 OR e = 2) AND f = 3 ORDER BY a, b, c, d, e, f LIMIT 10"
    lines = [line.text for line in compare_lines(before, before)]
    assert lines == [
        "SELECT a",
        "FROM t",
        "WHERE d BETWEEN 1 AND 2",
        "  AND (e = 1 OR e = 2)",
        "  AND f = 3",
        "ORDER BY a, b, c, d, e, f",
        "LIMIT 10",
    ]


def test_a_long_statement_shows_its_changes_and_a_line_around_each() -> None:
    lines = [f"SELECT {number} AS c" for number in range(40)]
    changed = [*lines[:20], "SELECT 'x'", *lines[21:]]
    signs = "".join(line.sign.value for line in compare_lines("\n".join(lines), "\n".join(changed)))
    assert signs == "… -+ …"


@pytest.mark.parametrize(
    ("proof", "mark", "heading"),
    [
        (Proof(trials=_TRIALS, cost=Cost(100, 10, "EXPLAIN")), "≈", "Better version"),
        (Proof(trials=replace(_TRIALS, exhausted_rows=2), cost=Cost(100, 10, "EXPLAIN")), "✓", "Better version"),
        (Proof(changes_rows=False, cost=Cost(100, 10, "EXPLAIN")), "✓", "Better version"),
        (Proof(trials=_TRIALS), "?", "Another version"),
        (Proof(cost=Cost(100, 10, "EXPLAIN")), "?", "Another version"),
        (Proof(trials=_TRIALS, cost=Cost(10, 100, "EXPLAIN")), "▼", "Another version"),
        (Proof(trials=_TRIALS, own_data=OwnData(3, 1, 0)), "✗", "Another version"),
    ],
)
def test_only_what_was_shown_to_be_the_same_and_cheaper_is_ticked(proof: Proof, mark: str, heading: str) -> None:
    proposal = Proposal(ProposalKind.REWRITE, "a", "a", "a", "b", "", Tradeoffs("none"), proof=proof)
    assert mark_proof(proof) == mark
    assert head_proposal(proposal) == heading


def test_a_measurement_whose_counts_and_clock_disagree_says_so() -> None:
    proof = Proof(trials=_TRIALS, measurement=Measurement(Runs((10.0,), 100), Runs((40.0,), 50), "steps", "a copy"))
    assert "counted work and clock disagree, so the clock decides" in tell_proof(proof)
    assert "10 -> 40 ms (1 run on a copy)" in tell_proof(proof)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (((1,),), ((1,), (2,)), "It also returns 1 row that yours does not."),
        (((1,), (1,)), ((1,),), "It leaves out 1 row that yours returns."),
        (((1,),), (("1",),), "It leaves out 1 row of yours and returns 1 row that yours does not."),
    ],
)
def test_a_counterexample_says_which_rows_differ_with_repeats_and_types(
    before: tuple[tuple[object, ...], ...], after: tuple[tuple[object, ...], ...], sentence: str
) -> None:
    example = Counterexample((), Rows("", ("a",), before), Rows("", ("a",), after), 1, "")
    assert tell_difference(example) == sentence


def test_a_statement_that_fails_is_told_from_one_that_answers() -> None:
    failed = Rows("", (), (), error="division by zero")
    answered = Rows("", ("a",), ())
    assert tell_difference(Counterexample((), answered, failed, 1, "", "error")) == "It fails where yours answers."
    assert tell_difference(Counterexample((), failed, answered, 1, "", "error")) == "It answers where yours fails."


def test_one_row_of_one_table_is_shown_as_one_table() -> None:
    example = Counterexample(
        (Rows("orders", ("id",), ((1,),)),), Rows("", ("id", "b"), ()), Rows("", ("id", "b"), ((1, 2),)), 4, ""
    )
    (shown,) = exhibit(Proof(trials=Trials(4, 3, 1, 1.0, example)))
    assert shown.compact is not None
    assert (shown.compact.columns, shown.compact.rows) == (("id", "yours", "that one"), (("1", "–", "1 row"),))
    assert shown.origin == "found in trial 4, shrunk to 1 row"


def test_names_and_calls_are_code_and_figures_are_not() -> None:
    text = "date(placed_at) reads orders by o.placed_at in 3.5 ms, count(*) of orderly people's shop"
    code = [piece.text for piece in split_code(text, frozenset({"orders"})) if piece.is_code]
    assert code == ["date(placed_at)", "orders", "o.placed_at", "count(*)"]
    assert "".join(piece.text for piece in split_code(text)) == text


def test_what_left_the_machine_is_said() -> None:
    assert describe_origin(Provenance("1"))[-1] == "nothing left this machine"
    assert (
        describe_origin(Provenance("1", tokens=1_200, cost_usd=0.01))[-1] == "1,200 tokens went to Claude for $0.0100"
    )


def test_a_step_that_never_ran_and_one_that_repeats_are_told() -> None:
    never = PlanNode(Operation.SCAN, "Seq Scan", 1, relation="a", estimated_rows=5, actual_rows=0, loops=0)
    often = PlanNode(Operation.SEARCH, "Index Scan", 2, relation="b", actual_rows=2, removed_rows=3, loops=4)
    root = PlanNode(Operation.NESTED_LOOP, "Nested Loop", 0, children=(never, often))
    lines = picture(Plan(SQLITE, root, "", analyzed=True)).lines
    assert [line.real for line in lines] == [None, "never run", "2 of 5 ×4"]
    assert lines[1].figures == ("never run",)
    assert lines[2].figures == ("5 rows read, 2 kept", "in each of 4 loops")


def test_the_verdict_on_two_statements_is_told_in_every_form() -> None:
    rejected = tempting_not_exists().rejected[0]
    shown = render_same(rejected.proof, rejected.before, rejected.after)
    assert shown.startswith("✗ The two are not equivalent.\n")
    assert "It also returns 2 rows that yours does not." in shown
    assert set(same_bundle(rejected.proof, "SELECT 1", "SELECT 2")) == {"text/html", "text/markdown", "text/plain"}
    tested = render_same(Proof(trials=_TRIALS), "SELECT 1", "SELECT 1")
    assert tested.startswith("≈ The two agree on 300 trial databases.\n")
    assert "evidence, not proof" in tested
    assert render_same(Proof(obstacle="a view"), "SELECT 1", "SELECT 2").startswith("? Whether the two are the same")


def test_a_review_of_no_database_says_so() -> None:
    bare = replace(slow_orders(), provenance=Provenance("0.1.0"))
    from backend_mentor.renderers.wording import describe_source

    assert describe_source(bare)[1] == "no database"
