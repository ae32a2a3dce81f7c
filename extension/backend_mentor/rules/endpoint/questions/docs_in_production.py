"""The question docs-in-production."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import calls, full_name, has_unpacked
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class DocsInProduction:
    """Are the interactive pages of the interface meant for everybody?

    They list each path and each field, those for administrators too.
    """

    name: ClassVar[str] = "docs-in-production"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI, Depends
            app = FastAPI(title="shop")
            @app.get("/admin/users")
            def users(admin=Depends(get_current_admin)): ...
            """,
            says="Are /docs, /redoc and /openapi.json meant to be open in production?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Depends
            app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
            @app.get("/admin/users")
            def users(admin=Depends(get_current_admin)): ...
            """,
            because="they are off",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/prices")
            def prices(): ...
            """,
            because="everything there is open anyway",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask where an application has guarded handlers and says nothing of its pages."""
        if not any(handler.guards for handler in source.handlers):
            return
        for call in calls(source.tree):
            if full_name(source.tree, call.func) != "fastapi.FastAPI" or has_unpacked(call):
                continue
            if not any(each.arg in {"docs_url", "redoc_url", "openapi_url"} for each in call.keywords):
                yield Question(
                    "Are /docs, /redoc and /openapi.json meant to be open in production?",
                    "They list each path and field, guarded ones too (OWASP API9:2023). "
                    "`FastAPI(openapi_url=None)` takes all three away.",
                    self.responsibility,
                )
