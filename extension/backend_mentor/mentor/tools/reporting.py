"""Tools that put something before the user, each of which is judged first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.review import Escalation, Question
from backend_mentor.mentor.judge_code import SourceFile, judge_code
from backend_mentor.mentor.judge_finding import Support, judge_finding
from backend_mentor.mentor.judge_proposal import Words, judge_index, judge_rewrite
from backend_mentor.mentor.tools.tool import Arguments, Result, Tool
from backend_mentor.mentor.verdicts import Judgement, doubts_in, refuse

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case

_TEXT = {"type": "string"}
_SECRET = re.compile(
    r"\b(?:what(?:'s| is| are)|paste|send|share|give|tell|type|enter|provide|show)\b.{0,60}"
    r"(?:password|passphrase|api[ _-]?key|secret|token|credential|connection (?:string|url)|private key|_KEY\b)",
    re.IGNORECASE,
)
_RESPONSIBILITY = {"type": "string", "enum": [each.value for each in Responsibility]}
_WORDS: dict[str, dict[str, object]] = {
    "title": {"type": "string", "description": "One line in the user's names."},
    "reason": {"type": "string", "description": "One or two sentences: why it means the same and costs less."},
    "price": {"type": "string", "description": "What it costs."},
    "not_if": {"type": "string", "description": "When not to do it; may be empty."},
}
_FILES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "text": _TEXT},
        "required": ["name", "text"],
        "additionalProperties": False,
    },
}


def _report_finding(case: Case, arguments: Arguments) -> Result:
    supports = tuple(Support(each["source"], each["fact"]) for each in _dicts(arguments["evidence"]))
    texts = (str(arguments["what"]), str(arguments["why"]), str(arguments["instead"]))
    return _told(
        judge_finding(case, texts, str(arguments["severity"]), str(arguments["responsibility"]), supports), case
    )


def _report_proposal(case: Case, arguments: Arguments) -> Result:
    words = _words(arguments)
    number = arguments.get("statement", 1)
    judge = judge_rewrite if arguments["kind"] == "rewrite" else judge_index
    return _told(judge(case, str(arguments["after"]), words, number if isinstance(number, int) else 1), case)


def _report_code(case: Case, arguments: Arguments) -> Result:
    files = [SourceFile(each["name"], each["text"]) for each in _dicts(arguments["files"])]
    tests = [SourceFile(each["name"], each["text"]) for each in _dicts(arguments["tests"])]
    return _told(judge_code(case, files, tests, _words(arguments)), case)


def _run_tests(case: Case, arguments: Arguments) -> Result:
    from backend_mentor.mentor.judge_code import try_code

    files = [SourceFile(each["name"], each["text"]) for each in _dicts(arguments["files"])]
    tests = [SourceFile(each["name"], each["text"]) for each in _dicts(arguments["tests"])]
    return Result(try_code(case, files, tests))


def _ask_question(case: Case, arguments: Arguments) -> Result:
    text, why = str(arguments["text"]).strip(), str(arguments["why"]).strip()
    if not text.endswith("?"):
        return _told(refuse("a question ends with a question mark"), case)
    if _SECRET.search(f"{text} {why}"):
        return _told(refuse("a user is never asked for a password, key or token"), case)
    if found := doubts_in((text, why), case, is_opinion=True):
        return _told(refuse(f"no result holds: {'; '.join(found)}"), case)
    case.questions.append(Question(text, why, Responsibility(str(arguments["responsibility"]))))
    return _told(Judgement(True, "put to the user; say what you assume until it is answered"), case)


def _escalate(case: Case, arguments: Arguments) -> Result:
    texts = (str(arguments["text"]), str(arguments["why"]))
    if found := doubts_in(texts, case, is_opinion=True):
        return _told(refuse(f"no result holds: {'; '.join(found)}"), case)
    case.escalations.append(Escalation(*texts, Responsibility(str(arguments["responsibility"]))))
    return _told(Judgement(True, "shown to the user as a matter for the team"), case)


def _told(judgement: Judgement, case: Case) -> Result:
    if not judgement.accepted:
        case.refusals.append(judgement.reason)
    content = {"shown": judgement.accepted, "reason": case.redactor.redact(judgement.reason), **judgement.more}
    return Result(content, is_error=not judgement.accepted)


def _words(arguments: Arguments) -> Words:
    return Words(*(str(arguments.get(name) or "").strip() for name in _WORDS))


def _dicts(value: object) -> list[dict[str, str]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


REPORTING: tuple[Tool, ...] = (
    Tool(
        "run_tests",
        "Runs code and its pytest tests in a process with limits and no network; tells what failed.",
        {"files": _FILES, "tests": _FILES},
        ("files", "tests"),
        _run_tests,
        "running the tests",
    ),
    Tool(
        "report_finding",
        "Puts one finding before the user, if every claim in it is held by the evidence that it names: source is a "
        "result of this conversation (r1, r2, …) with the fact read there, or `cell` with a literal quotation of it.",
        {
            "severity": {"type": "string", "enum": [each.value for each in Severity]},
            "responsibility": _RESPONSIBILITY,
            "what": {"type": "string", "description": "What happens, with the user's own names and numbers."},
            "why": {"type": "string", "description": "Why it costs."},
            "instead": {"type": "string", "description": "What to do instead, as an imperative; no SQL."},
            "evidence": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"source": _TEXT, "fact": _TEXT},
                    "required": ["source", "fact"],
                    "additionalProperties": False,
                },
            },
        },
        ("severity", "responsibility", "what", "why", "instead", "evidence"),
        _report_finding,
        "checking a finding",
        reports=True,
    ),
    Tool(
        "report_proposal",
        "Puts a rewrite or an index before the user, if the trials bear it out. A rewrite that is refuted comes back "
        "with rows that break it. Claim no speed and no figure in your words: the user sees the measured ones.",
        {
            "kind": {"type": "string", "enum": ["rewrite", "index"]},
            "statement": {"type": "integer", "description": "Which statement of the cell it is for, from 1."},
            "after": {"type": "string", "description": "The whole new query, or the CREATE INDEX statement."},
            **_WORDS,
        },
        ("kind", "statement", "after", "title", "reason", "price", "not_if"),
        _report_proposal,
        "trying a proposal",
        reports=True,
    ),
    Tool(
        "report_code",
        "Puts code with its tests before the user, if the tests pass, fail without the code, and the rules find "
        "nothing grave in it. Files are flat modules; tests are named test_*.py and import them.",
        {"files": _FILES, "tests": _FILES, **_WORDS},
        ("files", "tests", "title", "reason", "price", "not_if"),
        _report_code,
        "running the tests of a proposal",
        reports=True,
    ),
    Tool(
        "ask_question",
        "Asks the user something that decides between two designs.",
        {"text": _TEXT, "why": _TEXT, "responsibility": _RESPONSIBILITY},
        ("text", "why", "responsibility"),
        _ask_question,
        "asking you something",
        reports=True,
    ),
    Tool(
        "escalate",
        "Tells the user to take a matter to the team: against security practice, beyond one server, an architectural "
        "decision with long consequences, a third-party service of unknown risk.",
        {"text": _TEXT, "why": _TEXT, "responsibility": _RESPONSIBILITY},
        ("text", "why", "responsibility"),
        _escalate,
        "passing something up",
        reports=True,
    ),
)
