"""What changes between two statements, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A statement of up to this many lines is shown whole, so that it can be read and copied as it stands.
_WHOLE_LINES = 14
_CONTEXT_LINES = 1
_LONG_LINE = 80


class Sign(StrEnum):
    """What becomes of a line."""

    REMOVED = "-"
    ADDED = "+"
    KEPT = " "
    GAP = "…"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a difference; a gap stands for kept lines that are not shown."""

    sign: Sign
    text: str


def compare_lines(before: str, after: str) -> tuple[DiffLine, ...]:
    """Return the lines taken out, put in and kept; white space alone is no change.

    Lines kept are shown where the statement is short, else one around each change.
    Statements written in one long line are broken before their clauses, or all of it would count as changed.
    """
    old, new = _lines_of(before, after)
    matcher = SequenceMatcher(None, [_squeeze(line) for line in old], [_squeeze(line) for line in new], autojunk=False)
    lines: list[DiffLine] = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += [DiffLine(Sign.KEPT, line) for line in new[new_start:new_end]]
            continue
        lines += [DiffLine(Sign.REMOVED, line) for line in old[old_start:old_end]]
        lines += [DiffLine(Sign.ADDED, line) for line in new[new_start:new_end]]
    return tuple(lines if len(lines) <= _WHOLE_LINES else _folded(lines))


def added_text(before: str, after: str) -> str:
    """Return only what the change puts in, as one line: what a tempting version says instead."""
    added = [line.text.strip() for line in compare_lines(before, after) if line.sign is Sign.ADDED]
    return " ".join(added) or " ".join(after.split())


def _lines_of(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.strip().splitlines(), after.strip().splitlines()
    if any(len(line) > _LONG_LINE for line in old + new) or min(len(old), len(new)) == 1 < max(len(old), len(new)):
        return _broken(old), _broken(new)
    return old, new


_CLAUSE = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|[()]|\bBETWEEN\b"""
    r"|(?<!\bLEFT)(?<!\bRIGHT)(?<!\bFULL)(?<!\bOUTER)(?<!\bINNER)(?<!\bCROSS)(?<!\bNATURAL)\s+(?=(?:FROM|WHERE|GROUP\s+BY|HAVING|ORDER\s+BY|LIMIT|UNION|EXCEPT|INTERSECT|WINDOW|SET|VALUES|AND|OR"
    r"|(?:NATURAL\s+)?(?:(?:LEFT|RIGHT|FULL)\s+(?:OUTER\s+)?|INNER\s+|CROSS\s+)?JOIN)\b)",
    re.IGNORECASE | re.DOTALL,
)


_CONNECTIVE = re.compile(r"(AND|OR)\b", re.IGNORECASE)


def _broken(lines: list[str]) -> list[str]:
    """Return the lines, the long ones broken before their clauses, within brackets, quotes and comments never."""
    return [piece for line in lines for piece in _pieces(line, is_only=len(lines) == 1) if piece.strip()]


def _pieces(line: str, *, is_only: bool) -> list[str]:
    if len(line) <= _LONG_LINE and not is_only:
        return [line]
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    return [indent + piece for piece in _break(text).splitlines()]


def _break(line: str) -> str:
    depth, between = 0, False

    def break_before(match: re.Match[str]) -> str:
        nonlocal depth, between
        token = match.group()
        depth += {"(": 1, ")": -1}.get(token, 0)
        if not token.isspace() or depth > 0:
            between = between or token.upper() == "BETWEEN"
            return token
        connective = _CONNECTIVE.match(line, match.end())
        if connective and between:  # the AND of BETWEEN joins its two ends, no conditions
            between = False
            return token
        return "\n  " if connective else "\n"

    return _CLAUSE.sub(break_before, line)


def _squeeze(line: str) -> str:
    return " ".join(line.split())


def _folded(lines: list[DiffLine]) -> list[DiffLine]:
    changed = [number for number, line in enumerate(lines) if line.sign is not Sign.KEPT]
    near = {number + offset for number in changed for offset in range(-_CONTEXT_LINES, _CONTEXT_LINES + 1)} & set(
        range(len(lines))
    )
    folded: list[DiffLine] = []
    for number, line in enumerate(lines):
        if number in near:
            folded.append(line)
        elif not folded or folded[-1].sign is not Sign.GAP:
            folded.append(DiffLine(Sign.GAP, ""))
    return folded
