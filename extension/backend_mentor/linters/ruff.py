"""Ruff over a cell's text: one run over stdin, no file read or written, no project's settings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import msgspec

from backend_mentor.domain.cell import Span
from backend_mentor.domain.errors import NotSupportedError, TimeLimitError
from backend_mentor.domain.finding import Evidence, Finding, Place
from backend_mentor.linters.advice import ADVICE
from backend_mentor.linters.advice.entry import Advice
from backend_mentor.linters.context import Surroundings
from backend_mentor.reading.endpoints.wording import listed

TIME_LIMIT_SECONDS = 10
_LONGEST_EXCERPT = 60
_CODE = re.compile(r"`([^`]*)`")
_MAGIC = re.compile(r"^(?P<indent>[ \t]*)(?:[%!].*|[\w.]+\?{1,2})$")


# Ruff says this of a shell command that is a literal, which nobody can change from outside.
_HARMLESS = "seems safe"
# Of one `except`, the first of these says what the others say.
_SAME_EXCEPT = ("exception-swallowed", "bare-except", "broad-except")
# What stands everywhere in a cell is one finding with its number of places.
_TOLD_ONCE = frozenset(
    {
        "eager-log-message",
        "loop-variable-captured",
        "mutable-default",
        "root-logger",
        "broad-except",
        "cause-lost",
        "error-without-traceback",
        "file-access-in-async",
        "naive-datetime",
        "bare-except",
        "useless-except",
        "redundant-response-model",
        "text-declared-safe",
        "two-empty-texts",
        "unsafe-deserialisation",
    }
)

# Of these each place is named with its call.
_OTHER_CALLS = frozenset({"file-access-in-async", "naive-datetime"})


class _Point(msgspec.Struct):
    row: int
    column: int


class _Diagnostic(msgspec.Struct):
    code: str | None
    message: str
    location: _Point
    end_location: _Point


def lint(source_text: str) -> tuple[Finding, ...]:
    """Return what ruff finds in the cell's Python, in the order of the text, with our names and advice.

    Lines that only IPython understands are passed over, and so is code that is not finished. Raises NotSupportedError
    where ruff is not installed or fails, and TimeLimitError after `TIME_LIMIT_SECONDS`.
    """
    text = without_magics(source_text)
    diagnostics = msgspec.json.decode(_run(find_ruff(), text), type=list[_Diagnostic])
    around = Surroundings(text)
    findings = [
        _finding(advice, diagnostic, text, around)
        for diagnostic in diagnostics
        if (advice := ADVICE.get(diagnostic.code or "")) and not _is_harmless(diagnostic, around)
    ]
    return tuple(_rolled_up(_without_repetition(findings)))


def _is_harmless(diagnostic: _Diagnostic, around: Surroundings) -> bool:
    place = diagnostic.location
    return _HARMLESS in diagnostic.message or around.settle(diagnostic.code or "", place.row, place.column)


def find_ruff(folder: Path | None = None) -> Path:
    """Return ruff's binary in this folder, or where the running Python keeps its programs."""
    folders = [folder] if folder else [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    for each in folders:
        for name in ("ruff", "ruff.exe"):
            if (each / name).is_file():
                return each / name
    raise NotSupportedError(
        "ruff is not installed, so its rules were not applied.",
        'Install it: pip install "backend-mentor[endpoints]"',
    )


def without_magics(text: str) -> str:
    """Return the text with IPython's own lines made into `pass`, line by line; text that is Python is left as it is."""
    try:
        ast.parse(text)
    except SyntaxError:
        return "\n".join(_MAGIC.sub(r"\g<indent>pass", line) for line in text.split("\n"))
    return text


def _run(binary: Path, text: str) -> bytes:
    options = ["--isolated", "--preview", "--no-cache", "--exit-zero", "--output-format=json"]
    selected = f"--select={','.join(ADVICE)}"
    try:
        done = subprocess.run(  # noqa: S603 - the binary is our own environment's, the text goes to stdin
            [binary, "check", *options, selected, "--target-version=py311", "--stdin-filename=cell.py", "-"],
            input=text.encode(),
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeLimitError(
            f"ruff did not answer within {TIME_LIMIT_SECONDS} s.", "Review the cell in smaller parts."
        ) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        raise NotSupportedError(f"ruff failed: {said.splitlines()[0]}", "Install a newer ruff: pip install -U ruff")
    return done.stdout


def _finding(advice: Advice, diagnostic: _Diagnostic, text: str, around: Surroundings) -> Finding:
    span = Span.of(text, _offset(text, diagnostic.location), _offset(text, diagnostic.end_location))
    lines = text[span.start : span.end].splitlines() or [""]
    code = lines[0].rstrip(": ") if len(lines[0]) <= _LONGEST_EXCERPT else lines[0][: _LONGEST_EXCERPT - 1] + "…"
    why, instead = around.fit(advice, diagnostic.location.row, diagnostic.location.column)
    return Finding(
        advice.name,
        around.weigh(advice, diagnostic.location.row, diagnostic.location.column),
        advice.responsibility,
        advice.what.format(code=code),
        why,
        instead,
        (Evidence(f"{diagnostic.code}: {diagnostic.message}", "text"),),
        Place(span),
    )


def _offset(text: str, point: _Point) -> int:
    lines = text.splitlines(keepends=True)
    return sum(len(line) for line in lines[: point.row - 1]) + point.column - 1


def _line(finding: Finding) -> int:
    return finding.place.span.line if finding.place.span else 0


def _without_repetition(findings: list[Finding]) -> list[Finding]:
    told: dict[tuple[str, int], Finding] = {}
    for finding in sorted(findings, key=lambda finding: -finding.severity.rank):
        told.setdefault((finding.rule, _line(finding)), finding)
    for name, line in list(told):
        if name in _SAME_EXCEPT and any((better, line) in told for better in _SAME_EXCEPT[: _SAME_EXCEPT.index(name)]):
            del told[name, line]
    return sorted(told.values(), key=lambda finding: (_line(finding), -finding.severity.rank))


def _rolled_up(findings: list[Finding]) -> list[Finding]:
    """Return the findings with those that a cell has in many places told at the first of them."""
    kept: list[Finding] = []
    for finding in findings:
        same = [each for each in findings if _said_alike(each) == _said_alike(finding)]
        if finding.rule not in _TOLD_ONCE or len(same) == 1:
            kept.append(finding)
        elif finding is same[0]:
            kept.append(replace(finding, what=f"{finding.what} The same holds {_named(finding, same[1:])}."))
    return kept


def _said_alike(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.severity, finding.what.rpartition("`")[2]


def _named(first: Finding, others: list[Finding]) -> str:
    """Return where else it is so, with the call there where each place can have another."""
    lines = [str(_line(each)) for each in others]
    codes = [found[0] for each in others if (found := _CODE.match(each.what))]
    if first.rule in _OTHER_CALLS and any(not first.what.startswith(code) for code in codes):
        return "of " + listed(f"{code} (line {line})" for code, line in zip(codes, lines, strict=True))
    return f"on {'line' if len(lines) == 1 else 'lines'} {listed(lines)}"
