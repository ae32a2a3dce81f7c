"""A command is given to its program as a list of arguments, and no shell reads it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_removed
from backend_mentor.proposals.code.command_words import Word, words_of_command
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of, has_comment, only_assignment, quoted, replaced
from backend_mentor.proposals.code.sql_text import read_text
from backend_mentor.proposals.code.sql_values import kind_of
from backend_mentor.reading.endpoints.trees import (
    constant_text,
    dotted,
    enclosing_function,
    full_name,
    has_unpacked,
    is_true,
    keyword,
    parameters,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.trees import Function

_RUNS = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_IMPORTS = "import subprocess\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/é')\n"


class CommandWithoutShell:
    """Pass a command as a list of arguments, with no shell.

    Valid where the command is one program with plain arguments: no pipe, redirection, variable, pattern or builtin of
    the shell, and no value that can be several words or none. What such a command does is the same.
    """

    name: ClassVar[str] = "command-without-shell"
    answers: ClassVar[tuple[str, ...]] = ("command-from-caller", "command-through-shell")
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _IMPORTS + "def ping(host: str, count: int):\n    # é\n    return subprocess.run(\n"
            "        f'ping -c {count} {host}', shell=True, check=True, timeout=5\n    ).returncode\n",
            _IMPORTS + "def ping(host: str, count: int):\n    # é\n    return subprocess.run(\n"
            "        ['ping', '-c', str(count), host], check=True, timeout=5\n    ).returncode\n",
        ),
        Fixes(
            "import subprocess\n\n\ndef shrink(path: str, size: int):\n"
            "    command = \"convert -resize %sx%s '%s' small.png\" % (size, size, path)\n"
            "    subprocess.check_call(command, shell=True)  # é\n",
            "import subprocess\n\n\ndef shrink(path: str, size: int):\n"
            '    command = ["convert", "-resize", f"{size}x{size}", path, "small.png"]\n'
            "    subprocess.check_call(command)  # é\n",
        ),
        Declines(
            _IMPORTS
            + "def find(word: str):\n    return subprocess.check_output(f'cat log | grep {word}', shell=True)\n",
            because="a pipe joins two programs",
        ),
        Declines(
            _IMPORTS
            + "def size(folder: str):\n    return subprocess.check_output(f'du -s $HOME/{folder}/*', shell=True)\n",
            because="the shell fills in a variable and the names of files",
        ),
        Declines(
            _IMPORTS + "def run(options: str):\n    return subprocess.check_output(f'ls {options}', shell=True)\n",
            because="the shell makes several arguments of that value, and they are wanted",
        ),
        Declines(
            _IMPORTS + "def show(folder: str = ''):\n    return subprocess.check_output(f'ls {folder}', shell=True)\n",
            because="an empty value is no argument for the shell, and an empty one in a list",
        ),
        Declines(
            _IMPORTS + "def go(folder: str):\n    return subprocess.check_output(f'cd {folder}', shell=True)\n",
            because="there is no such program: the shell does that itself",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write the list, and take `shell=True` away."""
        call = call_of(source, finding)
        if call is None or full_name(source.tree, call.func) not in _RUNS or len(call.args) != 1 or has_unpacked(call):
            return None
        if not is_true(keyword(call, "shell")) or keyword(call, "executable") is not None or "127" in source.text:
            return None
        function = enclosing_function(source.tree, call)
        node = _command(source, call)
        listed = _listed(source, node, function) if node is not None else None
        removed = keyword_removed(source, call, "shell")
        if node is None or listed is None or removed is None:
            return None
        return Change(
            title=f"Give {dotted(call.func)} a list of arguments, and no shell",
            reason="The program gets the same arguments; a `;`, `|` or `$( )` in a value is a character of it and no "
            "command.",
            edits=(replaced(source, node, listed), removed),
            tradeoffs=Tradeoffs(
                "a program that is not there raises FileNotFoundError, where the shell ended with a status; a value "
                "that begins with `-` is still read as an option: put `--` before it where the program knows it",
                "the values are meant to be split into several words",
            ),
            conditions=(
                Condition("the command is one program with plain arguments", source.code_of(node)),
                Condition("shell=True is a literal of the call", f"line {call.lineno}"),
            ),
        )


def _command(source: Source, call: ast.Call) -> ast.expr | None:
    """Return the expression of the command: the argument, or what its variable is given for this call alone."""
    given = call.args[0]
    if not isinstance(given, ast.Name):
        return given
    assignment = only_assignment(source, given)
    return assignment.value if assignment is not None else None


def _listed(source: Source, node: ast.expr, function: Function | None) -> str | None:
    """Return the list that a command is in code; None where it is more than one program with arguments."""
    span = source.span_of(node)
    text = read_text(source, node)
    words = words_of_command(source, text) if text is not None else None
    if words is None or has_comment(source, span.start, span.end) or constant_text(node) is not None:
        return None
    written = [_written(source, word, function) for word in words]
    return None if None in written else f"[{', '.join(each or '' for each in written)}]"


def _written(source: Source, word: Word, function: Function | None) -> str | None:
    if word.is_plain:
        return quoted(source, word.text)
    holes = [part for part, is_hole in word.parts if is_hole]
    if len(word.parts) > 1:
        mark = quoted(source, "")[0]
        if mark in word.text:
            mark = "'" if mark == '"' else '"'
        return None if mark in word.text else f"f{mark}{word.text}{mark}"
    if function is None or _can_be_empty(function, holes[0]):
        return None
    return holes[0] if kind_of(source, holes[0], function) == "str" else f"str({holes[0]})"


def _can_be_empty(function: Function, hole: str) -> bool:
    given = function.args
    plain = zip(reversed([*given.posonlyargs, *given.args]), reversed(given.defaults), strict=False)
    by_name = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    named = {each.arg for each in parameters(function)}
    return hole in named and any(
        each.arg == hole and value is not None and any(constant_text(part) == "" for part in ast.walk(value))
        for each, value in (*plain, *by_name)
    )
