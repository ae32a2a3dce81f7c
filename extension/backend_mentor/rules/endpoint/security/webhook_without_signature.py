"""The rule webhook-without-signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.handlers import may_check_outside
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_READS_BODY = re.compile(r"\.json\(|\.body\(|get_json|request\.data|body\b|payload|event")
_CHECKS = re.compile(
    r"sign|hmac|digest|verif|secret|token|construct_event|auth|allow|valid|check|key\b|password|permission",
    re.IGNORECASE,
)


class WebhookWithoutSignature:
    """A webhook believes whoever calls it.

    Its address is all that a stranger needs to report a payment.
    """

    name: ClassVar[str] = "webhook-without-signature"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
            @app.post("/webhooks/payments")
            async def paid(request: Request, session=Depends(get_session)):
                event = await request.json()
                session.execute(update(Order).where(Order.id == event["order"]).values(paid=True))
            """,
            says="POST /webhooks/payments believes whoever calls it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI, Request
            app = FastAPI()
            @app.post("/webhooks/payments")
            async def paid(request: Request):
                event = stripe.Webhook.construct_event(await request.body(), request.headers["signature"], KEY)
            """,
            because="the sender has signed it",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/webhooks")
            def register(body: WebhookIn, user=Depends(get_current_user)): ...
            """,
            because="it is where a user enters his own webhooks",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each POST to a webhook that reads its body and in whose function nothing speaks of a check."""
        if may_check_outside(source):
            return
        for handler in source.handlers:
            parts = (handler.route or "").strip("/").split("/")
            if handler.node is None or "POST" not in handler.methods or handler.guards or handler.dependencies[1:]:
                continue
            named = any(part in {"webhook", "webhooks", "hook", "ipn"} for part in parts)
            code = source.code_of(handler.node)
            if named and _READS_BODY.search(code) and not _CHECKS.search(code.replace("webhook", "")):
                yield report(
                    self,
                    source,
                    handler.node,
                    what=f"POST {handler.route} believes whoever calls it: it checks no signature.",
                    why="Its address is all that a stranger needs to report that an order is paid (OWASP API2:2023).",
                    instead="Compare an HMAC of the raw body with the sender's header by `hmac.compare_digest`, "
                    "and refuse old timestamps.",
                )
