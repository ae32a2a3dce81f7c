"""What may be run at all: one query that changes nothing. What is refused is refused by name, before SQLite sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import RefusedError
from backend_mentor.domain.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.statement import Statement

REFUSED_FUNCTIONS = frozenset(
    [
        "load_extension",
        "fts3_tokenizer",
        "readfile",
        "writefile",
        "edit",
        "fsdir",
        "lsmode",
        "zipfile",
        "sqlar_uncompress",
        "eval",
        "sqlite_log",
        "shell_add_schema",
    ]
)
"""Functions that reach outside the database; the shell and common extensions have them."""

_READING_PRAGMA = re.compile(
    r"PRAGMA\s+(\w+\s*\.\s*)?(table_x?info|table_list|index_list|index_x?info|foreign_key_list|compile_options)\b[^=]*$",
    re.IGNORECASE,
)
_READING_WORDS = ("SELECT", "VALUES", "WITH")
_COMMENTS = re.compile(r"(\s+|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)
_WRITES = {
    StatementKind.WRITE: "It would change rows.",
    StatementKind.DEFINITION: "It would change the schema.",
}


def check(statement: Statement) -> None:
    """Raise RefusedError unless the statement is a single query that only reads."""
    word = first_word(statement.sql)
    if statement.kind in _WRITES:
        what = _writing_part(statement) or word
        raise RefusedError(
            f"{what} is not run. {_WRITES[statement.kind]}",
            "It is reviewed as it stands, by its text and its plan; nothing of it is carried out.",
            name=what,
        )
    if statement.kind is StatementKind.UTILITY and not _READING_PRAGMA.match(statement.sql.strip()):
        raise RefusedError(f"{word} is not run.", "Give one SELECT, VALUES or WITH query.", name=word)
    if statement.kind is StatementKind.QUERY and word.isalpha() and word not in _READING_WORDS:
        raise RefusedError(f"{word} is not run.", "Give one SELECT, VALUES or WITH query.", name=word)
    _refuse_second_statement(statement)
    for name in function_names(statement):
        if name in REFUSED_FUNCTIONS:
            raise RefusedError(f"{name}() reaches outside the database.", "Leave the call out.", name=name)


def first_word(sql: str) -> str:
    """Return the statement's first word in capitals, comments left out."""
    blank = _COMMENTS.match(sql)
    word = re.match(r"\w+", sql[blank.end() if blank else 0 :])
    return word[0].upper() if word else sql.strip()[:20]


def function_names(statement: Statement) -> Iterator[str]:
    """Yield the name of each function that the statement calls, in lower case."""
    from sqlglot import exp

    for call in statement.tree.find_all(exp.Func):
        name = call.name if isinstance(call, exp.Anonymous) else call.sql_name()
        yield name.lower()


def _writing_part(statement: Statement) -> str | None:
    from sqlglot import exp

    part = statement.tree.find(exp.Insert, exp.Update, exp.Delete, exp.Merge)
    return part.key.upper() if part else None


def _refuse_second_statement(statement: Statement) -> None:
    import sqlglot

    from backend_mentor.reading.dialects import DIALECTS

    if ";" not in statement.sql:
        return
    try:
        tokens = DIALECTS["sqlite"]().tokenize(statement.sql)
    except sqlglot.TokenError as error:
        raise RefusedError(
            "The statement can not be read, so it is not run.", "Write a SELECT.", name="unreadable"
        ) from error
    ends = [place for place, token in enumerate(tokens) if token.token_type is sqlglot.TokenType.SEMICOLON]
    if ends and ends[0] < len(tokens) - len(ends):
        raise RefusedError("Two statements can not run as one.", "Give one statement.", name="second statement")
