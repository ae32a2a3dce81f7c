"""What changes in a cell of code, as a unified diff, in which white space counts."""

from __future__ import annotations

from difflib import SequenceMatcher

from backend_mentor.renderers.diff import DiffLine, Sign

_CONTEXT_LINES = 2
# Up to this many lines a cell is shown whole, so that it can be read as it stands.
_WHOLE_LINES = 14


def compare_code(before: str, after: str) -> tuple[DiffLine, ...]:
    """Return the lines taken out, put in and kept near them; before each group a gap says on which line it begins."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    whole = max(len(old), len(new))
    context = whole if whole <= _WHOLE_LINES else _CONTEXT_LINES
    groups = list(matcher.get_grouped_opcodes(context))
    lines: list[DiffLine] = []
    for group in groups:
        first = group[0][1]
        if len(groups) > 1 or first > 0:
            lines.append(DiffLine(Sign.GAP, f"line {first + 1}"))
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                lines += [DiffLine(Sign.KEPT, line) for line in old[old_start:old_end]]
                continue
            lines += [DiffLine(Sign.REMOVED, line) for line in old[old_start:old_end]]
            lines += [DiffLine(Sign.ADDED, line) for line in new[new_start:new_end]]
    return tuple(lines)


def added_code(before: str, after: str) -> str:
    """Return only the lines that a change puts in, as one line."""
    return " ".join(line.text.strip() for line in compare_code(before, after) if line.sign is Sign.ADDED)
