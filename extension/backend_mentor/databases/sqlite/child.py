"""The child process for statements that no interrupt ends: `python -m backend_mentor.databases.sqlite.child`.

It reads one request from its input and writes one answer; its parent ends it at the limit or on a stop.
"""

from __future__ import annotations

import json
import sqlite3
import sys

from backend_mentor.databases.sqlite.delegation import Request, write_answer
from backend_mentor.databases.sqlite.execution import execute
from backend_mentor.databases.sqlite.opening import authorize, open_reader

_HEAP_BYTES = 1_000_000_000


def main() -> None:
    """Answer the one request of the input."""
    request = Request.of_json(sys.stdin.read())
    try:
        with open_reader(request.path, request.limits) as connection:
            # The ceiling holds for the whole process, so it is set here and never in a kernel.
            connection.set_authorizer(None)
            connection.execute(f"PRAGMA hard_heap_limit = {_HEAP_BYTES}")
            connection.set_authorizer(authorize)
            found = execute(connection, request.sql, request.values, request.keep, whole=request.whole)
    except (sqlite3.Error, MemoryError) as error:
        sys.stdout.write(json.dumps({"error": str(error) or "out of memory"}))
        return
    sys.stdout.write(write_answer(found))


if __name__ == "__main__":
    main()
