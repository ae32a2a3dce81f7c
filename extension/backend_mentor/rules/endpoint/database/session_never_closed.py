"""The rule session-never-closed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, functions, own_nodes, parents, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.code import Function


class SessionNeverClosed:
    """A function opens a database session and never closes it.

    The connection goes back to the pool when the garbage is collected, and until then it holds its transaction open.
    """

    name: ClassVar[str] = "session-never-closed"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.DATABASE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "def count_orders():\n    session = SessionLocal()\n    return session.query(Order).count()\n",
            says="count_orders opens `session` and never closes it",
        ),
        FlagsCode(
            "from sqlalchemy.orm import Session\ndef names():\n    db = Session(engine)\n"
            "    rows = db.scalars(select(User)).all()\n    return [row.name for row in rows]\n",
            says="names opens `db` and never closes it",
        ),
        PassesCode(
            "def count_orders():\n    with SessionLocal() as session:\n        return session.query(Order).count()\n",
            because="the block closes it",
        ),
        PassesCode(
            "def get_session():\n    session = SessionLocal()\n    try:\n        yield session\n"
            "    finally:\n        session.close()\n",
            because="it is closed",
        ),
        PassesCode(
            "def get_session():\n    session = SessionLocal()\n    return session\n", because="its caller has it"
        ),
        PassesCode(
            "def count_orders():\n    session = SessionLocal()\n    return Orders(session).count()\n",
            because="another object keeps it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each session that a function makes, uses by its methods alone, and leaves open."""
        for function in functions(source.tree):
            for node in own_nodes(function):
                if not isinstance(node, ast.Assign) or not _opens(source, node):
                    continue
                name = min(targets(node), default="")
                if name and only_its_methods(source, function, name):
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{function.name} opens `{name}` and never closes it.",
                        why="Its connection stays out of the pool, with its transaction open, until the garbage is "
                        "collected: under load the pool runs dry.",
                        instead=f"Open it in a block: `with {source.code_of(node.value)} as {name}:`.",
                    )


def _opens(source: Source, node: ast.Assign) -> bool:
    if not isinstance(node.value, ast.Call) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return False
    full = full_name(source.tree, node.value.func)
    return full in {"sqlalchemy.orm.Session", "sqlmodel.Session"} or full.rpartition(".")[2] == "SessionLocal"


def only_its_methods(source: Source, function: Function, name: str) -> bool:
    """Return whether a variable is only ever used to call a method of it that does not close it."""
    above = parents(source.tree)
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != name or isinstance(node.ctx, ast.Store):
            continue
        method = above.get(node)
        called = above.get(method) if method is not None else None
        if not (isinstance(method, ast.Attribute) and isinstance(called, ast.Call) and called.func is method):
            return False
        if method.attr in {"close", "close_all", "remove", "__exit__", "begin", "aclose"}:
            return False
    return not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))
