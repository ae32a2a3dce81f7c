"""The rule sql-injection."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.assembled import assembled
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    dotted,
    full_name,
    functions,
    last_name,
    names_in,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import caller_text, holds, text_parameters
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SENDERS = frozenset(
    {"execute", "executemany", "executescript", "text", "raw", "read_sql", "read_sql_query", "fetch", "fetchrow",
     "fetchval", "fetch_all", "fetch_one", "exec_driver_sql", "mogrify", "RawSQL"}
)  # fmt: skip
_SQL_PARTS = frozenset(
    {"sql", "query", "statement", "where", "clause", "condition", "conditions", "table", "column", "columns", "schema",
     "database", "order", "prefix", "suffix", "fragment", "operator", "index"}
)  # fmt: skip
_SQL = re.compile(r"\s*(select|insert|update|delete|with|merge|replace|create|drop|alter|truncate|grant|call)\s", re.I)


class SqlInjection:
    """A value is written into the text of a statement.

    What is in the text is read as SQL: a quote in the value ends the string, and the rest is a command.
    """

    name: ClassVar[str] = "sql-injection"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def find(cursor, name: str):
                cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
            """,
            says="name becomes part of the statement",
        ),
        FlagsCode(
            """
            @app.get("/users")
            def users(name: str, db: Session = Depends(get_db)):
                query = "SELECT * FROM users WHERE name = '" + name + "'"
                return db.execute(text(query)).all()
            """,
            says="name becomes part of the statement",
        ),
        FlagsCode(
            """
            @app.route("/users")
            def users():
                name = request.args.get("name")
                cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)
            """,
            says="name becomes part of the statement",
        ),
        FlagsCode(
            """
            def find(cursor, name: str):
                cursor.execute("SELECT * FROM users WHERE name = '{}'".format(name))
            """,
            says="name becomes part of the statement",
        ),
        FlagsCode(
            """
            import hashlib
            def login(cursor, email: str, password: str):
                row = cursor.execute("SELECT digest FROM users WHERE email = '%s'" % email).fetchone()
                return hashlib.sha256(f"{email}{password}".encode()).hexdigest() == row[0]
            """,
            says="email becomes part",
        ),
        FlagsCode(
            """
            def find(cursor, name: str | None, city: str):
                query = "SELECT * FROM users WHERE active"
                if name:
                    query += f" AND name = '{name}'"
                cursor.execute(query)
            """,
            says="name becomes part of the statement",
        ),
        FlagsCode(
            """
            def find(cursor, name: str | None):
                conditions = ["active"]
                if name:
                    conditions.append(f"name = '{name}'")
                query = "SELECT * FROM users WHERE " + " AND ".join(conditions)
                cursor.execute(query)
            """,
            says="name becomes part of the statement",
        ),
        PassesCode(
            """
            def find(cursor, name: str | None):
                query, values = "SELECT * FROM users WHERE active", []
                if name:
                    query += " AND name = %s"
                    values.append(name)
                cursor.execute(query, values)
            """,
            because="only markers are added",
        ),
        PassesCode(
            """
            def find(cursor, name: str):
                cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
            """,
            because="the value travels beside the statement",
        ),
        PassesCode(
            """
            def find(cursor, ids: list[int]):
                marks = ", ".join("?" * len(ids))
                cursor.execute(f"SELECT * FROM users WHERE id IN ({marks})", ids)
            """,
            because="only placeholders are written in",
        ),
        PassesCode(
            """
            def page(cursor, limit: int):
                cursor.execute(f"SELECT * FROM users LIMIT {limit}")
            """,
            because="the framework has made sure that it is a number",
        ),
        PassesCode(
            """
            def sort(cursor, column: str):
                if column not in COLUMNS:
                    raise ValueError(column)
                cursor.execute(f"SELECT * FROM users ORDER BY {column}")
            """,
            because="the column is one of a fixed set",
        ),
        PassesCode(
            """
            def count(cursor, table: str):
                return cursor.execute(f"SELECT count(*) FROM {table}").fetchone()
            """,
            because="a function that takes a table's name is called by the program, and no placeholder holds a name",
        ),
        PassesCode(
            """
            def tell(name: str):
                logger.info(f"select the user {name} from the list")
            """,
            because="an English sentence is not sent to a database",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each statement sent to a database that a function puts together from text of its caller."""
        served = [handler.node for handler in source.handlers]
        for function in functions(source.tree):
            tainted = caller_text(function, text_parameters(function))
            if function not in served:
                # A function of one's own that takes SQL or a name for it is not what a caller talks to.
                tainted = frozenset(name for name in tainted if not _SQL_PARTS & set(words_of(name)))
            told: set[ast.expr] = set()
            for call in own_calls(function):
                given = argument(call, 0, "statement") if last_name(call) in _SENDERS else None
                if given is None or not _sends_sql(source, call):
                    continue
                for built, holes in _written_in(function, given, tainted):
                    if built in told:
                        continue
                    told.add(built)
                    yield report(
                        self,
                        source,
                        built,
                        what=f"{' and '.join(holes)} becomes part of the statement that "
                        f"`{dotted(call.func) or last_name(call)}` sends.",
                        why="A quote in the value ends the string, and what follows is run as SQL: the caller reads or "
                        "deletes what he likes (OWASP API8:2023, CWE-89).",
                        instead="Put a placeholder there and pass the value beside the statement; "
                        "take names of columns "
                        "from a fixed dictionary.",
                    )


def _sends_sql(source: Source, call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return full_name(source.tree, call.func) in {"text", "RawSQL"} or full_name(source.tree, call.func).startswith(
            ("sqlalchemy", "pandas.", "django.db", "sqlmodel")
        )
    return True


def _written_in(function: Function, given: ast.expr, tainted: frozenset[str]) -> Iterator[tuple[ast.expr, list[str]]]:
    """Yield each expression that puts text of the caller into a statement, with the variables that hold it."""
    whole = assembled(function, given.id) if isinstance(given, ast.Name) else None
    if whole is None:
        built = _built(function, given)
        steps = [] if built is None else [built]
    else:
        steps = [each.expression for each in whole.steps]
        first = next((each.expression for each in whole.steps if each.variable == whole.variable), None)
        if first is None or not _SQL.match(_first_text(first)):
            return
        tainted -= {whole.variable, *whole.lists}
    for step in steps:
        holes = sorted(_holes(step, tainted))
        if holes:
            yield step, holes


def _built(function: Function, given: ast.expr) -> ast.expr | None:
    """Return the expression that puts the statement's text together, behind one variable or `text()` if need be."""
    if isinstance(given, ast.Call) and last_name(given) in {"text", "SQL", "TextClause"} and given.args:
        # It is a sender of its own: it is told there.
        return None
    if isinstance(given, ast.Name):
        values = [
            node.value for node in own_nodes(function) if isinstance(node, ast.Assign) and given.id in targets(node)
        ]
        return _built(function, values[0]) if len(values) == 1 and not isinstance(values[0], ast.Name) else None
    return given if _SQL.match(_first_text(given)) else None


def _first_text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]):
            return _first_text(first)
        case ast.BinOp(left=left):
            return _first_text(left)
        case ast.Call(func=ast.Attribute(value=text, attr="format")):
            return _first_text(text)
    return ""


def _holes(node: ast.expr, tainted: frozenset[str]) -> frozenset[str]:
    """Return the tainted variables whose text gets into the statement."""
    match node:
        case ast.JoinedStr(values=values):
            parts: list[ast.expr] = [each.value for each in values if isinstance(each, ast.FormattedValue)]
        case ast.BinOp(op=ast.Mod(), right=right):
            parts = [right]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _holes(left, tainted) | (
                _holes(right, tainted) if not isinstance(right, ast.Name) else names_in(right) & tainted
            )
        case ast.Call(func=ast.Attribute(attr="format"), args=args, keywords=keywords):
            parts = [*args, *(each.value for each in keywords)]
        case ast.Name() | ast.Attribute() | ast.Subscript():
            parts = [node]
        case _:
            return frozenset()
    # A part that is itself a call has been through somebody's hands: a quoting function, a builder of placeholders.
    plain = [each for each in parts if not isinstance(each, ast.Call) or last_name(each) in {"str", "strip", "lower"}]
    return frozenset(
        name for each in plain for name in names_in(each) if name in tainted and holds(each, frozenset({name}))
    )
