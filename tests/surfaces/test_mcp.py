"""The tools over MCP, by the real package: a client in this process, and one that talks to the command over stdio."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import TextContent, TextResourceContents

from backend_mentor.session import Session
from backend_mentor.surfaces.mcp import SERVER_TOOLS, make_server
from tests.mentor.lies.calls import PLAIN, SLOW
from tests.mentor.lies.shop import make_shop

WRONG = SLOW.replace("date(o.placed_at) = '2026-03-02'", "o.placed_at >= '2026-03-02'")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    make_shop(path).close()
    return path


@pytest.fixture
def session(shop: Path) -> Iterator[Session]:
    session = Session()
    session.connect(str(shop))
    yield session
    session.close()


async def call(client: Client, name: str, **arguments: object) -> tuple[dict[str, object], bool]:
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    told = json.loads(content.text)
    assert isinstance(told, dict)
    return told, bool(result.is_error)


async def talk(client: Client) -> None:
    """Say what a client says, and check each answer."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert {"review", "explain_query", "report_proposal", "run_tests"} <= tools.keys()
    assert "read_rows" not in tools
    assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools.values())
    reviewed, failed = await call(client, "review", text=SLOW)
    assert not failed
    assert reviewed["results"]
    plan, failed = await call(client, "explain_query", sql=SLOW)
    assert not failed
    assert plan["steps"]
    refuted, failed = await call(client, "report_proposal", kind="rewrite", statement=1, after=WRONG, **PLAIN)
    assert failed
    assert refuted["counterexample"]
    refused, failed = await call(client, "explain_query", sql="DELETE FROM orders")
    assert failed
    assert "DELETE" in str(refused["reason"])
    (schema,) = (await client.read_resource("schema://main")).contents
    assert isinstance(schema, TextResourceContents)
    assert {table["table"] for table in json.loads(schema.text)["tables"]} >= {"orders", "customers"}


def test_a_client_in_this_process_reviews_and_is_told_what_is_wrong(session: Session) -> None:
    async def run() -> None:
        async with Client(make_server(session)) as client:
            await talk(client)

    anyio.run(run)


def test_a_client_over_stdio_talks_to_the_command(shop: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "backend_mentor", "mcp", "--database", str(shop)]
    )

    async def run() -> None:
        async with Client(command) as client:
            await talk(client)

    anyio.run(run)


def test_bad_input_is_one_plain_answer(session: Session) -> None:
    async def run() -> None:
        async with Client(make_server(session)) as client:
            result = await client.call_tool("review", {"text": ""})
            assert result.is_error
            result = await client.call_tool("report_finding", {"what": 1})
            assert result.is_error
            assert "Traceback" not in str(result.content)

    anyio.run(run)


def test_the_tools_for_a_jupyter_server_are_functions_that_it_can_load() -> None:
    functions = {name.partition(":")[2]: EntryPoint("", name, "").load() for name in SERVER_TOOLS}
    plan = json.loads(functions["explain_query"]("SELECT id FROM orders WHERE id = 7"))
    assert plan["steps"][0]["operation"] == "search"
