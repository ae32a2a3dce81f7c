"""A recipe: a reference implementation of what backends need again and again, with its design and its tests."""

from __future__ import annotations

from dataclasses import dataclass

from backend_mentor.domain.finding import Responsibility


@dataclass(frozen=True, slots=True)
class Decision:
    """One choice of the design and what it costs."""

    choice: str
    """As in `Store refresh tokens as SHA-256 only`."""
    because: str
    price: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question that changes the design, and the answer that is taken until somebody gives another."""

    text: str
    why: str
    default: str
    settled_by: tuple[str, ...] = ()
    """Words of a request that answer it already."""


@dataclass(frozen=True, slots=True)
class Warrant:
    """A matter to take to the team; `when` holds the words of a request that raise it, none for always."""

    text: str
    why: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding of our own that the recipe lives with."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """A file of a recipe: its name without a folder, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A reference implementation as it stands in its folder."""

    name: str
    """The folder's kebab-case name: `jwt-auth`."""
    title: str
    answers: str
    """What it answers, as it follows `You want`: `an endpoint that signs users in`."""
    responsibility: Responsibility
    summary: str
    """The design in two or three sentences."""
    price: str
    not_if: str
    signals: tuple[str, ...]
    """Words and phrases of a request, each of which means this recipe by itself."""
    hints: tuple[str, ...]
    """Words that speak for it only beside others."""
    requires: tuple[str, ...]
    """What pip has to install, as pip writes it."""
    decisions: tuple[Decision, ...]
    questions: tuple[Clarification, ...]
    leaves_out: tuple[str, ...]
    escalations: tuple[Warrant, ...] = ()
    built_on: tuple[str, ...] = ()
    """What it can not do without, besides the words of its name: a request that rules one out is asked about."""
    accepted_findings: tuple[Accepted, ...] = ()
    files: tuple[RecipeFile, ...] = ()
    """The code, each file after those that it imports."""
    tests: tuple[RecipeFile, ...] = ()
