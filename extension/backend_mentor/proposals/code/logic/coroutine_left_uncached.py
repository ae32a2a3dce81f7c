"""A coroutine is not kept by a cache that returns it twice."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import node_of
from backend_mentor.reading.endpoints.trees import walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CoroutineLeftUncached:
    """Take the cache off an `async def`.

    Valid where the cell asks nothing of the cache itself: the first call answers as before, and the second answers too.
    """

    name: ClassVar[str] = "coroutine-left-uncached"
    answers: ClassVar[tuple[str, ...]] = ("cached-coroutine",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from functools import lru_cache\n\n\n@lru_cache  # é\nasync def rates():\n    return await load()\n",
            "from functools import lru_cache\n\n\nasync def rates():\n    return await load()\n",
        ),
        Fixes(
            "import functools\n\n\nclass Rates:\n    @log('é')\n    @functools.lru_cache(\n        maxsize=8\n    )\n"
            "    async def all(self):\n        return await load()\n",
            "import functools\n\n\nclass Rates:\n    @log('é')\n    async def all(self):\n"
            "        return await load()\n",
        ),
        Declines(
            "from functools import lru_cache\n\n\n@lru_cache\nasync def rates():\n    return await load()\n\n\n"
            "def forget():\n    rates.cache_clear()\n",
            because="the cache is cleared elsewhere",
        ),
        Declines(
            "from functools import lru_cache\n\n\n@lru_cache\nasync def rates():\n    return await load()\n\n\n"
            "def seen():\n    return rates.cache_info().hits\n",
            because="the cache is asked elsewhere",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Remove the decorator's lines."""
        decorator = node_of(source, finding, ast.expr)
        asked = {"cache_clear", "cache_info", "cache_parameters", "__wrapped__"}
        if decorator is None or any(
            isinstance(each, ast.Attribute) and each.attr in asked for each in walk(source.tree)
        ):
            return None
        start = source.line_offsets[decorator.lineno - 1]
        end = source.line_offsets[decorator.end_lineno or decorator.lineno]
        if source.text[start : source.span_of(decorator).start].strip() != "@":
            return None
        return Change(
            title="Take the cache off",
            reason="It kept a coroutine, which can be awaited once; without it each call has an answer.",
            edits=(Edit(start, end, ""),),
            tradeoffs=Tradeoffs("each call does the work: keep its result where that costs too much", None),
            conditions=(Condition("the cache itself is not used", "no cache_clear or cache_info in the cell"),),
        )
