"""An edit of the tree, put into the author's own text: layout, letter case and comments stay as they were."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.reading.scanner import Token, TokenKind, code, scan
from backend_mentor.reading.sql import parse, print_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

# A longer insertion is broken over lines.
_LINE = 88


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Tokens `start` to `end` of one text that stand as `first` to `last` in another."""

    start: int
    end: int
    first: int
    last: int
    same: bool


def merge_edit(author_text: str, before: exp.Expr, after: exp.Expr, dialect: str) -> str:
    """Return the author's text with what differs between the two trees changed in it, and nothing else.

    A merge of three: the tree as it is printed, as the author wrote it, and as the edited tree is printed. What is
    returned parses to the edited tree; where a merge would not, it is the edited tree, printed.
    """
    if before == after:
        return author_text
    wanted = print_sql(after, dialect)
    goal = parse(wanted, dialect)
    base, mine = _code(print_sql(before, dialect), dialect), _code(author_text, dialect)
    theirs = _Printed.of(after, dialect)
    for touching in (False, True):
        stretches = _changes(_align(base, theirs.tokens), _align(base, mine), touching=touching)
        merged = _apply(author_text, mine, stretches, theirs)
        if _parses_to(merged, goal, dialect):
            return merged
    return print_sql(after, dialect, pretty=True)


def prints_faithfully(tree: exp.Expr, dialect: str) -> bool:
    """Return whether the tree, printed and read again, is the same tree; only then can an edit of it be trusted."""
    return _parses_to(print_sql(tree, dialect), tree, dialect)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The edited tree as text on one line and over several, both of the same tokens."""

    flat: str
    tokens: tuple[Token, ...]
    pretty: str
    pretty_tokens: tuple[Token, ...]

    @classmethod
    def of(cls, tree: exp.Expr, dialect: str) -> _Printed:
        # The author's text keeps its comments; the tree has them too and would repeat them.
        flat, pretty = (print_sql(tree, dialect, pretty=lines, comments=False) for lines in (False, True))
        tokens, pretty_tokens = _code(flat, dialect), _code(pretty, dialect)
        if [each.text for each in tokens] != [each.text for each in pretty_tokens]:
            pretty, pretty_tokens = flat, tokens
        return cls(flat, tokens, pretty, pretty_tokens)

    def cut(self, first: int, last: int, indent: str) -> str:
        """Return the text of a run of tokens, its further lines set in by `indent`."""
        if first >= last:
            return ""
        flat = self.flat[self.tokens[first].start : self.tokens[last - 1].end]
        if len(flat) <= _LINE:
            return flat
        lines = self.pretty[self.pretty_tokens[first].start : self.pretty_tokens[last - 1].end].splitlines()
        margin = min((len(line) - len(line.lstrip()) for line in lines[1:]), default=0)
        return "\n".join([lines[0], *(indent + line[margin:] for line in lines[1:])])


def _code(sql: str, dialect: str) -> tuple[Token, ...]:
    return code(scan(sql, dialect))


def _align(one: Sequence[Token], other: Sequence[Token]) -> list[_Stretch]:
    left, right = ([each.word or each.text for each in tokens] for tokens in (one, other))
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [_Stretch(i, j, k, m, tag == "equal") for tag, i, j, k, m in codes]


def _changes(theirs: list[_Stretch], mine: list[_Stretch], *, touching: bool) -> list[_Stretch]:
    """Return what to replace in the author's tokens, by which tokens of the printed result.

    Where the author wrote an edited part otherwise than it is printed, the whole of his stretch gives way; with
    `touching`, one that only borders on the edit does too.
    """
    own = [stretch for stretch in mine if not stretch.same]
    edits = [(stretch.start, stretch.end) for stretch in theirs if not stretch.same]
    edits = _grown(edits, [(stretch.start, stretch.end) for stretch in own], touching=touching)
    changes = []
    for start, end in edits:
        taken = [each for each in own if _meets((each.start, each.end), (start, end), touching=touching)]
        first, last = _range(theirs, start, end, [each for each in theirs if not each.same])
        changes.append(_Stretch(*_range(mine, start, end, taken), first, last, same=False))
    return changes


def _grown(edits: list[tuple[int, int]], own: list[tuple[int, int]], *, touching: bool) -> list[tuple[int, int]]:
    grown: list[tuple[int, int]] = []
    for edit in edits:
        start, end = edit
        for each in own:
            if _meets(each, (start, end), touching=touching):
                start, end = min(start, each[0]), max(end, each[1])
        while grown and grown[-1][1] >= start:
            start, end = min(start, grown[-1][0]), max(end, grown.pop()[1])
        grown.append((start, end))
    return grown


def _meets(one: tuple[int, int], other: tuple[int, int], *, touching: bool) -> bool:
    if touching:
        return one[0] <= other[1] and one[1] >= other[0]
    return one[0] < other[1] and one[1] > other[0]


def _range(stretches: list[_Stretch], start: int, end: int, taken: list[_Stretch]) -> tuple[int, int]:
    """Return where the border tokens of a stretch of the base stand in the other text."""
    first = next((each.first for each in taken if each.start == start), None)
    last = next((each.last for each in reversed(taken) if each.end == end), None)
    for each in stretches:
        if first is None and each.same and each.start <= start < each.end:
            first = each.first + start - each.start
        if last is None and each.same and each.start < end <= each.end:
            last = each.first + end - each.start
    length = stretches[-1].last if stretches else 0
    first = length if first is None else first
    return first, first if start == end and not taken else max(first, length if last is None else last)


def _apply(text: str, mine: Sequence[Token], changes: list[_Stretch], theirs: _Printed) -> str:
    pieces: list[str] = []
    position = 0
    for change in changes:
        previous = mine[change.start - 1].end if change.start else 0
        start = mine[change.start].start if change.start < change.end else previous
        end = mine[change.end - 1].end if change.start < change.end else previous
        insertion = theirs.cut(change.first, change.last, _indent(text, start))
        if change.start == change.end < len(mine) and insertion.endswith((".", "(")):
            start = end = mine[change.start].start
        comments = [each.text for each in scan(text[start:end], "postgres") if each.kind is TokenKind.COMMENT]
        kept = "".join(f"{each}\n{_indent(text, start)}" if each.startswith("--") else f"{each} " for each in comments)
        if not insertion and not kept and not text[previous:start].strip():
            start = previous
        pieces += [text[position:start], _spaced(text, start, end, kept + insertion)]
        position = end
    return "".join(pieces) + text[position:]


def _indent(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip())]


def _spaced(text: str, start: int, end: int, insertion: str) -> str:
    """Return the insertion with a space on each side where two words would run together."""
    left, right = text[:start][-1:], text[end : end + 1]
    if not insertion:
        return " " if _run_together(left, right) else ""
    before = " " if _run_together(left, insertion[0]) else ""
    return before + insertion + (" " if _run_together(insertion[-1], right) else "")


def _run_together(left: str, right: str) -> bool:
    return (
        bool(left and right) and not left.isspace() and not right.isspace() and left not in "(." and right not in "),;."
    )


def _parses_to(sql: str, goal: exp.Expr, dialect: str) -> bool:
    try:
        return parse(sql, dialect) == goal
    except MentorError:
        return False
