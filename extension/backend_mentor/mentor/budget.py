"""How much one question may take: turns, tokens, money and time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.mentor.prices import Usage


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one question, and of the session's money."""

    turns: int = 12
    """Calls of the model."""
    tokens: int = 200_000
    """In and out, those read from the cache among them."""
    usd: float = 0.50
    session_usd: float = 5.0
    seconds: float = 180.0
    output_tokens: int = 8_000
    """The longest single answer."""

    def exhausted(self, turns: int, usage: Usage, usd: float, session_usd: float, seconds: float) -> str | None:
        """Return which limit is reached, in words, or None."""
        if turns >= self.turns:
            return f"the limit of {self.turns} calls is reached"
        if usage.total >= self.tokens:
            return f"the limit of {self.tokens:,} tokens is reached"
        if usd >= self.usd:
            return f"the limit of ${self.usd:.2f} for one question is reached"
        if session_usd >= self.session_usd:
            return f"the limit of ${self.session_usd:.2f} for this session is reached"
        return f"the limit of {self.seconds:.0f} s is reached" if seconds >= self.seconds else None

    def changed(self, settings: Mapping[str, str]) -> Budget:
        """Return the budget with some limits set, as in `{"usd": "0.2"}`; raises MentorError for what is none."""
        budget = self
        for name, value in settings.items():
            try:
                number = float(value)
            except ValueError:
                number = -1.0
            if name not in self.__slots__ or number <= 0:
                raise MentorError(f"{name}={value} is no limit.", f"Write one of {', '.join(self.__slots__)}=NUMBER.")
            whole = name in ("turns", "tokens", "output_tokens")
            budget = replace(budget, **{name: int(number) if whole else number})  # type: ignore[arg-type]  # each name and its kind are checked above
        return budget
