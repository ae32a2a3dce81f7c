"""A request to another server ends after a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_added
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of
from backend_mentor.reading.endpoints.trees import dotted, full_name, has_unpacked, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


# The default of httpx, whose makers chose it for calls within a request; `requests` waits for ever by its own.
_SECONDS = 5


class WaitEnds:
    """Give a call of `requests` a timeout.

    Valid where the call says nothing of one: what was answered in time is answered as before.
    """

    name: ClassVar[str] = "wait-ends"
    answers: ClassVar[tuple[str, ...]] = ("request-without-timeout",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import requests\n\n\ndef rate(é):\n    return requests.get('https://rates.example/' + é).json()  # é\n",
            "import requests\n\n\ndef rate(é):\n"
            "    return requests.get('https://rates.example/' + é, timeout=5).json()  # é\n",
        ),
        Fixes(
            "from requests import post as send\n\n\ndef tell(address, body):\n    send(\n        address,\n"
            "        json=(body),  # é\n    )\n",
            "from requests import post as send\n\n\ndef tell(address, body):\n    send(\n        address,\n"
            "        json=(body), timeout=5,  # é\n    )\n",
        ),
        Declines(
            "import requests\n\n\ndef rate(address):\n    return requests.get(address, timeout=None)\n",
            because="the author has decided to wait without a limit",
        ),
        Declines(
            "import httpx\n\n\ndef rate(address):\n    return httpx.get(address, timeout=None)\n",
            because="httpx has a limit by itself, which the author has taken away",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the timeout behind the last argument."""
        call = call_of(source, finding)
        if call is None or has_unpacked(call) or keyword(call, "timeout") is not None:
            return None
        if not full_name(source.tree, call.func).startswith("requests."):
            return None
        added = keyword_added(source, call, f"timeout={_SECONDS}")
        if added is None:
            return None
        return Change(
            title=f"Let {dotted(call.func)} wait {_SECONDS} seconds at most",
            reason=f"A partner that stops answering holds the worker for {_SECONDS} seconds and not for ever; "
            f"{_SECONDS} seconds is also what httpx waits by itself.",
            edits=(added,),
            tradeoffs=Tradeoffs(
                f"where the partner sends nothing for {_SECONDS} seconds, requests.Timeout is raised, which has to be "
                "answered like its other errors",
                f"the partner takes longer than {_SECONDS} seconds in good health: give it its own longest time",
            ),
            conditions=(Condition("the call says nothing of a timeout", f"line {call.lineno}"),),
        )
