"""How facts about code are put into words."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def code(text: str) -> str:
    """Return a piece of code as it stands in a sentence."""
    return f"`{text}`"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return `one statement`, `two statements`, `12 statements`."""
    word = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """Return the text with a capital letter and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":")) else text + "."


def short(text: str, characters_at_most: int = 90) -> str:
    """Return a piece of code on one line, cut where it is longer than a sentence bears."""
    line = " ".join(text.split())
    return line if len(line) <= characters_at_most else line[: characters_at_most - 1] + "…"
