"""What stands on the first line of `%backend` and `%%backend`, read."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.level import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


_HELP = "Type %backend help for every command and option, with an example each."


@dataclass(frozen=True, slots=True)
class Options:
    """The first line, read."""

    command: str
    arguments: tuple[str, ...] = ()
    analyze: bool | None = None
    hint: bool = False
    level: Level = Level.SENIOR
    variable: str | None = None
    """Where `--as` keeps the review."""
    alias: str | None = None
    run: bool = False
    """Execute the cell and send requests to its app."""
    calls: tuple[str, ...] = ()
    """What `--call` writes, each a request."""
    headers: tuple[str, ...] = ()
    """What `--header` writes, for every request."""
    test: bool = False
    """Run a recipe's tests."""
    to: str | None = None
    """The folder that `--to` names."""
    hide_rows: bool = False
    """Share a notebook without its outputs."""
    sample: str | None = None
    """How many rows of each table are shared, as it was written."""
    yes: bool = False
    """Write what was shown."""
    question: str = ""
    """What is asked, as it was typed."""
    rows: bool = False
    """Let rows go to Claude, for this one question."""
    fresh: bool = False
    """Do not take an answer from the cache."""
    last: bool = False
    """What was sent, instead of what would be."""
    model: str | None = None
    effort: str | None = None


def read_options(line: str, commands: Collection[str], *, is_cell: bool) -> Options:
    """Return the options of the first line; raises MentorError for one that is unknown."""
    if not is_cell and line.split(maxsplit=1)[:1] in (["ask"], ["send"]):
        return _read_question(line)
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise MentorError(f"The first line can not be read: {error}.", _HELP) from error
    options, rest = Options("review" if is_cell else "help"), []
    while words:
        word = words.pop(0)
        if word in _FLAGS:
            options = _FLAGS[word](options)
        elif word in _VALUES:
            if not words:
                raise MentorError(f"{word} wants a value.", _HELP)
            options = _VALUES[word](options, words.pop(0))
        elif word.startswith("--"):
            raise MentorError(f"There is no option {word}.", _HELP)
        else:
            rest.append(word)
    return _with_command(options, rest, commands, is_cell=is_cell)


def keep_question_mark(lines: list[str]) -> list[str]:
    """Return a cell's lines with each `%backend ask …?` as the call that it means: IPython takes a `?` for its help."""
    asking = ("%backend ask ", "%backend send ")
    return [
        f"get_ipython().run_line_magic('backend', {line.strip().partition(' ')[2]!r})\n"
        if line.startswith(asking) and line.rstrip().endswith("?")
        else line
        for line in lines
    ]


def _read_question(line: str) -> Options:
    """Read a line whose rest is plain words, apostrophes and all: options come before them."""
    command, _, rest = line.strip().partition(" ")
    options = Options(command)
    while (rest := rest.lstrip()).startswith("--"):
        word, _, rest = rest.partition(" ")
        if word in _ASKING_FLAGS:
            options = _ASKING_FLAGS[word](options)
        elif word in ("--model", "--effort"):
            value, _, rest = rest.lstrip().partition(" ")
            options = _VALUES[word](options, value)
        else:
            raise MentorError(f"There is no option {word}.", _HELP)
    return replace(options, question=rest.strip())


def _with_command(options: Options, words: list[str], commands: Collection[str], *, is_cell: bool) -> Options:
    if not words:
        return options
    name, *arguments = words
    if is_cell and name not in ("same", "exercise"):
        raise MentorError(f"{name} is not a word for the first line of a cell.", "Write %%backend, or %%backend same.")
    if not is_cell and name not in commands:
        raise MentorError(f"There is no command {name}.", _HELP)
    return replace(options, command=name, arguments=tuple(arguments))


def _level(options: Options, value: str) -> Options:
    if value not in list(Level):
        raise MentorError(f"There is no level {value}.", "Write --level junior or --level senior.")
    return replace(options, level=Level(value))


def _variable(options: Options, value: str) -> Options:
    if not value.isidentifier():
        raise MentorError(f"{value} can not name a variable.", "Write --as with a plain Python name.")
    return replace(options, variable=value)


_FLAGS: dict[str, Callable[[Options], Options]] = {
    "--analyze": lambda options: replace(options, analyze=True),
    "--no-analyze": lambda options: replace(options, analyze=False),
    "--run": lambda options: replace(options, run=True),
    "--hint": lambda options: replace(options, hint=True),
    "--test": lambda options: replace(options, test=True),
    "--hide-rows": lambda options: replace(options, hide_rows=True),
    "--yes": lambda options: replace(options, yes=True),
}
_ASKING_FLAGS: dict[str, Callable[[Options], Options]] = {
    "--rows": lambda options: replace(options, rows=True),
    "--fresh": lambda options: replace(options, fresh=True),
    "--last": lambda options: replace(options, last=True),
}
_VALUES: dict[str, Callable[[Options, str], Options]] = {
    "--level": _level,
    "--as": _variable,
    "--call": lambda options, value: replace(options, run=True, calls=(*options.calls, value)),
    "--header": lambda options, value: replace(options, headers=(*options.headers, value)),
    "--alias": lambda options, value: replace(options, alias=value),
    "--sample": lambda options, value: replace(options, sample=value),
    "--to": lambda options, value: replace(options, to=value),
    "--model": lambda options, value: replace(options, model=value),
    "--effort": lambda options, value: replace(options, effort=value),
}
