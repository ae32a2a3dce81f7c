"""The examples of a rule for code, which are its tests and its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagsCode:
    """A cell that the rule must notice."""

    code: str
    says: str
    """Words that the finding's `what` must hold."""
    times: int = 1
    """How many findings there are."""


@dataclass(frozen=True, slots=True)
class PassesCode:
    """A cell on which the rule must stay silent, and why."""

    code: str
    because: str


@dataclass(frozen=True, slots=True)
class AsksCode:
    """A cell about which the question has to be asked."""

    code: str
    says: str
    """Words that the question's text must hold."""
