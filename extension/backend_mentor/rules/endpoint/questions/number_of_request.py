"""The question number-of-request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.code import last_name, own_calls
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source


class NumberOfRequest:
    """How are the lines of a log found that belong to one request?

    With two requests at once their lines stand mixed.
    """

    name: ClassVar[str] = "number-of-request"
    responsibility: ClassVar[Responsibility] = Responsibility.ERRORS
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            logger = logging.getLogger(__name__)
            @app.exception_handler(Exception)
            def failed(request, error):
                logger.exception("failed")
                return JSONResponse({"error": "It failed."}, status_code=500)
            """,
            says="How does a user's report lead to the log's lines",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            app.add_middleware(CorrelationIdMiddleware)
            @app.exception_handler(Exception)
            def failed(request, error):
                logger.exception("failed")
                return JSONResponse({"error": "It failed."}, status_code=500)
            """,
            because="the middleware numbers them",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.exception_handler(OutOfStock)
            def missing(request, error):
                return JSONResponse({"error": "out of stock"}, status_code=409)
            """,
            because="the answer says all that there is to say",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask where a handler of any exception logs and answers without a number of the request."""
        if re.search(r"request_?id|correlation|trace_?id|opentelemetry|sentry|X-Request", source.text, re.IGNORECASE):
            return
        for handler in source.functions:
            if handler.node is None or handler.kind is not HandlerKind.ERROR_HANDLER:
                continue
            for_all = any(re.search(r"\((?:Exception|500)\)", each) for each in handler.decorators)
            if for_all and any(last_name(call) in {"exception", "error"} for call in own_calls(handler.node)):
                yield Question(
                    "How does a user's report lead to the log's lines of his request?",
                    f"{handler.name} logs and answers without a number that both carry. Give each "
                    "request one, in the log, "
                    "in the answer and in the header X-Request-ID.",
                    self.responsibility,
                )
                return
