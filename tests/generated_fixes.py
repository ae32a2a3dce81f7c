"""The catalogue of fixes for code, made from the fixes themselves."""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING

from backend_mentor.proposals.code import CODE_FIXES
from backend_mentor.proposals.code.fix import Declines, Fixes

if TYPE_CHECKING:
    from backend_mentor.proposals.code.fix import CodeFix


def fixes_page() -> str:
    """Return the catalogue of fixes as Markdown, each with an example and what it leaves alone."""
    lines = [
        "# Fixes for code",
        "",
        f"{len(CODE_FIXES)} fixes. Each example is a test: its rule is noticed before and silent after, "
        "nothing new is found by our rules or ruff, and the text is compared to the letter.",
    ]
    for fix in CODE_FIXES:
        lines += ["", *_fix(fix)]
    return "\n".join(lines) + "\n"


def _fix(fix: CodeFix) -> list[str]:
    lines = [f"## {fix.name}", "", f"*answers {', '.join(fix.answers)}*", ""]
    lines += inspect.cleandoc(type(fix).__doc__ or "").splitlines()
    first = next(example for example in fix.examples if isinstance(example, Fixes))
    lines += ["", "```python", _code(first.before), "```", "", "becomes", "", "```python", _code(first.after), "```"]
    lines += ["", "Left alone where:", ""]
    lines += [f"- {example.because}" for example in fix.examples if isinstance(example, Declines)]
    return lines


def _code(text: str) -> str:
    return textwrap.dedent(text).strip("\n")
