"""The rule client-per-request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import full_name, keyword, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_CLIENTS = frozenset(
    {
        "httpx.AsyncClient", "httpx.Client", "aiohttp.ClientSession", "redis.Redis", "redis.from_url",
        "redis.asyncio.Redis", "redis.asyncio.from_url", "pymongo.MongoClient",
        "motor.motor_asyncio.AsyncIOMotorClient",
        "boto3.client", "boto3.resource", "elasticsearch.Elasticsearch", "openai.OpenAI", "openai.AsyncOpenAI",
    }
)  # fmt: skip


class ClientPerRequest:
    """A client with a pool of connections is made for each request.

    Each one shakes hands anew, and a connection that could be used again is thrown away.
    """

    name: ClassVar[str] = "client-per-request"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/rates')\nasync def rates():\n"
            "    async with httpx.AsyncClient(timeout=3) as client:\n        return (await client.get(URL)).json()\n",
            says="rates makes an `httpx.AsyncClient` for each request",
        ),
        FlagsCode(
            "from redis import Redis\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/rates')\ndef rates():\n"
            "    return Redis().get('rates')\n",
            says="rates makes a `redis.Redis` for each request",
        ),
        PassesCode(
            "import aiohttp\nfrom fastapi import FastAPI, WebSocket\napp = FastAPI()\n@app.websocket('/shell')\n"
            "async def shell(socket: WebSocket):\n    async with aiohttp.ClientSession() as client:\n"
            "        async with client.ws_connect(URL) as upstream:\n            await pump(socket, upstream)\n",
            because="it lives as long as its socket",
        ),
        PassesCode("import httpx\nclient = httpx.AsyncClient(timeout=3)\n", because="it is made once"),
        PassesCode(
            "import httpx\nasync def main():\n    async with httpx.AsyncClient() as client:\n"
            "        await client.get(URL)\n",
            because="no request calls it",
        ),
        PassesCode(
            "import httpx\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/self')\nasync def itself():\n"
            "    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:\n"
            "        return (await client.get('/')).json()\n",
            because="this one connects to nothing",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each client that a handler of requests makes itself."""
        for handler in source.handlers:
            if handler.kind is HandlerKind.WEBSOCKET:
                continue  # it lives as long as its socket
            for call in own_calls(handler.node) if handler.node is not None else ():
                full = full_name(source.tree, call.func)
                if full in _CLIENTS and keyword(call, "transport") is None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{handler.name} makes {'an' if full[0] in 'aeioh' else 'a'} `{full}` for each request.",
                        why="Each call connects anew, with TLS two round trips before the first byte, and its pool is "
                        "thrown away.",
                        instead="Make it once when the application starts (in its lifespan) and hand it to the "
                        "handler.",
                    )
