"""A batch of messages at Anthropic: sent once, waited for, its results told apart by their own names."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from backend_mentor.domain.errors import MentorError
from backend_mentor.mentor.client import DEFAULT_URL, check_address
from backend_mentor.mentor.failures import SpeakingError, Trouble, not_the_api, of_status, unreachable
from backend_mentor.mentor.prices import Usage
from backend_mentor.mentor.speech import COMPLETE, Body

if TYPE_CHECKING:
    import anthropic
    from anthropic.types.messages import MessageBatchIndividualResponse

_FIRST_WAIT_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 60.0
_FAILURES_IN_A_ROW = 5
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one request of a batch: a text, or in words why there is none."""

    text: str = ""
    reason: str = ""
    """Why there is no whole text; empty where there is one."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class BatchDesk:
    """Where batches are handed in. `pause` waits so many seconds; tests pass one that does not."""

    key: str = field(repr=False)
    base_url: str = DEFAULT_URL
    pause: Callable[[float], None] = time.sleep

    def send(self, bodies: Mapping[str, Body]) -> str:
        """Hand in the requests by their names and return the batch's id; never tried twice."""
        requests = [{"custom_id": name, "params": body} for name, body in bodies.items()]
        with self._client() as client:
            return client.messages.batches.create(requests=requests).id  # type: ignore[arg-type]  # JSON

    def wait(self, batch: str, progress: Callable[[str], None]) -> None:
        """Return once the batch has ended; a failure to ask is tried again, five in a row are raised."""
        began, wait, failures = time.monotonic(), _FIRST_WAIT_SECONDS, 0
        while True:
            try:
                with self._client() as client:
                    found = client.messages.batches.retrieve(batch)
                failures = 0
            except SpeakingError as error:
                failures += 1
                passing = (Trouble.RATE_LIMIT, Trouble.OVERLOADED, Trouble.UNREACHABLE, Trouble.TOO_SLOW)
                if error.trouble not in passing or failures == _FAILURES_IN_A_ROW:
                    raise
            else:
                if found.processing_status == "ended":
                    return
                counts = found.request_counts
                seconds = time.monotonic() - began
                progress(f"batch {batch}: {counts.processing:,} requests under way · {seconds:,.0f} s")
            self.pause(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)

    def results(self, batch: str) -> dict[str, Told]:
        """Return what came of each request, by its name, whatever the order."""
        with self._client() as client:
            address = client.messages.batches.retrieve(batch).results_url
            # The SDK follows this address with the key in its hand.
            if address is None or urlsplit(address)[:2] != urlsplit(self.base_url)[:2]:
                raise not_the_api(check_address(self.base_url))
            return {each.custom_id: _told(each) for each in client.messages.batches.results(batch)}

    @contextlib.contextmanager
    def _client(self) -> Iterator[anthropic.Anthropic]:
        host = check_address(self.base_url)
        try:
            import anthropic
        except ImportError as error:
            what, remedy = "The package anthropic is not installed here.", 'pip install "backend-mentor[claude]"'
            raise SpeakingError(Trouble.NOT_INSTALLED, what, remedy) from error
        try:
            with (
                anthropic.DefaultHttpxClient(follow_redirects=False) as http,
                anthropic.Anthropic(
                    api_key=self.key,
                    base_url=self.base_url,
                    http_client=http,
                    max_retries=0,
                    timeout=_PATIENCE_SECONDS,
                    open_telemetry=False,
                ) as client,
            ):
                yield client
        except MentorError:
            raise
        except anthropic.APIStatusError as error:
            raise of_status(error.status_code, error.type, error.error_code, error.request_id, None) from None
        except anthropic.APIConnectionError as error:
            raise unreachable(host) from error.__cause__
        except Exception:  # noqa: BLE001  what is no answer of the API fails in a dozen kinds
            raise not_the_api(host) from None


def was_surely_not_sent(error: SpeakingError) -> bool:
    """Return whether a failure to send left no batch behind: one that was lost on the way might be under way."""
    import httpx2

    unknown = (Trouble.UNREACHABLE, Trouble.TOO_SLOW, Trouble.NOT_THE_API, Trouble.OVERLOADED, Trouble.BROKEN_OFF)
    return error.trouble not in unknown or isinstance(error.__cause__, httpx2.ConnectError)


def _told(each: MessageBatchIndividualResponse) -> Told:
    result = each.result
    if result.type == "errored":
        return Told(reason=f"Claude could not answer: {result.error.error.type}. Nothing was charged for it.")
    if result.type == "canceled":
        return Told(reason="The batch was canceled before this was answered. Nothing was charged for it.")
    if result.type == "expired":
        return Told(reason="The batch expired after 24 hours before this was answered. Nothing was charged for it.")
    message = result.message
    text = "\n\n".join(block.text for block in message.content if block.type == "text")
    used = message.usage
    usage = Usage(
        used.input_tokens,
        used.output_tokens,
        used.cache_read_input_tokens or 0,
        used.cache_creation_input_tokens or 0,
    )
    if message.stop_reason in COMPLETE and text:
        return Told(text, usage=usage)
    ending = {"max_tokens": "The answer was cut at its longest length.", "refusal": "Claude declined to answer this."}
    return Told(text, ending.get(message.stop_reason or "", "Claude's answer is not whole."), usage)
