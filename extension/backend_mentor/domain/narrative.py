"""What Claude said in prose, sentence by sentence, each with what of it nothing on this machine bears out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a block of code. It is a stranger's text: show it as text."""

    text: str
    unverified: tuple[str, ...] = ()
    """The claims in it that no plan, catalogue or trial holds: a number, a name, a speed-up."""
    is_code: bool = False
    begins_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Narrative:
    """Claude's words."""

    passages: tuple[Passage, ...]
    speaker: str
    """The persona and the model: `backend-developer · claude-sonnet-5-5`."""
    notices: tuple[str, ...] = ()
    """What the reader should know of the answer: it was cut short and why, or it comes from the cache."""
