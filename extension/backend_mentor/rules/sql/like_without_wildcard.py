"""The rule like-without-wildcard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


class LikeWithoutWildcard:
    """LIKE without a wildcard is a comparison in disguise.

    The reader looks for the pattern that is not there, and on SQLite LIKE ignores the case of ASCII letters, which
    keeps it from an ordinary index.
    """

    name: ClassVar[str] = "like-without-wildcard"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags("SELECT * FROM orders WHERE status LIKE 'open'", says="status LIKE 'open' has no wildcard"),
        Passes("SELECT * FROM orders WHERE status LIKE 'open%'", because="it has a wildcard"),
        Passes(
            "SELECT * FROM orders WHERE status LIKE 'a!_b' ESCAPE '!'",
            because="an escaped pattern was written with care",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each LIKE with a literal that has neither % nor _."""
        for node in subject.statement.tree.find_all(exp.Like):
            pattern = node.expression
            if not isinstance(pattern, exp.Literal) or not pattern.is_string or re.search(r"[%_\\]", pattern.name):
                continue
            shown = excerpt(node, subject.statement.dialect)
            yield report(
                self,
                place_in_text(subject, node),
                what=f"In this statement {shown} has no wildcard.",
                why="It finds what = would find, letter case apart, and is harder to read and to index.",
                instead=f"Write = '{pattern.name}' where the case is known.",
                evidence=(from_text(shown),),
            )
