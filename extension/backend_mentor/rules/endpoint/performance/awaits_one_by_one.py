"""The rule awaits-one-by-one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    dotted,
    enclosing,
    full_name,
    last_name,
    loops_around,
    names_in,
    targets,
    walk,
    within,
)
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class AwaitsOneByOne:
    """Requests to another service are awaited one after the other.

    None needs the answer of another one, and their times add up.
    """

    name: ClassVar[str] = "awaits-one-by-one"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "import httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def load(keys):\n    found = []\n"
            "    for key in keys:\n        answer = await client.get(f'/rates/{key}')\n"
            "        found.append(answer.json())\n    return found\n",
            says="`client.get` is awaited for one key after the other",
        ),
        FlagsCode(
            "import httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def load(keys):\n"
            "    return [await client.get(f'/rates/{key}') for key in keys]\n",
            says="`client.get` is awaited for one key after the other",
        ),
        PassesCode(
            "import asyncio, httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def load(keys):\n"
            "    return await asyncio.gather(*(client.get(f'/rates/{key}') for key in keys))\n",
            because="they run side by side",
        ),
        PassesCode(
            "import httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def load(hosts):\n    for host in hosts:\n"
            "        answer = await client.get(f'https://{host}/')\n        if answer.is_success:\n"
            "            return answer\n",
            because="it stops at the first that answers",
        ),
        PassesCode(
            "import httpx\nclient = httpx.AsyncClient(timeout=3)\nasync def pages(numbers):\n    link = '/'\n"
            "    for number in numbers:\n        answer = await client.get(link, params={'n': number})\n"
            "        link = answer.json()['next']\n",
            because="each needs the answer before it",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each awaited call of an asynchronous HTTP client in a loop whose turns do not need each other."""
        clients = {
            name
            for node in walk(source.tree)
            if isinstance(node, ast.Assign | ast.withitem)
            for made in [node.value if isinstance(node, ast.Assign) else node.context_expr]
            if isinstance(made, ast.Call)
            and full_name(source.tree, made.func) in {"httpx.AsyncClient", "aiohttp.ClientSession"}
            for name in targets(node)
        }
        for node in walk(source.tree):
            call = node.value if isinstance(node, ast.Await) else None
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if dotted(call.func.value) not in clients or call.func.attr not in {"get", "post", "put", "delete"}:
                continue
            loop = next(iter(loops_around(source.tree, call)), None)
            if loop is not None and loop[0] & names_in(call) and _is_independent(source, call):
                yield report(
                    self,
                    source,
                    call,
                    what=f"`{dotted(call.func)}` is awaited for one {min(loop[0])} after the other.",
                    why="None needs the answer of another one, and their times add up.",
                    instead="Start them together in an `asyncio.TaskGroup`, with a semaphore for how many at once.",
                )


def _is_independent(source: Source, call: ast.Call) -> bool:
    """Return whether no turn of the loop ends it, waits on purpose, or sets what the call of the next one reads."""
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.ListComp | ast.SetComp | ast.DictComp):
            return True
        if isinstance(each, ast.For):
            inside = [node for part in each.body for node in within(part)]
            stops = any(isinstance(node, ast.Break | ast.Return | ast.Raise | ast.Continue) for node in inside)
            waits = any(isinstance(node, ast.Call) and last_name(node) == "sleep" for node in inside)
            given = frozenset().union(*(targets(node) for node in inside))
            return not stops and not waits and not given & names_in(call)
    return False
