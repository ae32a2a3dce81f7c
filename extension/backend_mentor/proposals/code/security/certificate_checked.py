"""The certificate of the other side is checked."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_removed
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import call_of, node_of
from backend_mentor.reading.endpoints.trees import dotted, full_name, is_false, keyword

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CertificateChecked:
    """Take `verify=False` away from a call of `requests` or `httpx`.

    Valid where it is a literal of the call. A partner whose certificate nobody vouches for is refused from then on,
    so it is offered on its own.
    """

    name: ClassVar[str] = "certificate-checked"
    answers: ClassVar[tuple[str, ...]] = ("certificate-not-checked",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import requests\n\n\ndef rate(é):\n    return requests.get(é, verify=False, timeout=5).json()  # é\n",
            "import requests\n\n\ndef rate(é):\n    return requests.get(é, timeout=5).json()  # é\n",
        ),
        Fixes(
            "import httpx\n\nclient = httpx.Client(\n    verify=False,\n    base_url='https://é.example',  # é\n)\n",
            "import httpx\n\nclient = httpx.Client(\n    base_url='https://é.example',  # é\n)\n",
        ),
        Declines(
            "import requests\n\n\ndef rate(address):\n    return requests.get(\n        address,\n        timeout=5,\n"
            "        verify=False,  # our own authority\n    )\n",
            because="a comment speaks of it, which would be left without what it speaks of",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Remove the argument."""
        call = call_of(source, finding) or _call_with(source, finding)
        if call is None or not is_false(keyword(call, "verify")):
            return None
        if full_name(source.tree, call.func).partition(".")[0] not in {"requests", "httpx"}:
            return None
        removed: Edit | None = keyword_removed(source, call, "verify")
        if removed is None:
            return None
        return Change(
            title=f"Let {dotted(call.func)} check the certificate",
            reason="Both libraries check it by themselves, so that nobody between the two machines reads or changes "
            "what is sent.",
            edits=(removed,),
            keeps_contract=False,
            tradeoffs=Tradeoffs(
                "a partner with a certificate of its own making is refused until `verify` names the file of its "
                "authority",
                "the partner's certificate is self-signed and its authority's file is not at hand yet",
            ),
            conditions=(Condition("verify=False is a literal of the call", f"line {call.lineno}"),),
        )


def _call_with(source: Source, finding: Finding) -> ast.Call | None:
    found = node_of(source, finding, ast.keyword)
    if found is None:
        return None
    calls = (each for each in ast.walk(source.tree) if isinstance(each, ast.Call))
    return next((each for each in calls if found in each.keywords), None)
