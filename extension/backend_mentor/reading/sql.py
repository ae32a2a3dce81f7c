"""SQL text to statements, and trees back to text."""

from __future__ import annotations

from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from backend_mentor.domain.cell import Span
from backend_mentor.domain.errors import CellError
from backend_mentor.domain.statement import Parameter, Statement, StatementKind
from backend_mentor.reading.dialects import DIALECTS
from backend_mentor.reading.scanner import Token, code, scan
from backend_mentor.reading.scanner import words as words_of
from backend_mentor.reading.syntax import Fault, find_fault, find_stray_comma, place_error

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
_DEFINITIONS = (exp.Create, exp.Alter, exp.Drop, exp.TruncateTable, exp.Comment)
_QUERIES = (exp.Select, exp.SetOperation, exp.Values, exp.Subquery)

# Statements that sqlglot does not parse whole: their first word decides what they do.
_COMMAND_KINDS = {
    **dict.fromkeys(["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"], StatementKind.WRITE),
    **dict.fromkeys(["CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "REINDEX"], StatementKind.DEFINITION),
}

# Statements that both engines have and sqlglot does not know.
_LEFT_WHOLE = words_of(
    "ABORT CHECKPOINT CLUSTER DEALLOCATE DISCARD END FETCH LISTEN LOCK MOVE NOTIFY PREPARE REASSIGN REINDEX RELEASE "
    "SAVEPOINT UNLISTEN"
)


class UnparsedError(Exception):
    """SQL that does not parse, with its fault; the caller knows where the SQL stands."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def read_statement(text: str, dialect: str, parameters: tuple[Parameter, ...] = ()) -> Statement:
    """Return the one statement of `text`; raises StatementSyntaxError where it does not parse."""
    tree = parse(text, dialect)
    return Statement(text, text, dialect, kind_of(tree), tree, Span.of(text, 0, len(text)), parameters)


def parse(sql: str, dialect: str) -> exp.Expr:
    """Return the tree of one statement; raises StatementSyntaxError with line, column and excerpt."""
    try:
        return parse_tree(sql, dialect)
    except UnparsedError as error:
        raise place_error(error.fault, sql, error.fault.offset) from error


def parse_tree(sql: str, dialect: str) -> exp.Expr:
    """Return the tree of one statement; raises UnparsedError, or CellError where it nests too deeply."""
    tokens = code(scan(sql, dialect))
    words = [token.word for token in tokens[:4]]
    if words[:1] == ["CREATE"] and "TRIGGER" in words:
        # sqlglot would end the statement at the first semicolon of the trigger's body.
        return exp.Command(this="CREATE", expression=exp.Literal.string(sql.strip()[6:].strip()))
    if words[:1] and words[0] in _LEFT_WHOLE:
        return exp.Command(this=words[0], expression=exp.Literal.string(sql.strip()[len(words[0]) :].strip()))
    if words[:2] == ["UPDATE", "OR"]:
        return exp.Command(this="UPDATE", expression=exp.Literal.string(sql.strip()[6:].strip()))
    try:
        trees = [tree for tree in sqlglot.parse(sql, read=DIALECTS[dialect]) if tree is not None]
    except (ParseError, TokenError) as error:
        raise UnparsedError(_fault(sql, dialect, error)) from error
    except RecursionError as error:
        raise CellError(
            "The statement nests too deeply to be read: too many parentheses or subqueries inside each other.",
            "Name the inner parts in a WITH clause, or put long lists of conditions into IN (…).",
        ) from error
    return _with_plain_negations(_only(trees, tokens))


def print_sql(tree: exp.Expr, dialect: str, *, pretty: bool = False, comments: bool = True) -> str:
    """Return the tree as text that does not change its plan by being printed (see `dialects`)."""
    return tree.sql(DIALECTS[dialect], pretty=pretty, comments=comments)


def kind_of(tree: exp.Expr) -> StatementKind:
    """Return what a statement does; a query with a data-modifying part anywhere in it is a write."""
    if isinstance(tree, _DEFINITIONS):
        return StatementKind.DEFINITION
    if isinstance(tree, exp.Command):
        return _COMMAND_KINDS.get(str(tree.this).upper(), StatementKind.UTILITY)
    if tree.find(*_WRITES) or tree.find(exp.Into):
        return StatementKind.WRITE
    return StatementKind.QUERY if isinstance(tree, _QUERIES) else StatementKind.UTILITY


def _with_plain_negations(tree: exp.Expr) -> exp.Expr:
    """Give every negation one shape, NOT around what it negates.

    sqlglot keeps `IS NOT` (on Postgres) and `NOT LIKE` as a flag of the node, and other negations as a NOT around it:
    who looks for the node would take the one for its opposite.
    """
    for node in list(tree.find_all(exp.Is, exp.Like, exp.ILike)):
        if node.args.get("negate"):
            node.set("negate", None)
            outer = node.parent if isinstance(node.parent, exp.Escape) else node
            negation = exp.Not()
            outer.replace(negation)
            negation.set("this", outer)
    return tree


def _only(trees: list[exp.Expr], tokens: tuple[Token, ...]) -> exp.Expr:
    if not trees:
        raise UnparsedError(Fault(0, "there is no statement here.", "Write a statement."))
    if len(trees) > 1 and not isinstance(trees[0], exp.Create | exp.Command):
        second = next((after for before, after in pairwise(tokens) if before.text == ";"), tokens[0])
        raise UnparsedError(Fault(second.start, "a second statement begins here.", "Review one statement at a time."))
    tree, stray = trees[0], find_stray_comma(tokens)
    if stray:  # sqlglot forgives it, no database does
        raise UnparsedError(stray)
    if isinstance(tree, exp.Condition | exp.Alias) and not isinstance(tree, exp.Query):
        raise UnparsedError(Fault(tokens[0].start, f"no SQL statement begins with `{tokens[0].text}`."))
    return tree


def _fault(sql: str, dialect: str, error: ParseError | TokenError) -> Fault:
    first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    message = str(first.get("description") or error)
    return find_fault(sql, dialect, message, line, column, lambda repaired: _parses(repaired, dialect))


def _parses(sql: str, dialect: str) -> bool:
    try:
        return isinstance(sqlglot.parse_one(sql, read=DIALECTS[dialect]), exp.Query | exp.DML | exp.DDL)
    except (SqlglotError, RecursionError):
        return False
