"""What can go wrong between here and Claude, each with one clear message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Trouble(StrEnum):
    """Kinds of failure, as the user would tell them apart."""

    KEY = "key"
    NOT_ALLOWED = "not allowed"
    NO_CREDIT = "no credit"
    UNKNOWN_MODEL = "unknown model"
    TOO_LARGE = "too large"
    REFUSED_REQUEST = "request refused"
    RATE_LIMIT = "rate limit"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too slow"
    BROKEN_OFF = "broken off"
    NOT_THE_API = "not the API"
    NOT_INSTALLED = "not installed"


class SpeakingError(MentorError):
    """Claude could not be heard, or not to the end; the offline review stands all the same."""

    def __init__(self, trouble: Trouble, what: str, remedy: str, *, wait_seconds: float | None = None) -> None:
        super().__init__(what, remedy)
        self.trouble = trouble
        self.wait_seconds = wait_seconds
        """What the server asked to wait."""


@dataclass(frozen=True, slots=True)
class _Words:
    trouble: Trouble
    what: str
    remedy: str


_AGAIN = "Ask again in a while; the offline review stands."
_BY_STATUS: Mapping[int, _Words] = {
    400: _Words(Trouble.REFUSED_REQUEST, "Claude refused the request as malformed", "Update the package anthropic."),
    401: _Words(
        Trouble.KEY, "Anthropic does not accept the key", "Put a valid key into ANTHROPIC_API_KEY or the keyring."
    ),
    402: _Words(Trouble.NO_CREDIT, "The account has no credit", "Add credit in the Anthropic console."),
    403: _Words(Trouble.NOT_ALLOWED, "The key may not do this", "Use a key whose workspace allows this model."),
    404: _Words(Trouble.UNKNOWN_MODEL, "Anthropic knows no such model", "Choose another with --model."),
    408: _Words(Trouble.TOO_SLOW, "Anthropic gave up waiting for the request", _AGAIN),
    413: _Words(Trouble.TOO_LARGE, "The conversation is too large", "Begin a new one with %backend mentor forget."),
    422: _Words(Trouble.REFUSED_REQUEST, "Claude refused the request", "Update the package anthropic."),
    429: _Words(Trouble.RATE_LIMIT, "Anthropic's rate limit is reached", _AGAIN),
    529: _Words(Trouble.OVERLOADED, "Claude is overloaded", _AGAIN),
}
_BY_TYPE: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "timeout_error": 408,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}
_SPEND_LIMIT = "enforced_spend_limit_reached"


def of_status(
    status: int, type: str | None, code: str | None, request: str | None, wait_seconds: float | None
) -> SpeakingError:
    """Return the failure for an error status of the API, or for an error event in mid-stream (status 200)."""
    behind = f" (request {request})" if request else ""
    if code == _SPEND_LIMIT:
        return SpeakingError(
            Trouble.NO_CREDIT,
            f"The spend limit of the account is reached{behind}.",
            "Raise it in the Anthropic console.",
        )
    words = _BY_STATUS.get(_BY_TYPE.get(type or "", status) if status == 200 else status)
    if words is None:
        return SpeakingError(Trouble.OVERLOADED, f"Anthropic failed with status {status}{behind}.", _AGAIN)
    return SpeakingError(words.trouble, f"{words.what}{behind}.", words.remedy, wait_seconds=wait_seconds)


def unreachable(host: str) -> SpeakingError:
    """Return the failure for a connection that could not be made or was lost before an answer."""
    return SpeakingError(Trouble.UNREACHABLE, f"{host} can not be reached.", "Check the network and the proxy.")


def too_slow(seconds: float) -> SpeakingError:
    """Return the failure for an answer that did not come in time."""
    return SpeakingError(Trouble.TOO_SLOW, f"Claude did not finish within {seconds:.0f} s.", _AGAIN)


def broken_off() -> SpeakingError:
    """Return the failure for a stream that ended before the answer did."""
    return SpeakingError(Trouble.BROKEN_OFF, "The connection broke in the middle of the answer.", "Ask again.")


def unreadable() -> SpeakingError:
    """Return the failure for a call of a tool whose arguments are no JSON, or only the beginning of some."""
    return SpeakingError(Trouble.BROKEN_OFF, "Claude's call of a tool broke off before its end.", "Ask again.")


def not_the_api(host: str) -> SpeakingError:
    """Return the failure for something that answered and is not the Messages API."""
    return SpeakingError(
        Trouble.NOT_THE_API,
        f"What answered at {host} does not speak Anthropic's Messages API.",
        "Look for a login page of the network, or a wrong base URL.",
    )


# Waiting mends these, as long as nothing was said and no tool ran.
WORTH_ANOTHER_TRY = frozenset([Trouble.RATE_LIMIT, Trouble.OVERLOADED, Trouble.UNREACHABLE])
