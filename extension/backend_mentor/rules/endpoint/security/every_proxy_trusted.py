"""The rule every-proxy-trusted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import calls, constant_text, dotted, last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class EveryProxyTrusted:
    """Each caller is believed to be your proxy.

    He writes his own address and scheme then, in headers that only the proxy should set.
    """

    name: ClassVar[str] = "every-proxy-trusted"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('uvicorn.run(app, forwarded_allow_ips="*")\n', says="`uvicorn.run` trusts every caller"),
        FlagsCode(
            'app.add_middleware(ProxyHeadersMiddleware, trusted_hosts="*")\n',
            says="`app.add_middleware` trusts every caller",
        ),
        PassesCode('uvicorn.run(app, forwarded_allow_ips="10.0.0.2")\n', because="the proxy is named"),
        PassesCode("uvicorn.run(app)\n", because="only this machine is trusted then"),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield a star where the addresses of trusted proxies are asked for."""
        for call in calls(source.tree):
            for each in call.keywords:
                is_star = constant_text(each.value) == "*" or (
                    isinstance(each.value, ast.List) and [constant_text(one) for one in each.value.elts] == ["*"]
                )
                is_proxy = last_name(call) == "ProxyHeadersMiddleware" or (
                    last_name(call) == "add_middleware"
                    and last_name(next(iter(call.args), None)) == "ProxyHeadersMiddleware"
                )
                if is_star and (each.arg == "forwarded_allow_ips" or (each.arg == "trusted_hosts" and is_proxy)):
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` trusts every caller as a proxy.",
                        why="X-Forwarded-For and X-Forwarded-Proto are believed from anyone: limits and "
                        "bans by address "
                        "fall (OWASP API8:2023).",
                        instead="Name your proxy's address or network.",
                    )
