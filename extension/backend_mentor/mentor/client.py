"""Claude over the network, one answer at a time; anthropic is imported here and in `batches`, and that on first use."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from backend_mentor.domain.errors import MentorError
from backend_mentor.mentor.failures import (
    WORTH_ANOTHER_TRY,
    SpeakingError,
    Trouble,
    broken_off,
    not_the_api,
    of_status,
    too_slow,
    unreachable,
    unreadable,
)
from backend_mentor.mentor.line import LOOK_SECONDS, Line
from backend_mentor.mentor.prices import Usage
from backend_mentor.mentor.speech import Body, InterruptedSpeech, Reply, ToolCall

if TYPE_CHECKING:
    import anthropic
    import httpx2
    from anthropic.lib.streaming import MessageStream
    from anthropic.types import Message

    from backend_mentor.databases.base import Stop

DEFAULT_URL = "https://api.anthropic.com"
_ATTEMPTS = 3
_LONGEST_WAIT_SECONDS = 20.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass
class Claude:
    """See `speech.Speaker`. `pause` waits between two attempts; tests pass one that does not."""

    key: str = field(repr=False)
    base_url: str = DEFAULT_URL
    pause: Callable[[float, Stop], None] | None = None
    host: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = check_address(self.base_url)

    def speak(self, body: Body, hear: Callable[[str], None], *, seconds: float, stop: Stop) -> Reply:
        """Return the answer; up to three attempts, and none after a word was heard."""
        deadline = time.monotonic() + seconds
        for attempt in range(_ATTEMPTS):
            reply = self._attempt(body, hear, deadline, seconds, stop)
            failure = reply.failure
            if failure is None or failure.trouble not in WORTH_ANOTHER_TRY or reply.text or reply.usage.prompt:
                return reply
            wait = 0.5 * 2**attempt if failure.wait_seconds is None else failure.wait_seconds
            if wait > _LONGEST_WAIT_SECONDS:
                what = f"{failure.what} Anthropic asks to wait {wait:,.0f} s."
                return Reply("", failure=SpeakingError(failure.trouble, what, failure.remedy))
            if attempt + 1 == _ATTEMPTS or time.monotonic() + wait >= deadline:
                return reply
            (self.pause or _pause)(wait, stop)
            stop.check()
        return reply

    def wire(self, body: Body) -> tuple[Mapping[str, str], bytes]:
        """Return the headers, without the key, and the very bytes that `speak` would send; nothing is sent."""
        import httpx2

        caught: list[httpx2.Request] = []

        def catch(request: httpx2.Request) -> httpx2.Response:
            caught.append(request)
            return httpx2.Response(400, json={"type": "error", "error": {"type": "invalid_request_error"}})

        sdk = _import_sdk()
        transport = httpx2.MockTransport(catch)
        with (
            httpx2.Client(transport=transport) as http,
            self._client(sdk, http) as client,
            contextlib.suppress(sdk.APIError),
            _stream(client, body, 5.0),
        ):
            pass
        headers = {name: value for name, value in caught[0].headers.items() if name.lower() != "authorization"}
        return headers, caught[0].content

    def _attempt(self, body: Body, hear: Callable[[str], None], deadline: float, seconds: float, stop: Stop) -> Reply:
        sdk = _import_sdk()
        line = Line(deadline, stop)
        hearing = _Hearing(hear)
        try:
            with (
                sdk.DefaultHttpxClient(follow_redirects=False, event_hooks={"request": [line.tap]}) as http,
                self._client(sdk, http) as client,
                line.watched(),
                _stream(client, body, line.patience) as stream,
            ):
                hearing.stream = stream
                hearing.run()
            return hearing.reply(None if hearing.ended else self._unfinished(hearing))
        except KeyboardInterrupt:
            raise InterruptedSpeech(hearing.reply(broken_off())) from None
        except Exception as error:  # noqa: BLE001  the SDK lets a dozen kinds through; each becomes one of ours
            if stop.requested:
                raise InterruptedSpeech(hearing.reply(broken_off())) from None
            if line.overdue:
                return hearing.reply(too_slow(seconds))
            return hearing.reply(self._failure(error, sdk, hearing, line.patience))

    def _unfinished(self, hearing: _Hearing) -> SpeakingError:
        return broken_off() if hearing.message is not None else not_the_api(self.host)

    def _failure(self, error: Exception, sdk: Sdk, hearing: _Hearing, patience: float) -> SpeakingError:
        import httpx2

        if isinstance(error, SpeakingError):
            return error
        if isinstance(error, sdk.APIStatusError):
            return _of_answer(error)
        if isinstance(error, sdk.APITimeoutError | httpx2.TimeoutException):
            return too_slow(patience)
        if isinstance(error, sdk.APIConnectionError):
            return unreachable(self.host)
        if isinstance(error, httpx2.TransportError):
            return broken_off()
        return self._unfinished(hearing)

    def _client(self, sdk: Sdk, http: httpx2.Client) -> anthropic.Anthropic:
        # Everything that the environment could say otherwise is said here: an address, a login, telemetry.
        client: anthropic.Anthropic = sdk.Anthropic(
            api_key=self.key, base_url=self.base_url, http_client=http, max_retries=0, open_telemetry=False
        )
        return client


if TYPE_CHECKING:
    from types import ModuleType as Sdk
else:
    Sdk = object


def is_installed() -> bool:
    """Return whether the package anthropic is there, without importing it."""
    from importlib.util import find_spec

    return find_spec("anthropic") is not None


def check_address(url: str) -> str:
    """Return the host of a base URL; raises MentorError for plain HTTP to another machine, and for what is no URL."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return parts.netloc.rpartition("@")[2]
    if parts.scheme == "http" and host in _LOOPBACK:
        return parts.netloc
    raise MentorError(
        f"The base URL {parts.scheme}://{host or '?'} is not used: a key goes over https only.",
        "Give an https address.",
    )


class _Hearing:
    """What was heard of one answer."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self.hear = hear
        self.stream: MessageStream[None] | None = None
        self.text = ""
        self.ended = False
        self._written: dict[int, str] = {}

    def run(self) -> None:
        """Listen to the end of the stream."""
        if self.stream is None:
            return
        for event in self.stream:
            if event.type == "text":
                self.text += event.text
                self.hear(self.text)
            elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                self._written[event.index] = self._written.get(event.index, "") + event.delta.partial_json
            elif event.type == "message_stop":
                self.ended = True

    @property
    def message(self) -> Message | None:
        """The message so far; None before its first event."""
        try:
            return None if self.stream is None else self.stream.current_message_snapshot
        except AssertionError:
            return None

    def reply(self, failure: SpeakingError | None) -> Reply:
        """Return the answer as far as it came."""
        message = self.message
        if message is None:
            return Reply(self.text, failure=failure)
        whole = failure is None and message.stop_reason is not None
        used = message.usage
        usage = Usage(
            used.input_tokens,
            used.output_tokens,
            used.cache_read_input_tokens or 0,
            used.cache_creation_input_tokens or 0,
            output_is_known=whole,
        )
        if failure is None and message.stop_reason is None:
            failure = broken_off()
        elif failure is None and not self._is_sound():
            failure, whole = unreadable(), False
        calls = [ToolCall(each.id, each.name, each.input) for each in message.content if each.type == "tool_use"]
        return Reply(
            self.text,
            message.stop_reason,
            # A call that was cut short keeps the arguments that were complete: it says something else than was meant.
            tuple(calls) if whole and message.stop_reason == "tool_use" else (),
            usage,
            tuple(_block(each) for each in message.content) if whole else (),
            failure,
            getattr(message.stop_details, "explanation", None),
        )

    def _is_sound(self) -> bool:
        """Return whether the arguments of every call are JSON: the SDK makes a smaller call of one that was cut."""
        try:
            read = (json.loads(text, parse_constant=_refuse) for text in self._written.values() if text.strip())
            return all(isinstance(arguments, dict) for arguments in read)
        except ValueError:
            return False


def _refuse(constant: str) -> object:
    """Refuse NaN and Infinity: Python reads them, JSON has none, and they could not be sent back."""
    raise ValueError(constant)


def _block(block: object) -> Mapping[str, object]:
    """Return a block as it goes back; a thinking block is bound to the conversation and stays as it is."""
    kind = getattr(block, "type", "")
    members = {
        "text": ("text",),
        "thinking": ("thinking", "signature"),
        "redacted_thinking": ("data",),
        "tool_use": ("id", "name", "input"),
    }.get(kind)
    if members is None:
        told: Mapping[str, object] = getattr(block, "to_dict")()  # noqa: B009  blocks of later versions pass through
        return told
    return {"type": kind, **{name: getattr(block, name) for name in members}}


@contextlib.contextmanager
def _stream(client: anthropic.Anthropic, body: Body, patience: float) -> Iterator[MessageStream[None]]:
    with warnings.catch_warnings():
        # A model near its end is still the user's choice; what to do instead stands in the models' documentation.
        warnings.simplefilter("ignore", DeprecationWarning)
        with client.messages.stream(**body, timeout=_timeout(patience)) as stream:  # type: ignore[arg-type]  # JSON
            yield stream


def _timeout(patience: float) -> httpx2.Timeout:
    import httpx2

    return httpx2.Timeout(patience, connect=min(10.0, patience))


def _of_answer(error: anthropic.APIStatusError) -> SpeakingError:
    headers = error.response.headers
    wait: float | None = None
    with contextlib.suppress(ValueError):
        wait = float(headers["retry-after"]) if "retry-after" in headers else None
    found = of_status(error.status_code, error.type, error.error_code, error.request_id, wait)
    if headers.get("x-should-retry") == "false" and found.trouble in WORTH_ANOTHER_TRY:
        return SpeakingError(Trouble.REFUSED_REQUEST, found.what, found.remedy)
    return found


def _import_sdk() -> Sdk:
    try:
        import anthropic
    except ImportError as error:
        raise SpeakingError(
            Trouble.NOT_INSTALLED,
            "The package anthropic is not installed here.",
            'pip install "backend-mentor[claude]"',
        ) from error
    return anthropic


def _pause(seconds: float, stop: Stop) -> None:
    end = time.monotonic() + seconds
    waiting = threading.Event()
    while not stop.requested and (left := end - time.monotonic()) > 0:
        waiting.wait(min(left, LOOK_SECONDS))
