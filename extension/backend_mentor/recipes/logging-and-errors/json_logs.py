"""Logs that machines read and that may be copied: one JSON object a line, with the request's id and without secrets."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import TextIO

# Set by the middleware; worker threads and tasks of a request inherit it.
current_request: ContextVar[str | None] = ContextVar("current_request", default=None)

# What every record has: whatever else stands on one was passed as `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET_NAME = re.compile(r"passw|secret|token|authori[sz]ation|cookie|api_?key|credential|session|card|iban|ssn", re.I)
# The last resort for values that got into a text; each repetition is bounded, so no text makes it slow.
_SECRET_TEXT = re.compile(
    r"(?:bearer|basic)\s{1,4}[\w.~+/=-]{4,2000}"  # an Authorization header
    r"|eyJ[\w-]{5,2000}\.[\w-]{5,2000}\.[\w-]{0,2000}"  # a JWT
    r"|://[^\s/@:]{0,200}:[^\s/@]{1,200}@"  # a password in an address
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"  # a mail address
    r"|\b\d(?:[ -]?\d){12,18}\b",  # the number of a card
    re.I,
)
REDACTED = "[redacted]"


@dataclass(frozen=True)
class LogSettings:
    """What an operator sets of logging."""

    level: str = "INFO"
    characters_at_most: int = 2_000
    """Of one text; a caller must not be able to fill the disk."""
    fields_at_most: int = 30
    frames_at_most: int = 30
    causes_at_most: int = 5
    quiet: tuple[str, ...] = ("uvicorn.access", "httpx", "httpx2")
    """Loggers that write whole addresses, with whatever stands in their query."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON.

    Of an exception the kind and the places are written, not the text: a driver puts values and addresses there.
    """

    def __init__(self, settings: LogSettings) -> None:
        """Write within the bounds of these settings."""
        super().__init__()
        self._settings = settings

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a newline inside of a value is escaped, so nobody can forge a second one."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._text(_message(record)),
            "request_id": current_request.get(),
        }
        passed = [(name, value) for name, value in vars(record).items() if name not in _STANDARD and name not in line]
        line.update({name[:100]: self._field(name, value) for name, value in passed[: self._settings.fields_at_most]})
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = list(self._causes(record.exc_info[1]))
        return json.dumps(line, allow_nan=False)

    def _field(self, name: str, value: object) -> object:
        if _SECRET_NAME.search(name):
            return REDACTED
        if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
            return value
        # Any other object decides by itself what its text says; a model of a user would say all of it.
        return self._text(value) if isinstance(value, str) else f"[{type(value).__name__}]"

    def _text(self, text: str) -> str:
        return _SECRET_TEXT.sub(REDACTED, text[: self._settings.characters_at_most])

    def _causes(self, error: BaseException) -> Iterator[dict[str, object]]:
        cause: BaseException | None = error
        for _ in range(self._settings.causes_at_most):
            if cause is None:
                return
            frames = traceback.extract_tb(cause.__traceback__)[-self._settings.frames_at_most :]
            places = [f"{each.filename}:{each.lineno} {each.name}" for each in frames]
            yield {"kind": type(cause).__qualname__, "places": places}
            cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A wrong placeholder must lose neither the line nor, as logging would, print its values to stderr.
        return str(record.msg)


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> logging.Handler:
    """Send all logs of this process to the stream, stderr where none is given: once, in `main`, before the app."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(settings))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.level)
    for name in settings.quiet:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
