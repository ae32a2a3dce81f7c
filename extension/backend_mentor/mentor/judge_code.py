"""Code that the model proposes: read before it is run, run with its tests in a process with limits, then reviewed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.finding import Severity
from backend_mentor.domain.proof import Proof, TestRun
from backend_mentor.domain.proposal import Proposal, ProposalKind, Source, Tradeoffs
from backend_mentor.mentor.judge_proposal import Words
from backend_mentor.mentor.verdicts import Judgement, doubts_in, refuse
from backend_mentor.proofs.tested_code import TestLimits, run_tests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.mentor.case import Case

_LIMITS = TestLimits(seconds=30)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.py")
_MOST_FILES = 8
_TAIL_CHARACTERS = 3_000
# What endpoint code and its tests are made of. What reaches for the machine itself is not among it.
_MODULES = frozenset(
    [
        *("__future__", "abc", "argon2", "asyncio", "base64", "bcrypt", "bisect", "collections", "contextlib", "copy"),
        *("dataclasses", "datetime", "decimal", "django", "email", "enum", "fastapi", "flask", "functools", "graphql"),
        *("hashlib", "heapq", "hmac", "html", "http", "httpx", "httpx2", "itertools", "itsdangerous", "json", "jwt"),
        *("litestar", "logging", "math", "operator", "passlib", "pwdlib", "pydantic", "pytest", "pytest_asyncio"),
        *("random", "re", "rest_framework", "secrets", "sqlalchemy", "sqlite3", "sqlmodel", "starlette", "statistics"),
        *("strawberry", "string", "textwrap", "threading", "time", "types", "typing", "typing_extensions", "urllib"),
        *("uuid", "werkzeug", "zoneinfo"),
    ]
)
_CALLS = frozenset(
    ["eval", "exec", "compile", "open", "__import__", "breakpoint", "input", "globals", "vars", "getattr"]
)
# Loaded by pytest before any line of the proposal, so that nothing of it runs unwatched. It is no sandbox.
_GUARD = """
import os, sys
home = os.getcwd() + os.sep
refused = (
    "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.chown",
    "os.link", "os.symlink", "os.truncate", "os.kill", "shutil.", "subprocess.", "ctypes.", "pty.", "webbrowser.",
    "ftplib.", "smtplib.", "winreg.",
)

def watch(event, values):
    if event.startswith(refused):
        raise PermissionError(f"{event} is not allowed in proposed code")
    if event == "open" and isinstance(values[0], (str, bytes)):
        path, mode, flags = os.path.abspath(os.fsdecode(values[0])), values[1] or "", values[2] or 0
        if (set("wax+") & set(str(mode)) or flags & 3) and not path.startswith((home, "/dev/null")):
            raise PermissionError("proposed code writes into its own folder only")
    if event == "sqlite3.connect" and isinstance(values[0], (str, bytes)):
        path = os.fsdecode(values[0])
        if path and "memory" not in path and not os.path.abspath(path).startswith(home):
            raise PermissionError("proposed code opens databases in its own folder only")

sys.addaudithook(watch)
"""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One flat module."""

    name: str
    text: str


def judge_code(case: Case, files: Sequence[SourceFile], tests: Sequence[SourceFile], words: Words) -> Judgement:
    """Show the code where its tests pass with it and fail without it, and the rules find nothing grave."""
    if fault := _fault(files, tests):
        return refuse(fault)
    try:
        run = _run(files, tests)
        if run.failed or not run.passed:
            return refuse("its tests fail", **_outcome(run, case))
        if not _run([_hollow(file) for file in files], tests).failed:
            return refuse("its tests pass without the code as well, so they test nothing")
        grave = _grave_findings(case, files)
    except MentorError as error:
        return refuse(case.redactor.without_values(f"{error.what} {error.remedy}"))
    if grave:
        return refuse(f"the rules find: {'; '.join(grave)}")
    after = "\n\n".join(f"# {file.name}\n{file.text.strip()}" for file in (*files, *tests))
    proposal = Proposal(
        ProposalKind.CODE, "claude-code", words.title, "", after, words.reason,
        Tradeoffs(words.price, words.not_if or None), source=Source.CLAUDE, proof=Proof(is_new=True, tests=run),
    )  # fmt: skip
    name = case.evidence.add(after, proposal=proposal, accepted=True)
    if found := doubts_in(words.texts, case, (name,)):
        case.evidence.records[-1] = replace(case.evidence.records[-1], accepted=False)
        return refuse(f"the tests pass; no result holds what your words claim: {'; '.join(found)}")
    case.proposals.append(proposal)
    return Judgement(True, f"shown to the user as {name}", _outcome(run, case))


def try_code(case: Case, files: Sequence[SourceFile], tests: Sequence[SourceFile]) -> dict[str, object]:
    """Return what came of the tests, for the model; nothing is shown to the user."""
    if fault := _fault(files, tests):
        return {"ran": False, "reason": fault}
    run = _run(files, tests)
    proposal = Proposal(
        ProposalKind.CODE,
        "claude-code",
        "Tests",
        "",
        "",
        "",
        Tradeoffs(""),
        source=Source.CLAUDE,
        proof=Proof(tests=run),
    )
    return {"result": case.evidence.add("", proposal=proposal), "ran": True, **_outcome(run, case)}


def _run(files: Sequence[SourceFile], tests: Sequence[SourceFile]) -> TestRun:
    written = {file.name: file.text for file in (*files, *tests)}
    return run_tests({**written, "conftest.py": _GUARD}, _LIMITS)


def _fault(files: Sequence[SourceFile], tests: Sequence[SourceFile]) -> str | None:
    """Return why the code is not even run."""
    if not files or not tests or len(files) + len(tests) > _MOST_FILES:
        return f"give code and tests, {_MOST_FILES} files at most"
    names = [file.name for file in (*files, *tests)]
    if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names) or "conftest.py" in names:
        return "each file is a flat module with a name of its own, such as accounts.py"
    if any(not file.name.startswith("test_") for file in tests) or any(file.name.startswith("test_") for file in files):
        return "tests, and only they, are named test_*.py"
    own = {name.removesuffix(".py") for name in names}
    for file in (*files, *tests):
        try:
            tree = ast.parse(file.text)
        except (SyntaxError, ValueError, RecursionError) as error:
            return f"{file.name} is not Python: {error}"
        if reach := next(_reaches(tree, own), None):
            return f"{file.name} reaches for {reach}, which proposed code may not when it is tried"
    return None


def _reaches(tree: ast.AST, own: set[str]) -> Iterator[str]:
    """Yield what code reaches for beyond what endpoints are made of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] not in _MODULES | own)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] not in _MODULES | own:
                yield node.module or "."
        elif isinstance(node, ast.Name) and node.id in _CALLS:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr not in _HARMLESS:
            yield node.attr


_HARMLESS = frozenset(
    ["__init__", "__name__", "__doc__", "__tablename__", "__table__", "__class_getitem__", "__version__"]
)


def _hollow(file: SourceFile) -> SourceFile:
    """Return the module with every function's body taken out."""
    tree = ast.parse(file.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # Tests that pass on this test nothing.
            node.body = [ast.parse("raise NotImplementedError").body[0]]
    return SourceFile(file.name, ast.unparse(tree))


def _grave_findings(case: Case, files: Sequence[SourceFile]) -> list[str]:
    from backend_mentor.pipeline import review

    found = review("\n\n".join(file.text for file in files), case.database, name="proposal", analyze=False)
    return [f"{each.rule}: {each.what}" for each in found.findings if each.severity.rank >= Severity.WARNING.rank]


def _outcome(run: TestRun, case: Case) -> dict[str, object]:
    output = case.redactor.redact(run.output[-_TAIL_CHARACTERS:]) if run.failed else ""
    return {"passed": run.passed, "failed": run.failed, **({"output": output} if output else {})}
