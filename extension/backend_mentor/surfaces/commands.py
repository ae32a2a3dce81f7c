"""What stands on the first line of `%backend` and `%%backend`: the options, and the commands they may name."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.review import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from backend_mentor.session import Session

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


class Carry(Protocol):
    """A command's work."""

    def __call__(self, session: Session, shell: InteractiveShell, options: Options) -> None:
        """Do it and print what came of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `%backend`: what it does, an example, and how it is carried out."""

    summary: str
    example: str
    carry_out: Carry


def read_options(line: str, *, is_cell: bool) -> Options:
    """Return the options of the first line; raises MentorError for one that is unknown."""
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
    return _with_command(options, rest, is_cell=is_cell)


def _with_command(options: Options, words: list[str], *, is_cell: bool) -> Options:
    if not words:
        return options
    name, *arguments = words
    if is_cell and name != "same":
        raise MentorError(f"{name} is not a word for the first line of a cell.", "Write %%backend, or %%backend same.")
    if not is_cell and name not in COMMANDS:
        hint = "Write %%backend, with two signs, to review a cell." if name == "review" else _HELP
        raise MentorError(f"There is no command {name}.", hint)
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
    "--hint": lambda options: replace(options, hint=True),
}
_VALUES: dict[str, Callable[[Options, str], Options]] = {
    "--level": _level,
    "--as": _variable,
    "--alias": lambda options, value: replace(options, alias=value),
}


def _connect(session: Session, shell: InteractiveShell, options: Options) -> None:
    if len(options.arguments) != 1:
        raise MentorError("connect wants one target.", "Write %backend connect PATH, URL, alias or variable.")
    (target,) = options.arguments
    # A variable of the notebook goes before a file of the same name; an alias goes before both.
    value = target if target in session.connections else shell.user_ns.get(target, target)
    database = session.connect(value, options.alias)
    print(f"Connected to {database.name} · {database.engine.title}, read-only")
    for note in database.notes:
        print(f"  {note}")


def _connections(session: Session, shell: InteractiveShell, options: Options) -> None:
    if not session.connections:
        print("Nothing is connected; the first review uses DATABASE_URL, else the demo database.")
    for alias, database in session.connections.items():
        mark = "*" if alias == session.current else " "
        print(f"{mark} {alias} · {database.name} · {database.engine.title}")


def _status(session: Session, shell: InteractiveShell, options: Options) -> None:
    _connections(session, shell, options)
    print(f"Reviews so far: {len(session.reviews)}. The mentor is offline: nothing leaves this machine.")


def _postgres(session: Session, shell: InteractiveShell, options: Options) -> None:
    database = session.start_postgres()
    print(f"Connected to {database.name} · {database.engine.title}, started here with the demo data.")
    print("  It ends with the kernel.")


def _apply(session: Session, shell: InteractiveShell, options: Options) -> None:
    if len(options.arguments) != 1 or not options.arguments[0].isdigit():
        raise MentorError("apply wants a proposal's number.", "Write %backend apply 1.")
    proposal = session.proposal(int(options.arguments[0]))
    shell.set_next_input(f"%%backend\n{proposal.after}\n")
    print(f"{proposal.name}: put into the next cell; your own cell is as it was")


def _help(session: Session, shell: InteractiveShell, options: Options) -> None:
    print(help_text())


COMMANDS: dict[str, Command] = {
    "connect": Command(
        "connect to a path, URL, alias, SQLAlchemy engine or DBAPI connection, read-only",
        "%backend connect sqlite:///shop.db --alias shop",
        _connect,
    ),
    "connections": Command("list what is connected", "%backend connections", _connections),
    "status": Command("say what is connected and what is on", "%backend status", _status),
    "postgres": Command("start a PostgreSQL with the demo data for this kernel", "%backend postgres", _postgres),
    "apply": Command("put a proposal of the last review into the next cell", "%backend apply 1", _apply),
    "help": Command("show this", "%backend help", _help),
}

_CELL_OPTIONS = (
    ("%%backend", "review the cell: SQL, an EXPLAIN plan or endpoint code"),
    ("%%backend same", "do the cell's two statements mean the same?"),
    ("%%backend --analyze", "also run the query, for actual rows, times and measured proof; the default on the demo"),
    ("%%backend --no-analyze", "do not run the query, not even on the demo"),
    ("%%backend --hint", "hints first, the answer on request"),
    ("%%backend --level junior", "explain more; senior, the default, explains less"),
    ("%%backend --as name", "keep the review in a variable"),
)


def help_text() -> str:
    """Return every command and option, with an example each."""
    lines = [f"  {example:<50} {summary}" for example, summary in _CELL_OPTIONS]
    lines += [f"  {command.example:<50} {command.summary}" for command in COMMANDS.values()]
    lines.append("  {{name}} in a cell binds the notebook's variable as a parameter; nothing else is touched")
    return "\n".join(["Backend Mentor", *lines])
