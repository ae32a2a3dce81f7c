"""The README's five minutes: every cell of them is run, and what is said to come out does come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_core.utils import ensure_event_loop

from tests.surfaces.test_magic import Kernel

README = (Path(__file__).parent.parent.parent / "README.md").read_text()
TOUR = README.partition("## Five minutes")[2].partition("\n## ")[0]


def steps() -> list[tuple[str, str]]:
    """Return each cell of the tour with the output that is shown below it, empty where none is."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", TOUR, re.DOTALL | re.MULTILINE)
    found: list[tuple[str, str]] = []
    for kind, text in blocks:
        if kind == "text":
            found[-1] = (found[-1][0], text)
        else:
            found.append((text, ""))
    return found


# Times and how often there is time for a run differ from run to run, steps from one SQLite to another.
_DIFFERING = re.compile(
    r"[\d.,]+( -> [\d.,]+)? m?s\b|steps [\d,]+ -> [\d,]+|[\d,]+ (virtual machine )?steps( become [\d,]+)?|\d+ runs?"
)


def alike(text: str) -> str:
    """Return a text without what differs between two runs, and without its widths."""
    return _DIFFERING.sub("…", " ".join(text.split()))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    ensure_event_loop().close()  # jupyter_client leaves its own open


def test_the_tour_says_what_comes_out(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [(alike(kernel.text(cell)), shown) for cell, shown in steps()]
    assert len(told) == 5
    missing = [line for output, shown in told for line in shown.splitlines() if alike(line) not in output]
    assert missing == []
    assert sum(bool(shown) for _, shown in told) == 4


def test_the_review_at_the_top_is_the_review_of_the_query_above_it(kernel: Kernel) -> None:
    query, shown = re.findall(r"^```\n(.*?)^```$", README.partition("## ")[0], re.DOTALL | re.MULTILINE)
    output = alike(kernel.text("%load_ext backend_mentor\n%backend connect demo\n") + kernel.text(query))
    # Its first and its last line name the file and the version.
    told = "\n".join(shown.splitlines()[1:-1])
    assert alike(told) in output
