"""Message Batches: handed in, waited for, results as lines of JSON in another order, canceled."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fake_claude.turns import content, events
from tests.fake_claude.validation import KEY, Refused, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_claude.server import FakeClaude

_MADE = "2026-11-20T08:00:00Z"
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PATH = re.compile(r"/v1/messages/batches(?:/(?P<id>[\w-]+)(?P<what>/results|/cancel)?)?(?:\?.*)?")


@dataclass(slots=True)
class Batches:
    """The batches of one server. `ends` holds how requests end that do not succeed, by their number in the batch."""

    looks: int = 0
    """How often a batch is still under way when somebody asks."""
    ends: dict[int, str] = field(default_factory=dict)
    """`errored`, `canceled` or `expired`."""
    made: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    canceled: set[str] = field(default_factory=set)

    def answer(self, path: str, headers: Mapping[str, str], body: dict[str, object] | None, fake: FakeClaude) -> object:
        """Return the answer, bytes for results; raises Refused for what the API would refuse."""
        if headers.get("authorization") != f"Bearer {KEY}":
            raise Refused("invalid bearer token", 401, "authentication_error")
        found = _PATH.fullmatch(path)
        if found is None:
            raise Refused("Not found", 404, "not_found_error")
        if found["id"] is None and body is not None:
            return self._make(headers, body, fake)
        batch = found["id"]
        if batch not in self.made:
            raise Refused("Not found", 404, "not_found_error")
        if found["what"] == "/results":
            return self._results(batch, fake)
        if found["what"] == "/cancel":
            self.canceled.add(batch)
        elif self.looks:
            self.looks -= 1
            return self._state(batch, fake, "in_progress")
        return self._state(batch, fake, "ended")

    def _make(self, headers: Mapping[str, str], body: dict[str, object], fake: FakeClaude) -> object:
        requests = body.get("requests")
        if not isinstance(requests, list) or not requests:
            raise Refused("requests: Field required")
        names = [each["custom_id"] for each in requests]
        if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
            raise Refused("requests: custom_id must be unique and match the pattern")
        for each in requests:
            validate("/v1/messages", headers, each["params"], fake.memory)
        batch = f"msgbatch_{len(self.made) + 1:04}"
        self.made[batch] = requests
        return self._state(batch, fake, "in_progress")

    def _state(self, batch: str, fake: FakeClaude, status: str) -> object:
        count, ended = len(self.made[batch]), status == "ended"
        ends = [self._end(batch, number) for number in range(count)] if ended else []
        kinds = ("succeeded", "errored", "canceled", "expired")
        return {
            "id": batch,
            "type": "message_batch",
            "processing_status": status,
            "request_counts": {"processing": 0 if ended else count, **{kind: ends.count(kind) for kind in kinds}},
            "created_at": _MADE,
            "expires_at": "2026-11-21T08:00:00Z",
            "ended_at": _MADE if ended else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{fake.url}/v1/messages/batches/{batch}/results" if ended else None,
        }

    def _end(self, batch: str, number: int) -> str:
        return "canceled" if batch in self.canceled else self.ends.get(number, "succeeded")

    def _results(self, batch: str, fake: FakeClaude) -> bytes:
        lines = []
        for number, request in enumerate(self.made[batch]):
            kind = self._end(batch, number)
            result: dict[str, object] = {"type": kind}
            if kind == "errored":
                told = {"type": "api_error", "message": "Internal server error"}
                result["error"] = {"type": "error", "error": told, "request_id": None}
            elif kind == "succeeded":
                result["message"] = _message(request["params"], fake)
            lines.append(json.dumps({"custom_id": request["custom_id"], "result": result}))
        # No order is promised, so it is never that of the requests.
        return "\n".join(reversed(lines)).encode() + b"\n"


def _message(body: dict[str, object], fake: FakeClaude) -> dict[str, object]:
    turn, usage = fake.next_turn(body), fake.cache.usage(body)
    (_, start), *_, (_, ending), _ = events(turn, "msg_batch", str(body["model"]), usage)
    assert isinstance(start, dict)
    assert isinstance(ending, dict)
    return {**start["message"], "content": content(turn), **ending["delta"], "usage": ending["usage"]}
