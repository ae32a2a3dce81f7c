"""The rule raw-body-as-data."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, chain, dotted, keyword
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class RawBodyAsData:
    """A test client is given a raw body as `data`.

    httpx wants form fields there; a raw body goes into `content`.
    """

    name: ClassVar[str] = "raw-body-as-data"
    severity: ClassVar[Severity] = Severity.INFO
    responsibility: ClassVar[Responsibility] = Responsibility.TESTING
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi.testclient import TestClient
            client = TestClient(app)
            def test_orders():
                assert client.post("/orders", data='{"product": 1}').status_code == 201
            """,
            says="`client.post` sends a raw body as data",
        ),
        PassesCode(
            """
            from fastapi.testclient import TestClient
            client = TestClient(app)
            def test_orders():
                assert client.post("/orders", content='{"product": 1}').status_code == 201
            """,
            because="content is the place for it",
        ),
        PassesCode(
            """
            from django.test import Client
            client = Client()
            def test_orders():
                assert client.post("/orders", data='{"product": 1}').status_code == 201
            """,
            because="Django's client takes it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each request of a client of Starlette or httpx whose `data` is a literal text or bytes."""
        if not any(
            full.endswith(("testclient.TestClient", "httpx.AsyncClient", "httpx.Client")) for _, full in source.imports
        ):
            return
        for call in calls(source.tree):
            names = chain(call)
            given = keyword(call, "data")
            is_raw = isinstance(given, ast.Constant) and isinstance(given.value, str | bytes)
            is_raw = is_raw or (given is not None and dotted(getattr(given, "func", None)) == "json.dumps")
            if len(names) > 1 and "client" in names[0].lower() and names[-1] in {"post", "put", "patch"} and is_raw:
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` sends a raw body as data.",
                    why="httpx has that place for form fields, warns, and will drop it.",
                    instead="Pass a dictionary as `json=`, or the text as `content=`.",
                )
