"""The rule token-with-long-life."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import calls, constant_text, enclosing_function, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_DAY = 86_400
_UNITS = {
    "seconds": 1, "minutes": 60, "hours": 3600, "days": _DAY, "weeks": 7 * _DAY,
    "minute": 60, "hour": 3600, "day": _DAY,
}  # fmt: skip
_OTHER_TOKENS = ("refresh", "verif", "invit", "reset", "unsubscribe", "api_key", "download", "state", "service")


class TokenWithLongLife:
    """A token that opens everything works for a day or longer.

    Nobody can take back a token that is checked by its signature alone.
    """

    name: ClassVar[str] = "token-with-long-life"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode("ACCESS_TOKEN_EXPIRE_MINUTES = 60 * 24 * 8\n", says="ACCESS_TOKEN_EXPIRE_MINUTES is 8 days"),
        FlagsCode(
            """
            def token_for(user):
                claims = {"sub": user.name, "exp": datetime.now(timezone.utc) + timedelta(days=30)}
                return jwt.encode(claims, key, algorithm="HS256")
            """,
            says="exp is 30 days",
        ),
        PassesCode("ACCESS_TOKEN_EXPIRE_MINUTES = 30\n", because="half an hour is soon over"),
        PassesCode("REFRESH_TOKEN_EXPIRE_DAYS = 30\n", because="a refresh token is looked up, and can be taken back"),
        PassesCode(
            """
            def refresh_token_for(user):
                claims = {"sub": user.name, "exp": datetime.now(timezone.utc) + timedelta(days=30)}
                return jwt.encode(claims, key, algorithm="HS256")
            """,
            because="it is a refresh token",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield literal lifetimes of access tokens, and of `exp` among claims that are signed, of a day or more."""
        for node in walk(source.tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                name = last_name(node.targets[0] if isinstance(node, ast.Assign) else node.target)
                words = words_of(name)
                if {"access", "token"} <= set(words) and "refresh" not in words:
                    yield from self._found(source, node.value, name, _seconds(node.value, words))
            elif isinstance(node, ast.Dict) and "jwt" in source.text:
                for key, value in zip(node.keys, node.values, strict=True):
                    if constant_text(key) == "exp" and not _is_refresh(source, node):
                        yield from self._found(source, value, "exp", _seconds(value, ()))

    def _found(self, source: Source, node: ast.AST, name: str, seconds: float | None) -> Iterator[Finding]:
        if seconds is None or seconds < _DAY:
            return
        days = int(seconds // _DAY)
        yield report(
            self,
            source,
            node,
            what=f"{name} is {days:,} day{'s' if days > 1 else ''}.",
            why="A token that is checked by its signature alone can not be taken back: whoever copies one has the "
            "account for that long (OWASP API2:2023).",
            instead="Let it end after 15 minutes, and hand out a refresh token that is looked up and "
            "replaced at each use.",
        )


def _seconds(node: ast.AST, words: tuple[str, ...]) -> float | None:
    for call in calls(node):
        if last_name(call) == "timedelta":
            parts = [(each.arg, _number(each.value)) for each in call.keywords]
            if not parts or any(value is None for _, value in parts):
                return None
            return sum(_UNITS.get(name or "", 0) * (value or 0) for name, value in parts)
    unit = next((_UNITS[word] for word in words if word in _UNITS), None)
    value = _number(node)
    return None if unit is None or value is None else unit * value


def _number(node: ast.AST) -> float | None:
    match node:
        case ast.Constant(value=int(value)) | ast.Constant(value=float(value)):
            return value
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            first, second = _number(left), _number(right)
            return None if first is None or second is None else first * second
    return None


def _is_refresh(source: Source, node: ast.AST) -> bool:
    around = enclosing_function(source.tree, node)
    text = source.code_of(around if around is not None else node).lower()
    return any(word in text for word in _OTHER_TOKENS)
