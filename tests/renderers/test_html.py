"""The review as HTML: safe whatever the names are, whole for any parser, readable without its style sheet."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from backend_mentor.domain.errors import CellError, StatementSyntaxError
from backend_mentor.domain.narrative import Narrative, Passage
from backend_mentor.domain.plan import Operation, Plan, PlanNode
from backend_mentor.renderers import html, markdown
from backend_mentor.renderers.failure import render_error, render_error_html
from backend_mentor.renderers.style import INLINE
from backend_mentor.renderers.view import View
from tests.sample_reviews import SAMPLES, SQLITE, huge_plan, slow_orders

HOSTILE = 'x</script></code></style><img src=x onerror="alert(1)">&amp;\'`|\n| $y$ [a](javascript:b) \x1b'

# What JupyterLab's sanitizer lets through of inline styles that the review uses.
_PLAIN_VALUE = re.compile(r"[\w#%., -]+|rgba\(\d+,\d+,\d+,0\.\d+\)|1px solid rgba\(\d+,\d+,\d+,0\.\d+\)")
_VOID = {"img", "br", "hr", "input", "meta", "link", "wbr"}


class Tags(HTMLParser):
    """The elements of a page, and whether each is closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", SAMPLES)
def test_every_element_is_closed_in_its_turn(name: str) -> None:
    assert Tags(html.render(*SAMPLES[name])).open == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_review_holds_no_script_and_asks_for_nothing(name: str) -> None:
    tags = Tags(html.render(*SAMPLES[name]))
    assert not {"script", "img", "link", "iframe", "a", "form", "input"} & set(tags.seen)
    assert [key for key, _ in tags.attributes if key.startswith("on") or key in ("src", "href")] == []
    assert "url(" not in html.render(*SAMPLES[name])


def test_hostile_names_stay_text_wherever_they_stand() -> None:
    node = PlanNode(
        Operation.SCAN, HOSTILE, 0, relation=HOSTILE, alias=HOSTILE, index=HOSTILE, filter=HOSTILE, role=HOSTILE
    )
    sample = slow_orders()
    hostile = replace(
        sample,
        cell=replace(sample.cell, name=HOSTILE),
        provenance=replace(sample.provenance, database=HOSTILE, notes=(HOSTILE,)),
        plan=Plan(SQLITE, node, HOSTILE, notes=(HOSTILE,)),
        findings=tuple(replace(each, what=HOSTILE, why=HOSTILE, rule=HOSTILE) for each in sample.findings),
        proposals=tuple(replace(each, title=HOSTILE, after=HOSTILE, before=HOSTILE) for each in sample.proposals),
        rejected=tuple(replace(each, title=HOSTILE, after=HOSTILE) for each in sample.rejected),
        conclusion=HOSTILE,
        narrative=Narrative((Passage(HOSTILE, (HOSTILE,)), Passage(HOSTILE, is_code=True)), HOSTILE, (HOSTILE,)),
        failure=None,
        further=(replace(sample, statement=HOSTILE, failure=HOSTILE),),
    )
    page = html.render(hostile, View())
    tags = Tags(page)
    assert tags.open == []
    assert "img" not in tags.seen
    assert [key for key, _ in tags.attributes if key.startswith("on")] == []
    assert "\x1b" not in page
    assert "onerror=&quot;alert(1)&quot;" in page


def test_markdown_fences_and_escapes_what_is_hostile() -> None:
    sample = slow_orders()
    sql = f"SELECT 1\n```\n{HOSTILE}"
    shown = markdown.render(
        replace(
            sample,
            conclusion=HOSTILE,
            proposals=tuple(replace(each, title=HOSTILE, before="", after=sql) for each in sample.proposals),
        ),
        View(),
    )
    outside = re.sub(r"(?s)(`{3,})\w*\n.*?\n\1", "", shown)
    assert re.search(r"(?<!\\)<img", outside) is None
    assert "````sql\nSELECT 1\n```\n" in shown


@pytest.mark.parametrize(("name", "style"), INLINE.items())
def test_inline_styles_use_only_values_that_an_untrusted_notebook_keeps(name: str, style: str) -> None:
    values = [declaration.partition(":")[2] for declaration in style.split(";")]
    assert [value for value in values if not _PLAIN_VALUE.fullmatch(value)] == []


def test_severity_is_told_by_word_and_shape_as_well_as_by_colour() -> None:
    page = html.render(*SAMPLES["unpaid_invoices"])
    assert re.search(r"■</span> Critical: ", page)
    assert re.search(r"●</span> Advice: ", page)


def test_a_diff_keeps_its_signs_and_line_ends_without_styles() -> None:
    bare = re.sub(r"<[^>]*>", "", html.render(slow_orders(), View()))
    assert "- WHERE date(o.placed_at) = &#x27;2026-03-02&#x27;\n+ WHERE o.placed_at &gt;=" in bare


def test_a_hint_keeps_the_answer_folded() -> None:
    page = html.render(slow_orders(), View(hint=True))
    before, folded = page.split("<b>Show the answer</b>")
    assert "o.placed_at &gt;=" not in before
    assert "o.placed_at &gt;=" in folded
    assert before.rindex("<details") > before.rindex("</ul>")
    assert " open" not in before[before.rindex("<details") :]


@pytest.mark.parametrize("deep", [False, True])
def test_a_plan_of_ten_thousand_nodes_shows_thirty_and_says_so(deep: bool) -> None:
    page = html.render(huge_plan(10_000, deep=deep), View())
    assert page.count('role="treeitem"') == 30
    assert "9,970 of 10,000 steps are not shown" in page
    assert "parts_9997" in page
    assert page.count("<ul") < 12
    assert len(page) < 60_000
    assert Tags(page).open == []


def test_an_error_says_what_and_where_and_the_remedy() -> None:
    error = StatementSyntaxError(
        "A comma is missing.", "Put it after <id>.", line=1, column=8, excerpt="SELECT id x y\n          ^"
    )
    assert render_error(error) == "A comma is missing.\n    SELECT id x y\n              ^\nPut it after <id>.\n"
    page = render_error_html(error)
    assert "Put it after &lt;id&gt;." in page
    assert "SELECT id x y\n          ^" in page
    assert Tags(render_error_html(CellError(HOSTILE, HOSTILE))).open == []
