"""The rule every-host-allowed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, constant_text, keyword, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class EveryHostAllowed:
    """The application answers under every host name.

    Links that it builds, such as those in a mail for a lost password, lead where the caller's Host header says.
    """

    name: ClassVar[str] = "every-host-allowed"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('ALLOWED_HOSTS = ["*"]\n', says="ALLOWED_HOSTS lets in every host"),
        FlagsCode('app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])\n', says="TrustedHostMiddleware"),
        PassesCode('ALLOWED_HOSTS = ["shop.example"]\n', because="the hosts are named"),
        PassesCode('if DEBUG:\n    ALLOWED_HOSTS = ["*"]\n', because="it is for development"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the setting and the middleware with a lone star."""
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and last_name(node.targets[0]) == "ALLOWED_HOSTS" and _is_star(node.value):
                yield self._found(source, node, "ALLOWED_HOSTS lets in every host.")
        for call in calls(source.tree):
            if (
                last_name(call) == "add_middleware"
                and last_name(next(iter(call.args), None)) == "TrustedHostMiddleware"
            ):
                given = keyword(call, "allowed_hosts")
                if given is not None and _is_star(given):
                    yield self._found(source, call, "TrustedHostMiddleware lets in every host.")

    def _found(self, source: Source, node: ast.AST, what: str) -> Finding:
        return report(
            self,
            source,
            node,
            what=what,
            why="The Host header is the caller's: links in your mails and cached pages lead to his machine "
            "(OWASP API8:2023, CWE-644).",
            instead="Name your hosts, read from the environment.",
        )


def _is_star(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple) and [constant_text(each) for each in node.elts] == ["*"]
