"""The sidebar's questions to a kernel that runs in the browser's own page."""

from __future__ import annotations

import asyncio
import sys

import pytest

from backend_mentor.session import Session
from backend_mentor.surfaces.sidebar.desk import _read
from backend_mentor.surfaces.sidebar.jobs import Job, Jobs
from backend_mentor.surfaces.sidebar.messages import Event, ReviewWish, Told


class JsNull:
    """What Pyodide makes of a null."""


def test_a_null_of_the_page_is_nothing_given() -> None:
    wish = _read({"kind": "review", "ask": "1", "text": "SELECT 1", "analyze": JsNull()})
    assert isinstance(wish, ReviewWish)
    assert wish.analyze is None


def test_a_job_begins_once_its_answer_is_out_where_there_are_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Told] = []

    def work(job: Job) -> Told:
        return Told(reviews=len(Session().reviews))

    async def ask() -> None:
        answer = Jobs(heard.append).start("1", work)
        assert answer.started
        assert heard == []

    monkeypatch.setattr(sys, "platform", "emscripten")
    asyncio.run(ask())
    assert [told.event for told in heard] == [Event.DONE]
