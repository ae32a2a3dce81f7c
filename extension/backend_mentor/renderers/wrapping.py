"""Lines of text that keep to a width."""

from __future__ import annotations

import textwrap


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Return the text in lines of that width; `first` stands before the first line, `rest` before the others."""
    following = first if rest is None else rest
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=following, break_on_hyphens=False) or [
        first.rstrip()
    ]


def wrap_code(text: str, width: int, first: str, rest: str) -> list[str]:
    """Return code in lines of that width; the author's own indentation is kept."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        drop_whitespace=False,
    ) or [first.rstrip()]


def set_label(name: str, text: str, width: int, indent: int, size: int = 9) -> list[str]:
    """Return a labelled text: the label in the first `size` characters after the indent, the text beside it."""
    return wrap(text, width, " " * indent + f"{name:<{size - 1}} ", " " * (indent + size))


def indent_lines(text: str, width: int, indent: int = 2) -> list[str]:
    """Return the text's own lines, each moved to the right and broken where it is too long."""
    margin = " " * indent
    return [piece for line in text.splitlines() for piece in wrap_code(line, width, margin, margin + "  ")]


def fit(text: str, width: int) -> str:
    """Return the text in exactly that many characters, its end cut off or blanks added."""
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
