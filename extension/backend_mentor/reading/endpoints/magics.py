"""Notebook magics and shell lines, blanked out so that every other character stays where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<triple>[rbuf]{0,2}(?P<quotes>\"\"\"|''')(?:\\.|(?!(?P=quotes)).)*(?:(?P=quotes)|\Z))"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)"""
    r"""|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<joined>\\\n)|(?P<newline>\n)""",
    re.DOTALL | re.IGNORECASE,
)
# No expression in brackets starts a line with these: a bracket above was left open.
_STARTS_AFRESH = re.compile(r"(?:async\s+)?def\s|class\s+\w|@\w|import\s|from\s+[\w.]+\s+import\s|%%?\w+\s|!\w")
_CELL_MAGIC = re.compile(r"\s*%%\w[^\n]*")
_LINE_MAGIC = re.compile(r"(?P<kept>[ \t]*)(?P<magic>(?:%%?\s*[A-Za-z_]|!|\?{1,2}\s*\w)[^\n]*)")
_ASSIGNED = re.compile(r"(?P<kept>[ \t]*[A-Za-z_][\w., ]*=[ \t]*)(?P<magic>(?:%[A-Za-z_]|!\s*[\w./{$])[^\n]*)")
_HELP = re.compile(r"(?P<kept>[ \t]*)(?P<magic>[A-Za-z_][\w.]*\?{1,2}[ \t]*)(?=\n|\Z)")


def logical_lines(text: str) -> Iterator[int]:
    """Yield the places at which statements can start, also where a bracket or a string was left open above."""
    depth = 0
    yield 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(depth - 1, 0)
        elif token["newline"]:
            if depth and _STARTS_AFRESH.match(text, token.end()):
                depth = 0
            if not depth:
                yield token.end()


def blank_magics(text: str) -> str:
    """Return the text, of the same length, without what only a notebook understands."""
    pieces, last = [], 0
    if cell_magic := _CELL_MAGIC.match(text):
        pieces.append(_spaces(cell_magic[0]))
        last = cell_magic.end()
    for start in logical_lines(text):
        if start < last:
            continue
        found = next((hit for each in (_LINE_MAGIC, _ASSIGNED, _HELP) if (hit := each.match(text, start))), None)
        if found:
            pieces += [text[last : found.start("magic")], _blank(found["kept"], found["magic"])]
            last = found.end()
    return "".join(pieces) + text[last:]


def _blank(kept: str, magic: str) -> str:
    # An indented or assigned magic leaves an expression behind, so that its block or assignment stays whole.
    if not kept:
        return _spaces(magic)
    filling = "..." if len(magic) >= len("...") else "0"
    return filling + _spaces(magic[len(filling) :])


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
