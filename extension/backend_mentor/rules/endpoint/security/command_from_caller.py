"""The rule command-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, dotted, full_name, is_true, keyword, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SHELLS = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})
_RUNS = frozenset(
    {"subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen"}
)


class CommandFromCaller:
    """What the caller sends is part of a command line.

    A semicolon ends your command, and the rest is his.
    """

    name: ClassVar[str] = "command-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            import subprocess
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/ping")
            def ping(host: str):
                return subprocess.run(f"ping -c 1 {host}", shell=True)
            """,
            says="`subprocess.run` gives host to a shell",
        ),
        FlagsCode(
            """
            import os
            from flask import Flask, request
            app = Flask("shop")
            @app.get("/ping")
            def ping():
                os.system("ping -c 1 " + request.args["host"])
            """,
            says="`os.system` gives the request to a shell",
        ),
        FlagsCode(
            """
            import subprocess
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/list")
            def listed(folder: str):
                return subprocess.check_output("ls " + folder, shell=True)
            """,
            says="`subprocess.check_output` gives folder to a shell",
        ),
        PassesCode(
            """
            import subprocess
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/ping")
            def ping(host: str):
                return subprocess.run(["ping", "-c", "1", "--", host])
            """,
            because="no shell reads it",
        ),
        PassesCode(
            """
            import subprocess
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/ping")
            def ping(count: int):
                return subprocess.run(f"ping -c {count} localhost", shell=True)
            """,
            because="a number holds no semicolon",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each command of a handler that a shell reads, or whose program is chosen, with text of the caller."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                full = full_name(source.tree, call.func)
                given = argument(call, 0, "args")
                if given is None or full not in _SHELLS | _RUNS:
                    continue
                shell = full in _SHELLS or is_true(keyword(call, "shell"))
                read = given if shell or not isinstance(given, ast.List) else next(iter(given.elts), None)
                sent = from_caller(read, tainted) if read is not None else None
                if sent is None or not (shell or isinstance(given, ast.List)):
                    continue
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` gives {sent} to a shell."
                    if shell
                    else f"`{dotted(call.func)}` runs the program that {sent} names.",
                    why="`; rm -rf ~` in the value is a command of its own, with the rights of your server "
                    "(OWASP API8:2023, CWE-78).",
                    instead="Pass a list without a shell, your program first and `--` before what the caller has sent.",
                )
