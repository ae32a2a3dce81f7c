"""`backend-mentor mcp`: the mentor's tools for any client that speaks the Model Context Protocol, over stdio.

No key is needed and nothing is sent: the client brings its own model, and the tools judge what it claims."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.review import Provenance, Review

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.server.context import ServerRequestContext
    from mcp_types import (
        CallToolRequestParams,
        CallToolResult,
        ListResourcesResult,
        ListToolsResult,
        PaginatedRequestParams,
        ReadResourceRequestParams,
        ReadResourceResult,
        Tool,
    )

    from backend_mentor.mentor.case import Case
    from backend_mentor.session import Session

_SCHEMA = "schema://main"
_REVIEW = "review"
_WHAT_REVIEW_DOES = (
    "Reviews SQL, an EXPLAIN plan, endpoint code or a request on the connected database, read-only: what it does, the "
    "plan, findings, proposals with their proof. Call it first; what is reported afterwards is about it."
)
_REVIEW_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"text": {"type": "string", "description": "What the cell or file holds."}},
    "required": ["text"],
    "additionalProperties": False,
}
_INSTRUCTIONS = (
    "A review of SQL and endpoint code on a real database, read-only. Call review first. What you claim goes through "
    "report_finding, report_proposal and report_code, which try it; what they refuse is not so."
)


class Desk:
    """What one client works on: the session's database, and the case of its last review."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._case: Case | None = None

    def call(self, name: str, arguments: object) -> tuple[str, bool]:
        """Carry out a call and return its answer as text, and whether it is an error."""
        from backend_mentor.mentor.tools import carry_out

        try:
            if name == _REVIEW:
                return self._review(arguments), False
            result = carry_out(self._open_case(), name, arguments)
        except MentorError as error:
            return self._plain(str(error)), True
        return json.dumps(result.content, ensure_ascii=False, default=str), result.is_error

    def schema(self) -> str:
        """Return the database's tables as JSON."""
        return self.call("describe_schema", {"tables": []})[0]

    def _review(self, arguments: object) -> str:
        from backend_mentor.mentor.case import Case
        from backend_mentor.mentor.payloads import review_payload

        text = arguments.get("text") if isinstance(arguments, dict) else None
        if not isinstance(text, str):
            raise MentorError("review wants a text.", "Give what the cell or file holds.")
        review = self.session.review(text)
        self._case = Case.open(review, self.session.database())
        told = [review_payload(each, self._case.redactor) for each in self._case.reviews]
        results = [record.name for record in self._case.evidence.records]
        return json.dumps({"results": results, "review": told}, ensure_ascii=False)

    def _open_case(self) -> Case:
        from backend_mentor.mentor.case import Case

        if self._case is None:
            nothing = Review(Cell("", CellKind.SQL), Provenance(""))
            self._case = Case.open(nothing, self.session.database(), analyze=False)
        return self._case

    def _plain(self, text: str) -> str:
        from backend_mentor.mentor.redaction import Redactor

        return (self._case.redactor if self._case else Redactor.of("")).without_values(text)


def make_server(session: Session) -> Server[dict[str, object]]:
    """Return the server for a session; raises MentorError, with the install line, where the package is missing."""
    try:
        import anyio.to_thread
        from mcp.server import Server
        from mcp_types import (
            CallToolResult,
            ListResourcesResult,
            ListToolsResult,
            ReadResourceResult,
            Resource,
            TextContent,
            TextResourceContents,
        )
    except ImportError as error:
        raise MentorError("The package mcp is not installed here.", 'pip install "backend-mentor[mcp]"') from error
    desk = Desk(session)

    async def list_tools(
        context: ServerRequestContext[dict[str, object]], request: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=_tools())

    async def call_tool(
        context: ServerRequestContext[dict[str, object]], request: CallToolRequestParams
    ) -> CallToolResult:
        text, is_error = await anyio.to_thread.run_sync(desk.call, request.name, request.arguments or {})
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=is_error)

    async def list_resources(
        context: ServerRequestContext[dict[str, object]], request: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        return ListResourcesResult(resources=[Resource(uri=_SCHEMA, name="schema", mime_type="application/json")])

    async def read_resource(
        context: ServerRequestContext[dict[str, object]], request: ReadResourceRequestParams
    ) -> ReadResourceResult:
        text = await anyio.to_thread.run_sync(desk.schema)
        held = TextResourceContents(uri=request.uri, mime_type="application/json", text=text)
        return ReadResourceResult(contents=[held])

    return Server(
        "backend-mentor",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def serve(session: Session) -> None:
    """Serve over stdio until the client goes."""
    server = make_server(session)
    import anyio
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(run)


def _tools() -> list[Tool]:
    from mcp_types import Tool, ToolAnnotations

    from backend_mentor.mentor.tools import offered_tools

    safe = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
    listed = [(tool.name, tool.description, tool.schema) for tool in offered_tools()]
    review = (_REVIEW, _WHAT_REVIEW_DOES, _REVIEW_SCHEMA)
    return [
        Tool(name=name, description=description, input_schema=schema, annotations=safe)
        for name, description, schema in (review, *listed)
    ]


_DESK: list[Desk] = []


def _desk() -> Desk:
    """Return the one desk of a Jupyter server, whose tools are plain functions without a place for state."""
    from backend_mentor.session import Session

    if not _DESK:
        _DESK.append(Desk(Session()))
    return _DESK[0]


def review_on_database(text: str) -> str:
    """Review SQL, an EXPLAIN plan or endpoint code on DATABASE_URL's database, else the demo; read-only."""
    return _desk().call(_REVIEW, {"text": text})[0]


def explain_query(sql: str) -> str:
    """Return the planner's plan of one query, which is not run."""
    return _desk().call("explain_query", {"sql": sql})[0]


def check_equivalence(before: str, after: str) -> str:
    """Return whether two queries answer alike on hundreds of small made-up databases, or rows that tell them apart."""
    return _desk().call("check_equivalence", {"before": before, "after": after})[0]


def try_index(sql: str, index: str) -> str:
    """Return what an index that does not exist would do for one query."""
    return _desk().call("try_index", {"sql": sql, "index": index})[0]


SERVER_TOOLS = [
    f"backend_mentor.surfaces.mcp:{function.__name__}"
    for function in (review_on_database, explain_query, check_equivalence, try_index)
]
"""What jupyter-server-mcp takes from the entry point `jupyter_server_mcp.tools`."""
