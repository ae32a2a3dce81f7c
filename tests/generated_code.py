"""The page of the catalogue on endpoint code: what is noticed, and what is asked, each with its examples."""

from __future__ import annotations

import inspect
import textwrap

from backend_mentor.domain.finding import Responsibility
from backend_mentor.rules.endpoint import ENDPOINT_RULES
from backend_mentor.rules.endpoint.example import AsksCode, FlagsCode, PassesCode
from backend_mentor.rules.endpoint.questions import CODE_QUESTIONS
from backend_mentor.rules.endpoint.rule import CodeQuestion, CodeRule


def code_page() -> str:
    """Return the catalogue of rules and questions for code as Markdown, by duty."""
    lines = ["# Endpoint code", "", f"{len(ENDPOINT_RULES)} rules and {len(CODE_QUESTIONS)} questions.", ""]
    lines += ["Each example is a test.", "Beside them stand those rules of ruff that matter to endpoints.", ""]
    lines.append(
        "Switch a rule off on a line with the comment `# backend-mentor: ignore rule-name`; on a line of its own"
    )
    lines.append("it holds for the cell.")
    for duty in Responsibility:
        rules = sorted((each for each in ENDPOINT_RULES if each.responsibility is duty), key=lambda each: each.name)
        if rules:
            lines += ["", f"## {duty.capitalize()}"]
        for rule in rules:
            lines += ["", *_entry(rule, f"*{rule.severity}*")]
    lines += ["", "## Questions"]
    for question in sorted(CODE_QUESTIONS, key=lambda each: each.name):
        lines += ["", *_entry(question, f"*{question.responsibility}*")]
    return "\n".join(lines) + "\n"


def _entry(documented: CodeRule | CodeQuestion, label: str) -> list[str]:
    lines = [f"### {documented.name}", "", label, "", *inspect.cleandoc(type(documented).__doc__ or "").splitlines()]
    shown = next(each for each in documented.examples if isinstance(each, FlagsCode | AsksCode))
    lines += ["", "```python", textwrap.dedent(shown.code).strip(), "```", "", f"> … {shown.says} …", ""]
    silent = [each.because for each in documented.examples if isinstance(each, PassesCode)]
    return [*lines, "Silent where:", "", *(f"- {because}" for because in silent)]
