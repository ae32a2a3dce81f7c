"""A time that becomes a number carries its zone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of, replaced
from backend_mentor.reading.endpoints.trees import constant, dotted, enclosing, full_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class AwareTimeUsed:
    """Write `datetime.now(timezone.utc)` for `datetime.utcnow()` where the time becomes a number at once.

    Valid directly before `.timestamp()`, and for the claims `exp`, `iat` and `nbf` of a token: elsewhere an aware time
    can not be compared with the naive ones that the code has.
    """

    name: ClassVar[str] = "aware-time-used"
    answers: ClassVar[tuple[str, ...]] = ("naive-datetime",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "from datetime import datetime\n\n\ndef stamp(é):\n    return é, datetime.utcnow().timestamp()  # é\n",
            "from datetime import datetime, timezone\n\n\ndef stamp(é):\n"
            "    return é, datetime.now(timezone.utc).timestamp()  # é\n",
        ),
        Fixes(
            "import datetime\nimport jwt\n\n\ndef token(key):\n    return jwt.encode(\n"
            "        {'sub': 'é', 'exp': datetime.datetime.utcnow() + datetime.timedelta(minutes=5)}, key\n    )\n",
            "import datetime\nimport jwt\n\n\ndef token(key):\n    return jwt.encode(\n"
            "        {'sub': 'é', 'exp': datetime.datetime.now(datetime.timezone.utc) + "
            "datetime.timedelta(minutes=5)}, key\n"
            "    )\n",
        ),
        Declines(
            "from datetime import datetime\n\n\ndef is_late(order):\n    return order.due < datetime.utcnow()\n",
            because="the other time can be naive, and then they can not be compared",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the call."""
        call = call_of(source, finding)
        if call is None or full_name(source.tree, call.func) != "datetime.datetime.utcnow" or call.args:
            return None
        if not (_becomes_number(source, call) or _is_claim(source, call)):
            return None
        owner = dotted(call.func).rpartition(".")[0]
        module = owner.rpartition(".")[0]
        zone = f"{module}.timezone.utc" if module else "timezone.utc"
        return Change(
            title="Take the time with its zone",
            reason="As a number it is the same moment on each machine; a naive one is read in the machine's own zone.",
            edits=(replaced(source, call, f"{owner}.now({zone})"),),
            imports=() if module else ("datetime.timezone",),
            tradeoffs=Tradeoffs("where the machine's zone is not UTC, the number changes to the right one"),
            conditions=(Condition("the time becomes a number at once", f"line {call.lineno}"),),
        )


def _becomes_number(source: Source, call: ast.Call) -> bool:
    above = next(iter(enclosing(source.tree, call)), None)
    return isinstance(above, ast.Attribute) and above.attr == "timestamp"


def _is_claim(source: Source, call: ast.Call) -> bool:
    """Return whether the time, with or without a span added, is a claim of a token that PyJWT writes."""
    node: ast.AST = call
    for each in enclosing(source.tree, call):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add) and each.left is node:
            node = each
            continue
        if not isinstance(each, ast.Dict):
            return False
        named = any(
            value is node and constant(key) in ("exp", "iat", "nbf")
            for key, value in zip(each.keys, each.values, strict=True)
        )
        above = next(iter(enclosing(source.tree, each)), None)
        return named and isinstance(above, ast.Call) and full_name(source.tree, above.func) == "jwt.encode"
    return False
