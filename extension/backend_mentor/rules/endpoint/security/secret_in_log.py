"""The rule secret-in-log."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, enclosing_function, last_name, own_nodes, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_secret, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_MASK = re.compile(r"\*\*|'\*'|\.\.\.|mask|redact", re.IGNORECASE)
_LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


class SecretInLog:
    """A secret is written to the log.

    Logs are copied, kept and read by more people than the database is.
    """

    name: ClassVar[str] = "secret-in-log"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('logger.info("login of %s with %s", email, password)\n', says="password is written to the log"),
        FlagsCode('logging.debug(f"calling with {settings.api_key}")\n', says="api_key is written to the log"),
        PassesCode('logger.info("token of %s chars for %s", len(token), user_id)\n', because="the length is no secret"),
        PassesCode('logger.info("password reset for %s", user_id)\n', because="only the word stands in the text"),
        PassesCode('logger.info(f"working in {self.initial_pwd}")\n', because="it is a directory"),
        PassesCode(
            "def refuse(key):\n    shown_key = f'{key[:4]}****'\n    secret_key = '*' * 8 if not key else shown_key\n"
            "    logger.info('refused %s', secret_key)\n",
            because="the value is masked",
        ),
        PassesCode('logger.info("gone after %s s", TOKEN_SECRET)\n', because="a constant is written in the code"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call of a logger with a value that is a secret by its name."""
        for call in calls(source.tree):
            names = chain(call)
            if (
                len(names) < 2
                or names[-1] not in _LEVELS
                or names[-2] not in {"logger", "log", "logging", "LOG", "_logger"}
            ):
                continue
            given = [
                *call.args,
                *(each.value for part in call.args for each in ast.walk(part) if isinstance(each, ast.FormattedValue)),
            ]
            secret = next(
                (last_name(each) for each in given if isinstance(each, ast.Name | ast.Attribute) and _is_secret(each)),
                None,
            )
            if secret is not None and not _is_masked(source, call, secret):
                yield report(
                    self,
                    source,
                    call,
                    what=f"{secret} is written to the log.",
                    why="Logs are copied, kept and read by more people than the database is (CWE-532).",
                    instead="Log the number of the user or of the key, never the secret itself.",
                )


def _is_masked(source: Source, call: ast.Call, name: str) -> bool:
    """Return whether what the name holds was made with a row of asterisks or dots in it."""
    scope = enclosing_function(source.tree, call)
    made = (
        [node.value for node in own_nodes(scope) if isinstance(node, ast.Assign) and name in targets(node)]
        if scope
        else []
    )
    return bool(made) and all(_MASK.search(ast.unparse(each)) for each in made)


def _is_secret(node: ast.Name | ast.Attribute) -> bool:
    name = last_name(node)
    # `pwd` is the working directory at least as often, and nobody logs a constant's value by accident.
    return names_secret(name) and "pwd" not in words_of(name) and not name.isupper()
