"""The child process for statements that no interrupt ends: `python -m backend_mentor.databases.sqlite.child`.

It reads one request as JSON from its input and writes one answer; its parent ends it at the limit or on a stop.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend_mentor.databases.base import Limits
from backend_mentor.domain.errors import DatabaseError, TimeLimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.databases.sqlite.execution import Execution, Place

_LOOK_SECONDS = 0.05
_HEAP_BYTES = 1_000_000_000


def run_in_child(
    place: Place, sql: str, values: tuple[object, ...] | Mapping[str, object], *, keep: int, whole: bool
) -> Execution:
    """Run a statement in a process of its own; raises TimeLimitError, StoppedError, DatabaseError."""
    from backend_mentor.databases.sqlite.execution import Execution

    request = {
        "path": str(place.path.absolute()),
        "limits": asdict(place.limits),
        "sql": sql,
        "values": _pack(dict(values) if hasattr(values, "keys") else list(values)),
        "keep": keep,
        "whole": whole,
    }
    answer = json.loads(_converse(place, json.dumps(request)))
    if "error" in answer:
        raise DatabaseError(f"{place.name}: {answer['error']}.", "Correct the statement and run the cell again.")
    return Execution(tuple(answer["columns"]), _unpack(answer["rows"]), answer["count"], answer["milliseconds"])


def _converse(place: Place, request: str) -> str:
    """Return the child's answer; the child is ended on a limit, a stop and an interrupt."""
    command = [sys.executable, "-m", "backend_mentor.databases.sqlite.child"]
    end = time.monotonic() + place.limits.milliseconds / 1000
    # A session of its own, or Ctrl-C in a terminal would reach the child too and print its traceback.
    child = subprocess.Popen(  # noqa: S603  our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    pending: str | None = request
    try:
        while True:
            try:
                output, _ = child.communicate(pending, timeout=_LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                pending = None
            place.stop.check()
            if time.monotonic() >= end:
                raise TimeLimitError(
                    f"The statement was stopped after {place.limits.milliseconds:,} ms, its time limit.",
                    "Make smaller values, or raise `milliseconds` in the limits.",
                )
    finally:
        child.kill()
        child.communicate()
    if child.returncode != 0 or not output:
        raise DatabaseError("The process that ran the statement ended without an answer.", "Make smaller values.")
    return output


def main() -> None:
    """Answer the one request of the input."""
    from backend_mentor.databases.sqlite.execution import execute
    from backend_mentor.databases.sqlite.opening import authorize, open_reader

    request = json.load(sys.stdin)
    values = _unpack(request["values"])
    try:
        with open_reader(Path(request["path"]), Limits(**request["limits"])) as connection:
            # The ceiling holds for the whole process, so it is set here and never in a kernel.
            connection.set_authorizer(None)
            connection.execute(f"PRAGMA hard_heap_limit = {_HEAP_BYTES}")
            connection.set_authorizer(authorize)
            found = execute(connection, request["sql"], values, request["keep"], whole=request["whole"])
    except (sqlite3.Error, MemoryError) as error:
        json.dump({"error": str(error) or "out of memory"}, sys.stdout)
        return
    answer = {
        "columns": found.columns,
        "rows": [_pack(list(row)) for row in found.rows],
        "count": found.count,
        "milliseconds": found.milliseconds,
    }
    json.dump(answer, sys.stdout)


def _pack(value: object) -> object:
    if isinstance(value, bytes):
        return {"": base64.b64encode(value).decode()}
    if isinstance(value, list):
        return [_pack(each) for each in value]
    return {key: _pack(each) for key, each in value.items()} if isinstance(value, dict) else value


def _unpack(value: Any) -> Any:  # what json.load returns
    if isinstance(value, list):
        return tuple(_unpack(each) for each in value)
    if isinstance(value, dict):
        return base64.b64decode(value[""]) if "" in value else {key: _unpack(each) for key, each in value.items()}
    return value


if __name__ == "__main__":
    main()
