"""The rule loose-origin-pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, constant_text, keyword
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class LooseOriginPattern:
    """A pattern for allowed origins lets strangers in.

    A dot matches any character, and `.*` in front of a domain also matches another domain's end.
    """

    name: ClassVar[str] = "loose-origin-pattern"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            'app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*example\\.com")\n',
            says="`https://.*example\\.com` also allows",
        ),
        FlagsCode(
            'app.add_middleware(CORSMiddleware, allow_origin_regex="https://api.example.com")\n',
            says="also allows",
        ),
        PassesCode(
            'app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://([a-z]+\\.)?example\\.com")\n',
            because="the dots are escaped and the subdomain ends with one",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each literal pattern that matches an origin made to show its gap."""
        for call in calls(source.tree):
            given = keyword(call, "allow_origin_regex")
            pattern = constant_text(given)
            if pattern is None or given is None:
                continue
            stranger = _stranger(pattern)
            if stranger:
                yield report(
                    self,
                    source,
                    given,
                    what=f"`{pattern}` also allows {stranger}.",
                    why="Whoever registers that name can call with the user's cookies and read the "
                    "answers (OWASP API8:2023).",
                    instead=r"Escape each dot as `\\.` and end a subdomain's pattern with one: `https://([a-z0-9-]+\\.)?example\\.com`.",
                )


def _stranger(pattern: str) -> str | None:
    """Return an origin of somebody else that the whole pattern matches."""
    own = re.search(r"([a-z0-9-]+)(\\?\.)([a-z]{2,})(?:/?\$?)$", pattern)
    if own is None:
        return None
    try:
        compiled = re.compile(pattern)
    except re.error:
        return None
    domain = f"{own[1]}.{own[3]}"
    stripped = pattern.removeprefix("^").removesuffix("$")
    squeezed = re.sub(r"(?<!\\)\.(?![*+?])", "x", stripped).replace("\\.", ".")
    tries = [f"https://evil{domain}", squeezed]
    return next((each for each in tries if compiled.fullmatch(each) and not _belongs(each, domain)), None)


def _belongs(origin: str, domain: str) -> bool:
    host = origin.partition("://")[2]
    return host == domain or host.endswith(f".{domain}")
