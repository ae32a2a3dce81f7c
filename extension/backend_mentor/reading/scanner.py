"""The words, strings, comments and placeholders of SQL text, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TokenKind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    STRING = "string"
    QUOTED = "quoted name"
    COMMENT = "comment"
    SYMBOL = "symbol"
    PLACEHOLDER = "placeholder"
    BINDING = "binding"
    """`{{name}}`: a notebook variable."""
    UNCLOSED = "unclosed"
    """A string, quoted name or comment that never ends; it runs to the end of the text."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token and where it stands: `text` is the source from `start` to `end`."""

    kind: TokenKind
    start: int
    end: int
    text: str

    @property
    def word(self) -> str:
        """The token in capitals where it is a bare word, else an empty string."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""


def words(text: str) -> frozenset[str]:
    """Return the words of a text: a long list reads better so than one word a line."""
    return frozenset(text.split())


_NUMBER = r"\d[\w.]*|\.\d+"
_WORD = r"[^\W\d][\w$]*"
_BINDING = r"\{\{\s*[^\W\d]\w*\s*\}\}"
_COMMON = r"(?P<comment>--[^\n]*)|(?P<opening>/\*)|(?P<binding>" + _BINDING + r")"
_SYMBOLS = r"(?P<symbol>::|:=|->>|->|#>>|#>|<=>|<>|<=|>=|!=|==|\|\||&&|@>|<@|@@|@\?|\?\||\?&|%%|.)"
_PYFORMAT = r"%s(?!\w)|%\([^\W\d]\w*\)s"

_SCANNERS = {
    "sqlite": re.compile(
        _COMMON
        + r"""|(?P<string>[xX]?'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]\n]*\])"""
        + rf"|(?P<placeholder>\?\d*|[:@$][^\W\d]\w*|{_PYFORMAT})|(?P<word>{_WORD})|(?P<number>{_NUMBER})|"
        + _SYMBOLS,
        re.DOTALL,
    ),
    "postgres": re.compile(
        _COMMON
        + r"""|(?P<dollar>\$(?:[^\W\d]\w*)?\$)|(?P<string>[eE]'(?:[^'\\]|\\.|'')*'|[xXbBnN]?'(?:[^']|'')*')"""
        + r"""|(?P<quoted>"(?:[^"]|"")*")"""
        + rf"|(?P<cast>::)|(?P<placeholder>\$\d+|:[^\W\d]\w*|\?(?![|&])|{_PYFORMAT})"
        + rf"|(?P<word>{_WORD})|(?P<number>{_NUMBER})|"
        + _SYMBOLS,
        re.DOTALL,
    ),
}

# After one of these words no operator can stand, so a `?` or `%s` there is a placeholder.
_BEFORE_OPERANDS = words(
    "ALL AND ANY BETWEEN BY CASE DISTINCT ELSE ESCAPE EXCEPT FETCH FIRST FROM GLOB HAVING ILIKE IN INTERSECT INTERVAL "
    "IS JOIN LIKE LIMIT MATCH NEXT NOT OFFSET ON OR REGEXP RETURNING ROWS SELECT SET SIMILAR SOME THEN TO UNION USING "
    "VALUES WHEN WHERE"
)


def scan(text: str, dialect: str) -> tuple[Token, ...]:
    """Return the tokens of SQL text, comments among them, white space left out; never fails."""
    return tuple(tokens_of(text, dialect))


def tokens_of(text: str, dialect: str) -> Iterator[Token]:
    """Yield the tokens of SQL text as they are read, for those who want the first ones only."""
    scanner, position, brackets, previous = _SCANNERS[dialect], 0, 0, None
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token = _token_at(text, position, scanner, previous, brackets)
        yield token
        brackets += {"[": 1, "]": -1}.get(token.text, 0)
        if token.kind is not TokenKind.COMMENT:
            previous = token
        position = token.end


def code(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens without the comments."""
    return tuple(token for token in tokens if token.kind is not TokenKind.COMMENT)


def _token_at(text: str, start: int, scanner: re.Pattern[str], previous: Token | None, brackets: int) -> Token:
    match = scanner.match(text, start)
    if match is None:  # pragma: no cover - the last alternative takes any character
        return Token(TokenKind.SYMBOL, start, start + 1, text[start])
    group, end = match.lastgroup or "symbol", match.end()
    if group == "opening":
        return _block_comment(text, start)
    if group == "dollar":
        closing = text.find(match.group(), end)
        kind = TokenKind.UNCLOSED if closing < 0 else TokenKind.STRING
        end = len(text) if closing < 0 else closing + len(match.group())
        return Token(kind, start, end, text[start:end])
    if group == "placeholder" and not _stands_for_a_value(match.group(), previous, brackets):
        group, end = "symbol", start + 1
    if group in ("symbol", "cast"):
        if text[start] in "'\"`":
            return Token(TokenKind.UNCLOSED, start, len(text), text[start:])
        return Token(TokenKind.SYMBOL, start, end, text[start:end])
    return Token(_KINDS[group], start, end, text[start:end])


_KINDS = {
    "comment": TokenKind.COMMENT,
    "binding": TokenKind.BINDING,
    "string": TokenKind.STRING,
    "quoted": TokenKind.QUOTED,
    "placeholder": TokenKind.PLACEHOLDER,
    "word": TokenKind.WORD,
    "number": TokenKind.NUMBER,
}


def _stands_for_a_value(text: str, previous: Token | None, brackets: int) -> bool:
    """Tell `a = ?` from jsonb's `a ? 'key'`, `LIMIT %s` from `a %s`, and `:name` from the slice `a[1:n]`."""
    if text.startswith(":"):
        return not brackets
    if text.startswith("%") or text == "?":
        return previous is None or not _ends_an_operand(previous)
    return True


def _ends_an_operand(token: Token) -> bool:
    if token.kind is TokenKind.SYMBOL:
        return token.text in (")", "]")
    return token.word not in _BEFORE_OPERANDS


def _block_comment(text: str, start: int) -> Token:
    depth, position = 0, start
    for match in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if match.group() == "/*" else -1
        position = match.end()
        if depth == 0:
            return Token(TokenKind.COMMENT, start, position, text[start:position])
    return Token(TokenKind.UNCLOSED, start, len(text), text[start:])
