"""A token is drawn by the operating system."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import means_module
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import call_of, replaced
from backend_mentor.reading.endpoints.trees import calls, dotted, full_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


# Each takes what the one in `random` takes and gives what it gives; `SystemRandom` has the others.
_SAME = {"choice": "secrets.choice", "getrandbits": "secrets.randbits", "randbytes": "secrets.token_bytes"}


class TokenDrawnBySystem:
    """Draw a token with `secrets` instead of `random`.

    Valid where the cell sets no seed: the token has the same form as before, drawn by the operating system.
    """

    name: ClassVar[str] = "token-drawn-by-system"
    answers: ClassVar[tuple[str, ...]] = ("predictable-token",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "import random\nimport string\n\n\ndef reset(é):\n"
            "    reset_token = ''.join(random.choice(string.ascii_letters) for _ in range(32))  # é\n"
            "    return reset_token\n",
            "import random\nimport secrets\nimport string\n\n\ndef reset(é):\n"
            "    reset_token = ''.join(secrets.choice(string.ascii_letters) for _ in range(32))  # é\n"
            "    return reset_token\n",
        ),
        Fixes(
            "import random, string\n\n\ndef token():\n    return random.choice(string.digits)\n",
            "import random, string\nimport secrets\n\n\ndef token():\n    return secrets.choice(string.digits)\n",
        ),
        Fixes(
            "from random import randint as draw\n\n\ndef make_otp():\n\treturn draw(\n\t\t100000,\n\t\t999999,\n\t)\n",
            "import secrets\nfrom random import randint as draw\n\n\ndef make_otp():\n"
            "\treturn secrets.SystemRandom().randint(\n\t\t100000,\n\t\t999999,\n\t)\n",
        ),
        Declines(
            "import random\n\nrandom.seed(4)\ntoken = random.getrandbits(128)\n",
            because="the seed says that the same tokens are wanted each time",
        ),
        Declines(
            "import random\n\n\ndef make_token(secrets):\n    return random.choice(secrets)\n",
            because="secrets means something else there",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace what is called."""
        call = call_of(source, finding)
        if call is None or not means_module(source, "secrets", call):
            return None
        module, _, name = full_name(source.tree, call.func).partition(".")
        if module != "random" or any(full_name(source.tree, each.func) == "random.seed" for each in calls(source.tree)):
            return None
        called = _SAME.get(name, f"secrets.SystemRandom().{name}")
        return Change(
            title=f"Draw it with {called} instead of {dotted(call.func)}",
            reason="It has the same form and takes the same arguments; the operating system draws it, and the tokens "
            "seen so far tell nothing of the next.",
            edits=(replaced(source, call.func, called),),
            imports=("secrets",),
            tradeoffs=Tradeoffs("about a microsecond for each draw"),
            conditions=(Condition("the cell sets no seed", "no call of random.seed"),),
        )
