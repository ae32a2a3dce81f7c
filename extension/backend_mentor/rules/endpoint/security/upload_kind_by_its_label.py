"""The rule upload-kind-by-its-label."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import ParameterKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOOKS = re.compile(
    r""
    r"magic|Image\.open|imghdr|filetype|verify|sniff|PdfReader|openpyxl|read_csv|transcri|convert|ffmpeg|probe|csv\.|\[:\d+\]|startswith\(b|decode\(|\bloads?\(",
)


class UploadKindByItsLabel:
    """What an upload is, is decided by what the caller says that it is.

    Name and type come with the request, like the file.
    """

    name: ClassVar[str] = "upload-kind-by-its-label"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                if file.content_type != "image/png":
                    raise HTTPException(415)
                store(file.file)
            """,
            says="upload believes file.content_type",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                if file.content_type != "image/png":
                    raise HTTPException(415)
                Image.open(file.file).verify()
                store(file.file)
            """,
            because="the file itself is looked at too",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, UploadFile
            app = FastAPI()
            @app.post("/pictures")
            async def upload(file: UploadFile):
                log.info("got %s", file.content_type)
            """,
            because="nothing is decided by it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each refusal by an upload's `content_type` in a handler that never opens, parses or sniffs it."""
        for handler in source.handlers:
            if handler.node is None or _LOOKS.search(source.code_of(handler.node)):
                continue
            files = {each.name for each in handler.parameters_of(ParameterKind.FILE)}
            for node in own_nodes(handler.node):
                if not isinstance(node, ast.If) or not any(isinstance(each, ast.Raise) for each in ast.walk(node)):
                    continue
                read = next(
                    (dotted(each) for each in ast.walk(node.test) if dotted(each).endswith(".content_type")), ""
                )
                if read.partition(".")[0] in files:
                    yield report(
                        self,
                        source,
                        node.test,
                        what=f"{handler.name} believes {read}.",
                        why="The caller writes it: a script labelled as a picture is stored and served "
                        "as you were told "
                        "(CWE-434).",
                        instead="Read the first bytes, or open it with the library that will use it, "
                        "and serve uploads with `nosniff`.",
                    )
