"""Texts of a schema without what its author wrote into them: comments, and constants that tell of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

    from backend_mentor.sharing.secrets import Eraser

# Formats, modifiers and JSON paths are words of the language, not of the rows.
_LANGUAGE = re.compile(
    r"(%[A-Za-z%]|[-:/ T.,])+|\$(\.\w+|\[\d+\])*|now|utc|localtime|unixepoch|start of (day|month|year)|"
    r"[+-]?\d{1,4} (second|minute|hour|day|month|year)s?|.?|[a-z]+(_\w+)*_seq",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})-\d\d(-\d\d)?([ T].*)?")
_SIGNIFICANT_DIGITS = 4


@dataclass(slots=True)
class Literals:
    """Replaces constants, the same one by the same one everywhere, so that a DEFAULT still meets its CHECK."""

    dialect: str
    shown: frozenset[str]
    """Constants that the notebook itself shows, redacted: those stay."""
    names: frozenset[str]
    """Tables, columns, indexes and constraints, in lower case: any other quoted name is a constant to SQLite."""
    keeps: Eraser | None = None
    """Where rows are shared too, constants are kept as they are but for secrets."""
    replaced: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def clean(self, sql: str) -> str:
        """Return the text without comments, its constants replaced; raises NotSupportedError for no SQL."""
        from sqlglot.errors import TokenError
        from sqlglot.tokenizer_core import TokenType

        try:
            tokens = _tokens(sql, self.dialect)
        except TokenError as error:
            raise NotSupportedError("A definition of the schema can not be read.", "Leave that table out.") from error
        words: list[str] = []
        for token in tokens:
            self.comments += len(token.comments)
            raw = sql[token.start : token.end + 1]
            if token.token_type is TokenType.IDENTIFIER and raw[:1] in '"`[' and token.text.lower() not in self.names:
                words.append(f"'{self.text(token.text)}'")
            elif token.token_type is TokenType.STRING:
                words.append("'" + self.text(token.text).replace("'", "''") + "'")
            elif token.token_type is TokenType.NUMBER:
                words.append(self.number(raw))
            elif token.token_type.name.endswith("_STRING"):
                words.append(f"'{self._made_up(token.text)}'")
            else:
                words.append(raw)
        return _spaced(words)

    def text(self, value: str) -> str:
        """Return the constant that stands in for this one."""
        if self.keeps is not None:
            kept = self.keeps.erase(value, "schema")
            return value if kept == value else self._made_up(value)
        if value in self.shown or _LANGUAGE.fullmatch(value):
            return value
        day = _DAY.fullmatch(value)
        return f"{day[1]}-01-01" if day else self._made_up(value)

    def number(self, value: str) -> str:
        """Return the number with its first digits only, where it has so many that it names one thing."""
        digits = value.replace(".", "").strip("0")
        if (
            self.keeps is not None
            or value in self.shown
            or len(digits) <= _SIGNIFICANT_DIGITS
            or not value.replace(".", "", 1).isdigit()
        ):
            return value
        whole = value.partition(".")[0]
        return whole[:2] + "0" * (len(whole) - 2) if len(whole) > 2 else whole

    def _made_up(self, value: str) -> str:
        return self.replaced.setdefault(value, f"value_{len(self.replaced) + 1}")


def _tokens(sql: str, dialect: str) -> list[Token]:
    from sqlglot import Dialect

    return Dialect.get_or_raise(dialect).tokenize(sql)


def _spaced(words: list[str]) -> str:
    depth, pieces = 0, []
    for word in words:
        depth += (word == "(") - (word == ")")
        pieces.append(word + ("\n " if word == "," and depth == 1 else ""))
    return " ".join(pieces)
