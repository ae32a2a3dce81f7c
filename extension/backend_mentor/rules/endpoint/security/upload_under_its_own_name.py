"""The rule upload-under-its-own-name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    Function,
    dotted,
    full_name,
    last_name,
    own_calls,
    own_nodes,
    root_name,
    targets,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding

_SAFE = frozenset({"secure_filename", "get_valid_filename", "uuid4", "token_hex", "token_urlsafe"})


class UploadUnderItsOwnName:
    """An upload is stored under the name that the caller gave it.

    The name can be `../../app.py`.
    """

    name: ClassVar[str] = "upload-under-its-own-name"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                with open(f"/data/{file.filename}", "wb") as out:
                    out.write(await file.read(65536))
            """,
            says="upload stores under file.filename",
        ),
        FlagsCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/pictures")
            def upload():
                file = request.files["picture"]
                file.save(os.path.join(FOLDER, file.filename))
            """,
            says="upload stores under file.filename",
        ),
        PassesCode(
            """
            from flask import Flask, request
            app = Flask("shop")
            @app.post("/pictures")
            def upload():
                file = request.files["picture"]
                file.save(os.path.join(FOLDER, secure_filename(file.filename)))
            """,
            because="the name has lost its folders",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                with open(f"/data/{uuid4()}{Path(file.filename).suffix}", "wb") as out:
                    out.write(await file.read(65536))
            """,
            because="the server names it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each opening or saving of a handler under a path made from an upload's `filename`, as it came."""
        for handler in source.handlers:
            function = handler.node
            if function is None or _cleans(source, function):
                continue
            named = _uploads(handler, function)
            names = {f"{each}.filename" for each in named}
            for node in own_nodes(function):
                if isinstance(node, ast.Assign) and any(holds(node.value, frozenset({each})) for each in names):
                    names |= targets(node)
            for call in own_calls(function):
                full = full_name(source.tree, call.func)
                saves = last_name(call) == "save" and root_name(call.func) in named
                if not call.args or not (saves or full in {"open", "aiofiles.open", "shutil.move"}):
                    continue
                given = call.args[1] if full == "shutil.move" and len(call.args) > 1 else call.args[0]
                kept = any(
                    isinstance(each, ast.Attribute) and each.attr in {"name", "suffix", "stem"}
                    for each in ast.walk(given)
                )
                sent = next((each for each in sorted(names) if holds(given, frozenset({each}))), None)
                if sent is not None and not kept:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} stores under {sent}, the name that the caller gave it.",
                        why="`../../app.py` leaves the folder and overwrites your code; two uploads of one name "
                        "overwrite each other (CWE-22, CWE-434).",
                        instead="Name it yourself, `uuid4().hex`, and keep the caller's name in a column.",
                    )


def _uploads(handler: Handler, function: Function) -> set[str]:
    found = {each.name for each in handler.parameters_of(ParameterKind.FILE)}
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Attribute)
            and (each.attr == "FILES" or (each.attr == "files" and dotted(each.value).endswith("request")))
            for each in ast.walk(node.value)
        ):
            found |= targets(node)
    return found


def _cleans(source: Source, function: Function) -> bool:
    return any(
        last_name(call) in _SAFE or last_name(call).startswith(("sanitize", "safe_", "clean", "basename", "validate"))
        for call in own_calls(function)
    )
