"""The rule password-stored-in-clear."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    enclosing_function,
    last_name,
    own_calls,
    own_nodes,
    root_name,
    targets,
)
from backend_mentor.rules.endpoint.databases import names_session
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import names_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

# With these beside it the password is one for another system, which has to be told it.
_FOREIGN = frozenset({"host", "port", "conn_type", "dsn", "smtp_host"})


class PasswordStoredInClear:
    """A password is stored as it was typed.

    Whoever reads the table, a backup or a log has each user's password, here and where it was used again.
    """

    name: ClassVar[str] = "password-stored-in-clear"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def register(session, body: Register):
                session.add(User(email=body.email, password=body.password))
            """,
            says="password of User gets `body.password` as it was typed",
        ),
        PassesCode(
            "def register(session, body):\n    session.add(User(email=body.email, "
            "password=hash_password(body.password)))\n",
            because="it is hashed",
        ),
        PassesCode("client = Client(user=user, password=settings.password)\n", because="a client has to present it"),
        PassesCode(
            """
            @app.post("/connections")
            def add(body: ConnectionIn, session: Session = Depends(get_session)):
                session.add(Connection(host=body.host, login=body.login, password=body.password))
            """,
            because="another system wants to hear it: it can not be hashed",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each password given unhashed to a class whose instance goes into a session."""
        for call in calls(source.tree):
            if last_name(call) not in {"add", "merge"} or not call.args or not names_session(root_name(call.func)):
                continue
            made = _made(source, call)
            if made is not None and _FOREIGN & {given.arg for given in made.keywords}:
                continue
            for given in made.keywords if made is not None else ():
                if (
                    given.arg
                    and names_password(given.arg)
                    and isinstance(given.value, ast.Attribute | ast.Name)
                    and names_password(last_name(given.value))
                ):
                    yield report(
                        self,
                        source,
                        given.value,
                        what=f"{given.arg} of {last_name(made)} gets `{excerpt(given.value)}` as it was typed.",
                        why="Whoever reads the table or a backup has each user's password (OWASP API2:2023, CWE-256).",
                        instead="Store `hasher.hash(password)` with Argon2id, and name the column "
                        "for what it holds: password_hash.",
                    )


def _made(source: Source, call: ast.Call) -> ast.Call | None:
    """Return the call that makes what is added, behind one variable if need be."""
    given = call.args[0]
    function = enclosing_function(source.tree, call)
    if isinstance(given, ast.Name) and function is not None:
        values = [node for node in own_nodes(function) if isinstance(node, ast.Assign) and given.id in targets(node)]
        hashed = any(last_name(each) in {"set_password", "hash_password"} for each in own_calls(function))
        given = values[0].value if len(values) == 1 and not hashed else given
    return given if isinstance(given, ast.Call) and last_name(given)[:1].isupper() else None
