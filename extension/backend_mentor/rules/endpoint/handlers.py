"""What the rules ask of a handler as a whole: whether it writes, and whether anybody checks who is calling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import Handler, HandlerKind, Model, ModelKind, ParameterKind
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_OPEN = frozenset(
    {
        "login", "signin", "register", "signup", "registration", "token", "tokens", "refresh", "webhook", "webhooks",
        "hook", "hooks", "callback", "health", "healthz", "ready", "live", "ping", "reset", "forgot", "forgotten",
        "recover", "verify", "verification", "confirm", "activate", "contact", "public", "auth", "authenticate",
        "authorize", "oauth", "logout", "signout", "subscribe", "unsubscribe", "status", "metrics", "search", "login2",
        "session", "sessions", "invite", "invitation", "setup", "anonymous", "guest", "csp", "report", "introspect",
        "revoke", "saml", "sso", "acs", "mfa", "otp", "captcha", "password", "graphql",
    }
)  # fmt: skip
_CHECKED_INSIDE = re.compile(
    r"user|session\b(?=[\[.](?!add|commit|execute|get\(\w+,|scalar|delete|flush|refresh|query|merge))|authori[sz]|authent"
    r"|permission|token|verif|api_?key|require|role|admin|owner|tenant|member|login|access|secret|signature|can_",
    re.IGNORECASE,
)
_CHECKED_OUTSIDE = re.compile(
    r"auth\w*middleware|sessionmiddleware|jwtmanager|before_(?:app_)?request|url_value_preprocessor|login_?manager|\.middleware\(|add_middleware\(\s*(?!CORS|GZip|TrustedHost|HTTPSRedirect|ProxyHeaders)\w|LoginRequiredMiddleware"
    r"|DEFAULT_PERMISSION_CLASSES|httpauth|dispatch\(",
    re.IGNORECASE,
)
# An icon, what answers whether the process lives, and what takes any path.
_NO_OPERATION = re.compile(
    r"^/?\{\w+:path\}$|favicon|robots\.txt|/(?:healthz?|livez?|readyz?|ready|live|ping|metrics)/?$"
)
_INPUT = (ModelKind.PYDANTIC, ModelKind.SQLMODEL, ModelKind.DATACLASS)


def is_documented(handler: Handler) -> bool:
    """Return whether FastAPI lists a handler among its operations, and one that a client would call."""
    if handler.node is None or not handler.routes:
        return False
    # Starlette's own `app.route` stands in no documentation.
    added = [each.partition("(")[0].rpartition(".")[2] for each in handler.decorators]
    paths = [each.path or "" for each in handler.routes]
    is_page = any("HTMLResponse" in each for each in handler.decorators)
    # Of a router it is the collection that the router is for.
    is_front = all(path in {"", "/"} for path in paths) and all(each.startswith("app.") for each in handler.decorators)
    return (
        not {"route", "options", "head"} & set(added)
        and not is_page
        and not is_front
        and not all(map(_NO_OPERATION.search, paths))
    )


def changes_data(handler: Handler) -> bool:
    """Return whether a handler answers requests that are meant to change something."""
    return bool(set(handler.methods) & _WRITING)


def writing_address(handler: Handler) -> str:
    """Return the first writing method of a handler and its path, as in `DELETE /orders/{key}`."""
    method = next((each for each in handler.methods if each in _WRITING), "POST")
    return f"{method} {handler.route or handler.name}"


def is_open_on_purpose(handler: Handler) -> bool:
    """Return whether a handler's name or path is one that callers reach before anybody knows them."""
    words = {word for text in (handler.name, handler.route or "") for word in words_of(text)}
    return bool(words & _OPEN)


def is_guarded(handler: Handler) -> bool:
    """Return whether something that the cell names before the handler checks who is calling."""
    return bool(handler.guards)


def may_check_inside(source: Source, handler: Handler) -> bool:
    """Return whether a word in the handler's own code speaks of who is calling."""
    return handler.node is not None and bool(_CHECKED_INSIDE.search(source.code_of(handler.node)))


def may_check_outside(source: Source) -> bool:
    """Return whether something in the cell runs before every handler, and could check who is calling."""
    return bool(_CHECKED_OUTSIDE.search(source.text)) or any(
        each.kind is HandlerKind.MIDDLEWARE for each in source.functions
    )


def body_models(source: Source, handler: Handler) -> tuple[tuple[str, Model], ...]:
    """Return the handler's parameters that are read from the body into a model of the cell, with the model."""
    found = []
    for each in handler.parameters_of(ParameterKind.BODY, ParameterKind.FORM):
        for word in re.findall(r"\w+", each.type or ""):
            model = source.model(word)
            if model is not None and model.kind in _INPUT:
                found.append((each.name, model))
    return tuple(found)
