"""The rule path-from-caller."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    argument,
    dotted,
    enclosing,
    full_name,
    last_name,
    names_in,
    own_calls,
    own_nodes,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_REMOVES = frozenset({"os.remove", "os.unlink", "shutil.rmtree"})
_OPENS = frozenset({"open", "io.open", "aiofiles.open", *_REMOVES})


class PathFromCaller:
    """A file is opened under a name that the caller has sent.

    `../../etc/passwd` leaves the folder.
    """

    name: ClassVar[str] = "path-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/files")
            def download(name: str):
                return FileResponse(f"/data/{name}")
            """,
            says="`FileResponse` opens a path made from name",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/files")
            def download(name: str):
                return FileResponse(f"/data/{Path(name).name}")
            """,
            because="only the last part of the name is left",
        ),
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.get("/files")
            def download():
                return send(request.args["name"])
            def send(name):
                return send_file("/data/" + name)
            """,
            says="`send_file` opens a path made from name",
        ),
        FlagsCode(
            """
            import os
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/files/remove")
            def remove():
                os.remove("/data/" + request.form["name"])
            """,
            says="`os.remove` removes a path made from the request",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/files/{name}")
            def download(name: str):
                return FileResponse(f"/data/{name}")
            """,
            because="one part of a path holds no slash",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/files/{key}")
            def download(key: int):
                return FileResponse(f"/data/{key}")
            """,
            because="a number has no dots",
        ),
        PassesCode(
            """
            import os
            @app.get("/files/{name:path}")
            def file(name: str):
                path = os.path.normpath(os.path.join(ROOT, name))
                if os.path.commonpath([ROOT, path]) != ROOT:
                    raise HTTPException(404)
                return FileResponse(path)
            """,
            because="it is compared with the folder first",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each opening of a file in a handler whose path holds text of the caller."""
        for function, tainted in text_of_callers(source, with_single_parts=False):
            if _is_held_to_a_folder(source, function):
                continue
            for call in own_calls(function):
                if full_name(source.tree, call.func) not in _OPENS and last_name(call) not in {
                    "FileResponse",
                    "send_file",
                }:
                    continue
                given = argument(call, 0, "path")
                if given is None or any(
                    isinstance(each, ast.Attribute) and each.attr in {"name", "stem"} for each in ast.walk(given)
                ):
                    continue
                sent = from_caller(given, tainted)
                removes = full_name(source.tree, call.func) in _REMOVES
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` {'removes' if removes else 'opens'} a path made from {sent}.",
                        why="`../../etc/passwd` leaves the folder: each file that the process may "
                        f"{'remove can be removed' if removes else 'read is open'} (CWE-22).",
                        instead="Look the file up by a key of your own; else take `Path(name).name`, "
                        "resolve it and check "
                        "`is_relative_to(folder)`.",
                    )


def _is_held_to_a_folder(source: Source, function: Function) -> bool:
    """Return whether the path is compared with a folder and something is decided by it."""
    for call in own_calls(function):
        if last_name(call) not in {"commonpath", "is_relative_to"}:
            continue
        around = list(enclosing(source.tree, call))
        if any(isinstance(each, ast.If | ast.Assert) for each in around):
            return True
        held = next((targets(each) for each in around if isinstance(each, ast.Assign)), frozenset())
        tests = (node.test for node in own_nodes(function) if isinstance(node, ast.If | ast.Assert))
        if any(held & names_in(test) for test in tests):
            return True
    return False
