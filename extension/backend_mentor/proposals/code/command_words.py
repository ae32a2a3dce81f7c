"""A shell's command as the words that it would have made of it, where it is a plain command alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.proposals.code.sql_text import Piece, Text

_PLAIN = re.compile(r"[\w./:=,@%+ -]", re.ASCII)
_OF_SHELL = frozenset(
    {"alias", "bg", "break", "cd", "command", "continue", "copy", "del", "dir", "eval", "exec", "exit", "export", "fg",
     "for", "function", "hash", "if", "jobs", "local", "move", "popd", "pushd", "read", "ren", "return", "set", "shift",
     "source", "time", "times", "trap", "type", "ulimit", "umask", "unalias", "unset", "until", "wait", "while", "echo",
     ".", ":", "case", "select", "start", "call", "builtin"}
)  # fmt: skip
_SEVERAL = re.compile(
    r"(?:arg|argument|option|flag|param|part|word|file|path|name|host)s|cmd|command|extra|glob|pattern"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One argument: its plain characters and its holes, in their order."""

    parts: tuple[tuple[str, bool], ...]
    """A text and whether it is the expression of a hole."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is filled into it."""
        return not any(is_hole for _, is_hole in self.parts)

    @property
    def text(self) -> str:
        """What is written, the holes in braces."""
        return "".join(f"{{{part}}}" if is_hole else part for part, is_hole in self.parts)


def words_of_command(source: Source, text: Text) -> tuple[Word, ...] | None:
    """Return the words of a command; None where a shell would do more than to start one program with them.

    A pipe, a redirection, a variable, a pattern of file names, a builtin, or a hole that is plainly several words is
    such a case. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
    """
    words: list[Word] = []
    parts: list[tuple[str, bool]] = []
    quote = ""
    begun = False
    for piece in text.pieces:
        if _is_escaped(source, piece):
            return None
        character = piece.character
        if piece.hole is not None:
            if not quote and _SEVERAL.fullmatch(re.findall(r"\w+", piece.hole)[-1].rpartition("_")[2]):
                return None
            parts.append((piece.hole, True))
            begun = True
        elif character == quote or (not quote and character in ("'", '"')):
            quote, begun = ("" if quote else character), True
        elif not _PLAIN.fullmatch(character):
            return None
        elif character == " " and not quote:
            words += [Word(tuple(parts))] if begun else []
            parts, begun = [], False
        else:
            parts.append((character, False))
            begun = True
    words += [Word(tuple(parts))] if begun else []
    return tuple(words) if not quote and words and _is_program(words[0]) else None


def _is_escaped(source: Source, piece: Piece) -> bool:
    return source.text[piece.start : piece.end].startswith("\\")


def _is_program(word: Word) -> bool:
    return word.is_plain and bool(word.text) and "=" not in word.text and word.text not in _OF_SHELL
