"""Each sample review looks as it did: a change of a golden file is read by a person, then written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sample_reviews import GOLDEN, golden_files, schema_file

if TYPE_CHECKING:
    from pathlib import Path

_FILES = tuple(golden_files())


@pytest.mark.parametrize(("path", "content"), _FILES, ids=[path.name for path, _ in _FILES])
def test_a_review_looks_as_in_its_golden_file(path: Path, content: str) -> None:
    assert content == path.read_text(encoding="utf-8"), "run `python -m tests.sample_reviews` and read the difference"


def test_every_golden_file_belongs_to_a_sample() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {path.name for path, _ in _FILES}


def test_the_published_schema_is_that_of_the_domain() -> None:
    path, content = schema_file()
    assert content == path.read_text(encoding="utf-8"), "run `python -m tests.sample_reviews`"
