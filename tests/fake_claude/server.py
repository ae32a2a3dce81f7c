"""The server: it validates each request, then says its next turn or breaks as told."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
import uuid
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.fake_claude.batches import Batches
from tests.fake_claude.caching import PromptCache
from tests.fake_claude.turns import Fault, FaultKind, Thinking, Turn, content, events
from tests.fake_claude.validation import Memory, Refused, validate

# Longer than any test waits for a client to give up.
_PATIENCE_SECONDS = 60.0

Scripted = Turn | Callable[[dict[str, object]], Turn]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, object]
    raw: bytes


class FakeClaude:
    """A server on loopback that takes its turns from a script; `forever` is said once the script is over."""

    def __init__(
        self, script: Iterable[Scripted] = (), *, forever: Scripted | None = None, compresses: bool = False
    ) -> None:
        self.requests: list[Request] = []
        self.disconnected = threading.Event()
        self.stalled = threading.Event()
        """Set once the server has fallen silent in mid-stream."""
        self.compresses = compresses
        self.memory, self.cache, self.batches = Memory(), PromptCache(), Batches()
        self.ending, self._end = socket.socketpair()
        self._script, self._forever, self._lock = iter(script), forever, threading.Lock()
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.ending.close()

    def next_turn(self, body: dict[str, object]) -> Turn:
        """Return what is to be said to a request."""
        with self._lock:
            turn = next(self._script, self._forever)
        if turn is None:
            return Turn(fault=Fault(FaultKind.STATUS, status=500, message="the script of the test is over"))
        turn = turn if isinstance(turn, Turn) else turn(body)
        self.memory.signed |= {each.signature: each.thinking for each in turn.blocks if isinstance(each, Thinking)}
        return turn

    def sent(self) -> str:
        """Return everything that came over the wire, bodies and headers."""
        return "\n".join(f"{each.headers}\n{each.raw.decode()}" for each in self.requests)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A request that is still stalled when the server closes is not waited for: its thread sees `ending`.
    block_on_close = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet of connections that the client broke."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeClaude

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            body = json.loads(raw)
        except ValueError:
            self._answer(400, _error("invalid_request_error", "The request body is not valid JSON."))
            return
        self.fake.requests.append(Request(self.path, headers, body, raw))
        if self.path.startswith("/v1/messages/batches"):
            self._batch(headers, body)
            return
        try:
            validate(self.path, headers, body, self.fake.memory)
        except Refused as error:
            self._answer(error.status, _error(error.type, error.message))
            return
        usage = self.fake.cache.usage(body)
        if self.path.startswith("/v1/messages/count_tokens"):
            counted = sum(value for value in usage.values() if isinstance(value, int))
            self._answer(200, {"input_tokens": counted})
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._say(self.fake.next_turn(body), body, usage)
            return
        self.fake.disconnected.set()
        self.close_connection = True

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.fake.requests.append(Request(self.path, headers, {}, b""))
        self._batch(headers, None)

    def _batch(self, headers: dict[str, str], body: dict[str, object] | None) -> None:
        try:
            answer = self.fake.batches.answer(self.path, headers, body, self.fake)
        except Refused as error:
            self._answer(error.status, _error(error.type, error.message))
            return
        self._answer(200, answer, {"content-type": "application/x-jsonl"} if isinstance(answer, bytes) else None)

    def _say(self, turn: Turn, body: dict[str, object], usage: dict[str, object]) -> None:
        fault = turn.fault
        if fault is not None and self._broken_off(fault):
            return
        said = list(events(turn, f"msg_{uuid.uuid4().hex[:20]}", str(body["model"]), usage))
        if not body.get("stream"):
            ((_, start), *_, (_, ending), _) = said
            assert isinstance(start, dict)
            assert isinstance(ending, dict)
            self._answer(
                200, {**start["message"], "content": content(turn), **ending["delta"], "usage": ending["usage"]}
            )
            return
        self._stream(said, fault)

    def _broken_off(self, fault: Fault) -> bool:
        """Carry out a fault that strikes before the stream begins; return whether it did."""
        if fault.kind is FaultKind.STATUS:
            answer = _error(fault.type, fault.message, fault.code)
            self._answer(fault.status, fault.body or answer, fault.headers)
        elif fault.kind is FaultKind.HTML:
            self._answer(200, b"<html>Log in to this network</html>")
        elif fault.kind is FaultKind.RESET_BEFORE_HEADERS:
            self._reset()
        elif fault.kind is FaultKind.STALL_BEFORE_HEADERS:
            self._stall()
        else:
            return False
        return True

    def _stream(self, said: list[tuple[str, object]], fault: Fault | None) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.send_header("request-id", _request_id())
        self.send_header("transfer-encoding", "chunked")
        compressor = None
        if self.fake.compresses and "gzip" in self.headers.get("accept-encoding", ""):
            self.send_header("content-encoding", "gzip")
            compressor = zlib.compressobj(wbits=31)
        self.end_headers()
        for number, (name, data) in enumerate(said):
            if fault is not None and fault.at == number and self._breaks(fault):
                return
            # The API pads its lines with spaces, so that lengths tell nothing of the text.
            self._chunk(f"event: {name}\ndata: {json.dumps(data)}{' ' * (number % 3)}\n\n".encode(), compressor)
        if compressor is not None:
            self._write_chunk(compressor.flush())
        self.wfile.write(b"0\r\n\r\n")

    def _breaks(self, fault: Fault) -> bool:
        """Carry out a fault in mid-stream; return whether the stream is over by it."""
        if fault.kind is FaultKind.RAW:
            self._write_chunk(fault.body)
            return False
        if fault.kind is FaultKind.STALL:
            self._stall()
        elif fault.kind is FaultKind.DRIP:
            self._drip()
        elif fault.kind is FaultKind.RESET:
            self._reset()
        elif fault.kind is FaultKind.CUT:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            if fault.kind is FaultKind.ERROR_EVENT:
                self._chunk(
                    f"event: error\ndata: {json.dumps(_error(fault.type, fault.message, fault.code))}\n\n".encode()
                )
            self.wfile.write(b"0\r\n\r\n")
        return True

    def _chunk(self, data: bytes, compressor: zlib._Compress | None = None) -> None:
        if compressor is not None:
            data = compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)
        self._write_chunk(data)

    def _write_chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _stall(self) -> None:
        """Say nothing until the client goes or the test is over."""
        self.fake.stalled.set()
        readable, _, _ = select.select([self.connection, self.fake.ending], [], [], _PATIENCE_SECONDS)
        if self.connection in readable:
            self.fake.disconnected.set()
        self.close_connection = True

    def _drip(self) -> None:
        """Send pings until the client goes: each read succeeds and nothing is ever said."""
        self.fake.stalled.set()
        while not select.select([self.connection, self.fake.ending], [], [], 0.05)[0]:
            self._chunk(b'event: ping\ndata: {"type": "ping"}\n\n')
        self.fake.disconnected.set()
        self.close_connection = True

    def _reset(self) -> None:
        # With linger of zero seconds the kernel sends RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _answer(self, status: int, answer: object, headers: dict[str, str] | None = None) -> None:
        is_page = isinstance(answer, bytes)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("request-id", _request_id())
        if "content-type" not in (headers or {}):
            self.send_header("content-type", "text/html" if is_page else "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _error(type: str, message: str, code: str | None = None) -> dict[str, object]:
    error: dict[str, object] = {"type": type, "message": message}
    if code:
        error["details"] = {"error_code": code}
    return {"type": "error", "error": error, "request_id": _request_id()}


def _request_id() -> str:
    return f"req_{uuid.uuid4().hex[:20]}"
