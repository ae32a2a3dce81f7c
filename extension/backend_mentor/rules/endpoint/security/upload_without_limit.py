"""The rule upload-without-limit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, own_calls, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class UploadWithoutLimit:
    """An upload is read into memory, however large it is.

    One caller with a large file takes all the memory of the process.
    """

    name: ClassVar[str] = "upload-without-limit"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                content = await file.read()
            """,
            says="upload reads all of file into memory",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                while chunk := await file.read(65536):
                    store(chunk)
            """,
            because="it is read in pieces",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                if file.size > 1_000_000:
                    raise HTTPException(413)
                content = await file.read()
            """,
            because="the size is looked at first",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each `read()` without a size of an uploaded file whose size the handler never looks at."""
        if "max_body_size" in source.text or "content-length" in source.text.lower():
            return
        for handler in source.handlers:
            if handler.node is None or any(
                isinstance(each, ast.Attribute) and each.attr == "size" for each in own_nodes(handler.node)
            ):
                continue
            files = {
                each.name
                for each in handler.parameters
                if each.type in ("UploadFile", "fastapi.UploadFile", "UploadFile | None")
            }
            compared = any(
                isinstance(each, ast.Compare) and "len(" in ast.unparse(each) for each in own_nodes(handler.node)
            )
            for call in own_calls(handler.node):
                names = chain(call)
                if len(names) == 2 and names[0] in files and names[1] == "read" and not call.args:
                    more = " and asks for its length afterwards" if compared else ""
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} reads all of {names[0]} into memory{more}.",
                        why="The caller decides how much memory that is (OWASP API4:2023).",
                        instead="Refuse by `file.size` first, or read pieces of 64 KiB and stop at your limit.",
                    )
