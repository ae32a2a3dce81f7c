"""The server's errors in words that say what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend_mentor.domain.errors import (
    ConnectError,
    DatabaseError,
    MentorError,
    NotSupportedError,
    RefusedError,
    StoppedError,
    TimeLimitError,
)

_LOST = ("08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "53300")


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error as the server states it."""

    state: str
    """SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
    message: str
    hint: str = ""


def translate(complaint: Complaint, name: str, role: str = "the role") -> MentorError:
    """Return the MentorError for a complaint of the database of that name."""
    state, message = complaint.state, complaint.message
    if state.startswith(_LOST):
        return lost(name, message)
    if state == "57014":
        return _canceled(message, name)
    if state == "42501":
        return _denied(message, name, role)
    if state == "25006" or "in a non-volatile function" in message:
        return _read_only(message)
    if state == "42601" and "multiple commands" in message:
        return RefusedError(
            "This is more than one statement.", "Review one statement at a time.", name="more than one statement"
        )
    if state == "55P03":
        return DatabaseError(
            f"{name}: {message}: another session holds the table.",
            "Let the other session end its transaction, then run the cell again.",
        )
    if state == "0A000" or "identify an equality operator" in message:
        return NotSupportedError(f"{name}: {message}.", complaint.hint or "Review a statement without it.")
    remedy = complaint.hint or "Correct the statement and run the cell again."
    return DatabaseError(f"{name}: {message}.", remedy)


def lost(name: str, words: str) -> ConnectError:
    """Return the error for a server that can not be reached or went away."""
    first = next((line for line in words.strip().splitlines() if line.strip()), "the server went away")
    return ConnectError(
        f"{name}: the connection failed: {first.strip().rstrip('.')}.",
        "Check that the server runs and that the address, user and password are right; nothing was lost here.",
    )


def over_time(milliseconds: int) -> TimeLimitError:
    """Return the error for a statement that was stopped at its limit."""
    return TimeLimitError(
        f"The statement was stopped after {milliseconds / 1000:g} s.",
        "Make it smaller, or raise `milliseconds` in the limits.",
    )


def _canceled(message: str, name: str) -> MentorError:
    if "statement timeout" in message:
        return TimeLimitError(
            f"{name}: the statement was stopped at its time limit.",
            "Make it smaller, or raise `milliseconds` in the limits.",
        )
    return StoppedError(f"{name}: the statement was stopped.", "Run the cell again to start anew.")


def _denied(message: str, name: str, role: str) -> MentorError:
    found = re.match(
        r"permission denied for (table|view|relation|materialized view|foreign table|schema) (.+)", message
    )
    if found is None:
        return DatabaseError(f"{name}: {message}.", f"Ask the database's owner to grant it to {role}.")
    kind, what = found.groups()
    grant = f"GRANT USAGE ON SCHEMA {what}" if kind == "schema" else f"GRANT SELECT ON {what}"
    return DatabaseError(f"{name}: {role} may not read {kind} {what}.", f"Ask its owner to run: {grant} TO {role}")


def _read_only(message: str) -> MentorError:
    found = re.match(r"(?:cannot execute )?(.+?)(?:\(\))? (?:in a read-only transaction|is not allowed in)", message)
    refused = found.group(1) if found else "a write"
    return RefusedError(
        f"{refused} was refused: a review changes nothing.",
        "Review the statement without it, or look at its plan: a write is explained, never run.",
        name=refused,
    )
