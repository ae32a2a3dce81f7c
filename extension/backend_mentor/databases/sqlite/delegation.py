"""Handing a statement that no interrupt ends to a child process, which is ended at the limit or on a stop."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend_mentor.databases.base import Limits
from backend_mentor.databases.sqlite.execution import Execution
from backend_mentor.domain.errors import DatabaseError, TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.databases.base import Stop

_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """What the child is to run, and how far."""

    path: Path
    limits: Limits
    sql: str
    values: tuple[object, ...] | Mapping[str, object]
    keep: int
    """How many rows to give back."""
    whole: bool
    """True where the rows after those are to be read and counted too."""

    def to_json(self) -> str:
        """Return the request as the child reads it."""
        values = self.values if isinstance(self.values, tuple) else dict(self.values)
        return json.dumps(
            {
                "path": str(self.path.absolute()),
                "limits": asdict(self.limits),
                "sql": self.sql,
                "values": _pack(values),
                "keep": self.keep,
                "whole": self.whole,
            }
        )

    @classmethod
    def of_json(cls, text: str) -> Request:
        """Return the request that the parent wrote."""
        read = json.loads(text)
        return cls(
            Path(read["path"]),
            Limits(**read["limits"]),
            read["sql"],
            _unpack(read["values"]),
            read["keep"],
            read["whole"],
        )


def delegate(request: Request, name: str, stop: Stop) -> Execution:
    """Run a statement in a process of its own; raises TimeLimitError, StoppedError, DatabaseError."""
    answer = json.loads(_converse(request, stop))
    if "error" in answer:
        raise DatabaseError(f"{name}: {answer['error']}.", "Correct the statement and run the cell again.")
    return Execution(tuple(answer["columns"]), _unpack(answer["rows"]), answer["count"], answer["milliseconds"])


def write_answer(found: Execution) -> str:
    """Return what the child answers."""
    return json.dumps(
        {
            "columns": found.columns,
            "rows": _pack(found.rows),
            "count": found.count,
            "milliseconds": found.milliseconds,
        }
    )


def _converse(request: Request, stop: Stop) -> str:
    """Return the child's answer; the child is ended on a limit, a stop and an interrupt."""
    command = [sys.executable, "-m", "backend_mentor.databases.sqlite.child"]
    end = time.monotonic() + request.limits.milliseconds / 1000
    # A session of its own, or Ctrl-C in a terminal would reach the child too and print its traceback.
    child = subprocess.Popen(  # noqa: S603  our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    pending: str | None = request.to_json()
    try:
        while True:
            try:
                output, _ = child.communicate(pending, timeout=_LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                pending = None
            stop.check()
            if time.monotonic() >= end:
                raise TimeLimitError(
                    f"The statement was stopped after {request.limits.milliseconds:,} ms, its time limit.",
                    "Make smaller values, or raise `milliseconds` in the limits.",
                )
    finally:
        child.kill()
        child.communicate()
    if child.returncode != 0 or not output:
        raise DatabaseError("The process that ran the statement ended without an answer.", "Make smaller values.")
    return output


def _pack(value: object) -> object:
    if isinstance(value, bytes):
        return {"": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return [_pack(each) for each in value]
    return {key: _pack(each) for key, each in value.items()} if isinstance(value, dict) else value


def _unpack(value: Any) -> Any:  # what json.load returns
    if isinstance(value, list):
        return tuple(_unpack(each) for each in value)
    if isinstance(value, dict):
        return base64.b64decode(value[""]) if "" in value else {key: _unpack(each) for key, each in value.items()}
    return value
