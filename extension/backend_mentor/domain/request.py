"""A request in plain words, and what was understood of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend_mentor.domain.recipe import Clarification, Recipe, Warrant


class Understanding(StrEnum):
    """How far a request was understood."""

    CLEAR = "clear"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """A recipe that a request speaks of."""

    recipe: Recipe
    mentions: tuple[str, ...]
    """The words of the request that speak of it, as written there."""
    weight: int
    """Signals count four and hints one, so that no number of loose hints passes for a signal in a short request."""
    ruled_out: tuple[str, ...] = ()
    """What this recipe is built on and the request does not want."""
    open_questions: tuple[Clarification, ...] = ()
    """Those of the recipe's questions that the request does not answer itself."""
    warrants: tuple[Warrant, ...] = ()
    """Those of the recipe's escalations that the request raises."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read: what is asked for, and what else it could mean."""

    text: str
    understanding: Understanding
    asked: tuple[Match, ...]
    """What is asked for, first what has the most words; empty where the request is not clear."""
    nearest: tuple[Match, ...]
    """What it may mean instead, nearest first."""
