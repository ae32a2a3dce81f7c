"""The one registry of tools: our own loop, the MCP server and the Jupyter AI persona all take them from here."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import ConnectError, MentorError, StoppedError
from backend_mentor.mentor.tools.looking import LOOKING
from backend_mentor.mentor.tools.reporting import REPORTING
from backend_mentor.mentor.tools.tool import Result, Tool, fault_of

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (*LOOKING, *REPORTING)}
LARGEST_ARGUMENTS = 100_000
"""Characters of one call's arguments as JSON."""


def offered_tools(*, rows: bool = False) -> tuple[Tool, ...]:
    """Return the tools to offer; the one that shows rows only where the user opted in."""
    return tuple(tool for tool in TOOLS.values() if rows or not tool.shows_rows)


def digest_of_tools() -> str:
    """Return a digest of every tool's name, description and schema, which changes when one of them does."""
    text = json.dumps([[tool.name, tool.description, tool.schema] for tool in TOOLS.values()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def carry_out(case: Case, name: str, arguments: object, *, rows: bool = False) -> Result:
    """Carry out one call and return its answer, redacted; whatever goes wrong becomes an answer without a traceback.

    Raises StoppedError and ConnectError, which end the conversation.
    """
    tool = next((each for each in offered_tools(rows=rows) if each.name == name), None)
    if tool is None:
        return Result({"reason": f"There is no tool {case.redactor.redact(name)[:60]}."}, is_error=True)
    if len(str(arguments)) > LARGEST_ARGUMENTS:
        return Result({"reason": f"The arguments are longer than {LARGEST_ARGUMENTS:,} characters."}, is_error=True)
    if fault := fault_of(tool, arguments):
        return Result({"reason": f"{tool.name}: {case.redactor.redact(fault)}."}, is_error=True)
    case.progress(tool.doing)
    try:
        return tool.carry_out(case, arguments)  # type: ignore[arg-type]  # fault_of has seen that it is a mapping
    except (StoppedError, ConnectError):
        raise
    except MentorError as error:
        return Result({"reason": case.redactor.without_values(str(error))}, is_error=True)
    except Exception as error:  # noqa: BLE001  a driver's or parser's words may hold rows and addresses
        return Result({"reason": f"The tool failed ({type(error).__name__}). Try something else."}, is_error=True)
