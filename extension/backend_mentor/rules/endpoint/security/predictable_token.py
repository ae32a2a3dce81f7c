"""The rule predictable-token."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, enclosing, enclosing_function, full_name, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_secret, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_GUARDS_NOTHING = frozenset({"consistency", "version", "etag", "cache", "dedup", "correlation", "trace", "lock"})


class PredictableToken:
    """A token is drawn with `random`.

    Its numbers follow from one another: who has seen a few of them knows the next.
    """

    name: ClassVar[str] = "predictable-token"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "reset_token = ''.join(random.choices(letters, k=32))\n", says="reset_token is drawn with `random.choices`"
        ),
        FlagsCode(
            "def make_otp():\n    return random.randint(100000, 999999)\n",
            says="make_otp is drawn with `random.randint`",
        ),
        PassesCode("reset_token = secrets.token_urlsafe(32)\n", because="the operating system's generator is used"),
        PassesCode("color = random.choice(colors)\n", because="nobody gains by knowing it"),
        PassesCode("order.consistency_token = random.randrange(16**8)\n", because="it tells two versions apart"),
        PassesCode("token = random.SystemRandom().choice(letters)\n", because="this one asks the operating system"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each call of `random` whose result is a token by the name of its variable or function."""
        for call in calls(source.tree):
            called = full_name(source.tree, call.func)
            if called not in {
                f"random.{name}"
                for name in (
                    "choice",
                    "choices",
                    "randint",
                    "randrange",
                    "sample",
                    "getrandbits",
                    "random",
                    "randbytes",
                )
            }:
                continue
            name = _named(source, call)
            if _GUARDS_NOTHING & set(words_of(name)):
                continue  # it tells versions apart, and lets nobody in
            if name and (names_secret(name) or {"token", "otp", "nonce", "pin", "password"} & set(words_of(name))):
                yield report(
                    self,
                    source,
                    call,
                    what=f"{name} is drawn with `{called}`.",
                    why="Its numbers follow from one another: whoever has a few tokens computes the next "
                    "(OWASP API2:2023, CWE-338).",
                    instead="Use the module `secrets`: `token_urlsafe(32)`, `randbelow(1_000_000)`, `choice`.",
                )


def _named(source: Source, call: ast.Call) -> str:
    """Return the variable that the result goes to, or the function that returns it."""
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.Assign | ast.AnnAssign):
            return last_name(each.targets[0] if isinstance(each, ast.Assign) else each.target)
        if isinstance(each, ast.Return):
            function = enclosing_function(source.tree, each)
            return function.name if function else ""
        if isinstance(each, ast.stmt):
            return ""
    return ""
