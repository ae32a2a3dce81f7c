"""Answers to a question about a review from the review itself: the parts of its page that the question is about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.review import Level
from backend_mentor.renderers.page import drawing_of, shown
from backend_mentor.renderers.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_mentor.domain.review import Review
    from backend_mentor.renderers.offers import Offer, Rejection
    from backend_mentor.renderers.outline import Notice, Outline, Page

# Words that say nothing about what is asked after.
_EMPTY = (
    "a about am an and any are as at be been but by can could did do does explain for from get give has have how i if "
    "in into is it its like may me more much my no not of on one or our please query say see she should show so some "
    "sql statement such tell than that the their them then there these they this those to too us very want was we were "
    "what when where which while who whose why will with would you your"
)
# The parts of a page, and the words by which somebody asks for the whole of one.
_PARTS = {
    "summary": "explain explanation does mean meaning understand step steps purpose",
    "notices": "wrong problem problems issue issues slow bad finding findings warning warnings critical fault faults",
    "offers": "better faster fix improve improvement improved rewrite rewritten optimise optimize proposal proposals "
    "version sure safe proof prove proved proven same equivalent correct trust price tradeoff tradeoffs",
    "tempting": "tempting alternative alternatives refuted counterexample counterexamples rejected tried",
    "plan": "plan expensive cost costs costly rows time long slow",
    "questions": "question questions unclear decide",
    "escalations": "team escalate escalation dba colleague colleagues",
    "skipped": "skipped missing done",
    "run": "ran run traffic statements",
}
_ASKED_BY = {part: frozenset(words.split()) for part, words in _PARTS.items()}
_NOT_ASKED_AFTER = frozenset(_EMPTY.split())
_WORD = re.compile(r"\w+")
# Shorter words are told apart whole, longer ones by their beginning: sorts and sorted are about a sort.
_STEM = 5


def answer_from(review: Review, question: str) -> dict[str, object] | None:
    """Return as JSON the drawing of what the review says about a question, or None where it says nothing."""
    drawing = drawing_of(review, View(level=Level.JUNIOR))
    page = focus(drawing.page, question)
    return None if page is None else shown(replace(drawing, page=page, spoken=(), remarks=()))


def focus(page: Page, question: str) -> Page | None:
    """Return the page with only what the question asks after, or None where nothing of it is.

    A word of the question that stands in a finding, a proposal or a step leads to those that hold most of its words;
    else a word such as `plan` or `faster` leads to that part. What is left is whole: nothing is put in other words.
    """
    words = {word.lower() for word in _WORD.findall(question)}
    asked = {part for part, known in _ASKED_BY.items() if words & known}
    if {"what", "does"} <= words or {"what", "do"} <= words:
        asked.add("summary")
    if words == {"why"}:
        asked.add("notices")
    about = {_stem(word) for word in words - _NOT_ASKED_AFTER - {word for part in asked for word in _ASKED_BY[part]}}
    most = max((_most(outline, about) for outline in page.outlines), default=0)
    if most:
        left = [_holding(outline, about, most) for outline in page.outlines]
    elif asked:
        left = [_parts(outline, asked) for outline in page.outlines]
    else:
        return None
    kept = tuple(each for each in left if _says_something(each))
    return replace(page, outlines=kept, notes=()) if kept else None


def _stem(word: str) -> str:
    word = word.lower()
    return word[:_STEM] if len(word) > _STEM else word.removesuffix("s") if len(word) > 3 else word


def _hits(texts: Iterable[str], about: set[str]) -> int:
    return len(about & {_stem(word) for text in texts for word in _WORD.findall(text)})


def _most(outline: Outline, about: set[str]) -> int:
    return max((_hits(texts, about) for texts in _texts(outline)), default=0)


def _texts(outline: Outline) -> Iterable[tuple[str, ...]]:
    """Yield the words of each thing that can be kept by itself."""
    yield (outline.summary or "",)
    yield from (_notice_texts(each) for each in outline.notices)
    yield from (_offer_texts(each) for each in outline.offers)
    yield from (_rejection_texts(each) for each in (*outline.tempting, *outline.useless))
    yield from _plan_texts(outline)
    yield from (*outline.questions, *outline.escalations)
    yield from ((each,) for each in outline.skipped)


def _notice_texts(notice: Notice) -> tuple[str, ...]:
    return (notice.rule.replace("-", " "), notice.what, *(text for _, text in notice.lines))


def _offer_texts(offer: Offer) -> tuple[str, ...]:
    added = [line.text for line in offer.diff if line.sign in "-+"]
    return (offer.name.replace("-", " "), offer.title, *added, *(text for _, text in (*offer.lines, *offer.depth)))


def _rejection_texts(rejection: Rejection) -> tuple[str, ...]:
    return (rejection.title, rejection.name.replace("-", " "), rejection.code, rejection.reason)


def _plan_texts(outline: Outline) -> Iterable[tuple[str, ...]]:
    plan = outline.plan
    if plan is not None:
        yield from ((line.title, *(text for _, text in line.conditions)) for line in plan.lines)
        yield from plan.vocabulary


def _holding(outline: Outline, about: set[str], most: int) -> Outline:
    """Return the outline with the things alone that hold the most of the words."""

    def holds(texts: Iterable[str]) -> bool:
        return _hits(texts, about) >= most

    return replace(
        _bare(outline),
        summary=outline.summary if holds((outline.summary or "",)) else None,
        steps=outline.steps if holds((outline.summary or "",)) else (),
        notices=tuple(each for each in outline.notices if holds(_notice_texts(each))),
        offers=tuple(each for each in outline.offers if holds(_offer_texts(each))),
        tempting=tuple(each for each in outline.tempting if holds(_rejection_texts(each))),
        useless=tuple(each for each in outline.useless if holds(_rejection_texts(each))),
        plan=outline.plan if any(holds(texts) for texts in _plan_texts(outline)) else None,
        questions=tuple(each for each in outline.questions if holds(each)),
        escalations=tuple(each for each in outline.escalations if holds(each)),
        skipped=tuple(each for each in outline.skipped if holds((each,))),
    )


def _parts(outline: Outline, asked: set[str]) -> Outline:
    """Return the outline with the parts alone that were asked for."""
    names = {"summary": ("summary", "steps"), "tempting": ("tempting", "useless")}
    kept = {name: getattr(outline, name) for part in asked for name in names.get(part, (part,))}
    return replace(_bare(outline), **kept)


def _bare(outline: Outline) -> Outline:
    nothing: tuple[()] = ()
    return replace(
        outline,
        failure=None,
        conclusion="",
        narrative=None,
        summary=None,
        steps=nothing,
        notices=nothing,
        offers=nothing,
        tempting=nothing,
        useless=nothing,
        plan=None,
        run=None,
        questions=nothing,
        escalations=nothing,
        skipped=nothing,
        hints=nothing,
    )


def _says_something(outline: Outline) -> bool:
    return any(
        (
            outline.summary,
            outline.notices,
            outline.offers,
            outline.tempting,
            outline.useless,
            outline.plan,
            outline.run,
            outline.questions,
            outline.escalations,
            outline.skipped,
        )
    )
