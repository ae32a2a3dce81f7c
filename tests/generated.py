"""The generated documents: `python -m tests.generated` writes them, `--check` fails where one is out of date."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path

from backend_mentor.domain.review import Review
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals import IDEAS
from backend_mentor.proposals.idea import Becomes, Idea
from backend_mentor.renderers.delivery import Delivery, deliver
from backend_mentor.renderers.typescript import typescript_of
from backend_mentor.renderers.view import View
from backend_mentor.rules import RULES
from backend_mentor.rules.rule import Flags, Passes, Rule
from backend_mentor.surfaces.sidebar.messages import Questions, Told
from tests.generated_code import code_page
from tests.generated_fixes import fixes_page
from tests.sample_reviews import SAMPLES

EXTENSION = Path(__file__).parent.parent / "extension"
CATALOGUE = EXTENSION / "catalogue"
TYPES = EXTENSION / "labextension" / "src" / "drawing.ts"
DELIVERIES = EXTENSION / "labextension" / "test" / "deliveries.json"
_TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
_FOLDERS = {"plan": "In the plan", "sql": "In the statement", "schema": "In a definition"}


def main(arguments: list[str]) -> int:
    """Write the documents, or with --check name those that are out of date; return the exit status."""
    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is out of date: run python -m tests.generated")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(documents()[path])
        print(f"wrote {path}")
    return 0


def types_module() -> str:
    """Return the TypeScript module of what the front end draws, asks and is told."""
    head = (
        "// Made from the dataclasses of renderers/ and of surfaces/sidebar/messages.py by `python -m tests.generated`."
    )
    return f"{head}\n\n{typescript_of(Delivery, Questions, Told)}"


def deliveries() -> str:
    """Return what the front end gets of some sample reviews, as its own tests read it."""
    made = [deliver(review, view, number) for number, (review, view) in enumerate(_samples(), start=1)]
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _samples() -> list[tuple[Review, View]]:
    return [SAMPLES[name] for name in ("slow_orders", "unpaid_invoices", "tempting_not_exists", "slow_orders_hint")]


def documents() -> dict[Path, str]:
    """Return the text of each generated document by its path."""
    return {
        CATALOGUE / "rules.md": rules_page(),
        CATALOGUE / "ideas.md": ideas_page(),
        CATALOGUE / "code.md": code_page(),
        CATALOGUE / "fixes.md": fixes_page(),
        TYPES: types_module(),
        DELIVERIES: deliveries(),
    }


def rules_page() -> str:
    """Return the catalogue of rules as Markdown, each with its first case to flag and all cases to leave alone."""
    by_engine = ", ".join(f"{_count(engine)} for {title}" for engine, title in _TITLES.items())
    lines = ["# Rules", "", f"{len(RULES)} rules: {by_engine}.", "Each example is a test.", ""]
    lines.append("Switch one off in a statement with the comment `-- backend-mentor: ignore rule-name`.")
    for folder, title in _FOLDERS.items():
        lines += ["", f"## {title}"]
        for rule in RULES:
            if type(rule).__module__.split(".")[-2] == folder:
                lines += ["", *_rule(rule)]
    return "\n".join(lines) + "\n"


def ideas_page() -> str:
    """Return the catalogue of rewrites and indexes as Markdown, each with an example and what it refuses."""
    lines = ["# Rewrites and indexes", "", f"{len(IDEAS)} ideas. Each example is run on trial databases by the tests."]
    for idea in IDEAS:
        lines += ["", *_idea(idea)]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> list[str]:
    lines = [f"### {rule.name}", "", f"*{rule.severity} · {rule.responsibility} · {_engines(rule.gate)}*", ""]
    lines += _paragraphs(rule)
    flagged = next((example for example in rule.examples if isinstance(example, Flags)), None)
    if flagged is not None:
        lines += ["", "```sql", flagged.sql, "```", "", f"> … {flagged.says} …", ""]
    silent = [example for example in rule.examples if isinstance(example, Passes)]
    lines += ["Silent where:", "", *(f"- `{_one_line(example.sql)}`: {example.because}" for example in silent)]
    return lines


def _idea(idea: Idea) -> list[str]:
    lines = [
        f"## {idea.name}",
        "",
        f"*{_engines(idea.gate)} · answers {', '.join(idea.answers) or 'no rule alone'}*",
        "",
    ]
    lines += _paragraphs(idea)
    for example in idea.examples:
        if isinstance(example, Becomes):
            lines += ["", "```sql", example.before, "-- becomes", example.after, "```"]
            break
    refused = [example for example in idea.examples if not isinstance(example, Becomes)]
    lines += ["", "Refused where:", "", *(f"- `{_one_line(example.sql)}`: {example.because}" for example in refused)]
    return lines


def _paragraphs(documented: object) -> list[str]:
    return inspect.cleandoc(type(documented).__doc__ or "").splitlines()


def _engines(gate: Gate) -> str:
    names = " and ".join(_TITLES[engine] for engine in gate.engines)
    since = f" from {'.'.join(map(str, gate.since))}" if gate.since else ""
    before = f" before {'.'.join(map(str, gate.before))}" if gate.before else ""
    return f"{names}{since}{before}"


def _count(engine: str) -> int:
    return sum(engine in rule.gate.engines for rule in RULES)


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
