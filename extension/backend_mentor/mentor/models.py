"""Names of models: the short ones of agent files, and what each model takes."""

from __future__ import annotations

from typing import Final

from backend_mentor.domain.errors import MentorError

DEFAULT_MODEL: Final = "claude-sonnet-5-5"
EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")

_SHORT: Final = {
    "haiku": "claude-haiku-5-5",
    "sonnet": "claude-sonnet-5-5",
    "opus": "claude-opus-5-5",
    "fable": "claude-fable-5-1",
    "inherit": DEFAULT_MODEL,
    "default": DEFAULT_MODEL,
}
# The models that think by themselves where they are told to; older ones are asked without.
_ADAPTIVE: Final = ("claude-sonnet-5-5", "claude-opus-5-5", "claude-fable-5")


def full_name(name: str | None) -> str:
    """Return the model's full name for a short one; a full name stays as it is. Raises MentorError for neither."""
    if name is None:
        return DEFAULT_MODEL
    known = _SHORT.get(name.lower())
    if known is None and not name.startswith("claude-"):
        raise MentorError(f"There is no model {name:.60}.", f"Write {', '.join(_SHORT)}, or a name as claude-….")
    return known or name


def thinks(model: str) -> bool:
    """Return whether the model takes adaptive thinking."""
    return model.startswith(_ADAPTIVE)


def check_effort(effort: str | None) -> str | None:
    """Return the effort; raises MentorError for one that there is not."""
    if effort is not None and effort not in EFFORTS:
        raise MentorError(f"There is no effort {effort:.20}.", f"Write one of {', '.join(EFFORTS)}.")
    return effort
