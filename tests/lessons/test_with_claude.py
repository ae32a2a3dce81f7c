"""The lesson with Claude reaches its end whatever Claude needs and does not have."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from tests.lessons.running import LESSONS, execute

(LESSON,) = [path for path in LESSONS if path.stem.endswith("with-claude")]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param(None, "There is no key for Claude", id="no-key"),
        pytest.param("sk-ant-of-nobody", "127.0.0.1", id="nobody-answers"),
    ],
)
def test_who_consents_without_a_key_or_a_network_reaches_the_end(
    key: str | None, said: str, wheel_kernel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No server listens on the port of discard, so a request ends at once.
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    lesson: nbformat.NotebookNode = nbformat.read(LESSON, as_version=4)
    for cell in lesson.cells:
        cell.source = cell.source.replace("ASK_CLAUDE = False", "ASK_CLAUDE = True")
    consented = tmp_path / LESSON.name
    nbformat.write(lesson, consented)
    done = execute(consented, "SQLite", tmp_path, wheel_kernel)
    shown = json.dumps([cell.get("outputs", []) for cell in done.cells])
    assert "Claude will be asked." in shown
    assert said in shown
    assert "The lesson goes on without it." in shown
