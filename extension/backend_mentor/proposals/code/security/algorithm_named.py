"""A token is read with the algorithm that it is written with, and with no other."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import keyword_added
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import block_of, lines_of, names_bound, node_of, replaced
from backend_mentor.reading.endpoints.trees import (
    argument,
    calls,
    constant_text,
    dotted,
    enclosing_function,
    full_name,
    has_unpacked,
    last_name,
    targets,
    walk,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_JOSE = "from jose import jwt\n\nfrom settings import KEY\n\n\n"


class AlgorithmNamed:
    """Name the one algorithm that the cell's own `encode` signs with, where a token is decoded.

    Valid where all tokens that the cell writes are signed with one key and one HMAC algorithm, and the token is read
    with that same key: a token of somebody else, or a pair of keys, says nothing about how it is signed.
    """

    name: ClassVar[str] = "algorithm-named"
    answers: ClassVar[tuple[str, ...]] = ("token-without-algorithm",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _JOSE + "def write(claims):\n"
            "    return jwt.encode(claims, KEY, algorithm='HS256')\n\n\n"
            "def read(token):\n    return jwt.decode(token, KEY)  # é\n",
            _JOSE + "def write(claims):\n"
            "    return jwt.encode(claims, KEY, algorithm='HS256')\n\n\n"
            "def read(token):\n    return jwt.decode(token, KEY, algorithms=['HS256'])  # é\n",
        ),
        Fixes(
            "import jwt\n\nfrom settings import KEY\n\nALGORITHM = 'HS512'\n\n\ndef write(claims):\n"
            "    return jwt.encode(claims, KEY, ALGORITHM)\n\n\ndef read(token):\n"
            "    header = jwt.get_unverified_header(token)  # é\n"
            "    return jwt.decode(token, KEY, algorithms=[header['alg']], audience='é')\n",
            "import jwt\n\nfrom settings import KEY\n\nALGORITHM = 'HS512'\n\n\ndef write(claims):\n"
            "    return jwt.encode(claims, KEY, ALGORITHM)\n\n\ndef read(token):\n"
            "    return jwt.decode(token, KEY, algorithms=[ALGORITHM], audience='é')\n",
        ),
        Declines(
            _JOSE + "def read(token):\n    return jwt.decode(token, KEY)\n",
            because="nothing here says how the token is signed",
        ),
        Declines(
            _JOSE + "def write(claims):\n    return jwt.encode(claims, KEY, algorithm='HS256')"
            "\n\n\ndef read(token, provider_keys):\n    return jwt.decode(token, provider_keys)\n",
            because="the key is another: that token is not one of these",
        ),
        Declines(
            "from jose import jwt\n\n\ndef write(claims, key):\n    return jwt.encode(claims, key, algorithm='HS256')"
            "\n\n\ndef read(token, key):\n    return jwt.decode(token, key)\n",
            because="each caller passes a key of its own: two parameters of one name are not one key",
        ),
        Declines(
            _JOSE + "def write(claims):\n    return jwt.encode(claims, KEY, algorithm='HS256')"
            "\n\n\ndef renew(claims):\n    return jwt.encode(claims, KEY, algorithm='HS512')\n\n\n"
            "def read(token):\n    return jwt.decode(token, KEY)\n",
            because="tokens of two algorithms are about, and it is the author's to say which one this is",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Name the algorithm, and drop the header that it was read from."""
        call = node_of(source, finding, ast.Call)
        written = _written_with(source, call) if call is not None else None
        if call is None or written is None:
            return None
        algorithm, shown = written
        given = argument(call, 2, "algorithms")
        if given is None:
            named = keyword_added(source, call, f"algorithms=[{algorithm}]")
        else:
            named = replaced(source, given, f"[{algorithm}]")
        if named is None:
            return None
        return Change(
            title=f"Read tokens signed with {shown} alone",
            reason=f"A token of this cell names {shown} in its header and is read as before; one that names another is "
            "refused.",
            edits=(named, *_header_dropped(source, call, given)),
            tradeoffs=Tradeoffs(
                "a token that another service signs otherwise is refused", "tokens of several algorithms are accepted"
            ),
            conditions=(
                Condition(f"every token that the cell writes is signed with {shown}", "its calls of `encode`"),
                Condition("it is read with the key that it was signed with", f"line {call.lineno}"),
            ),
        )


def _written_with(source: Source, call: ast.Call) -> tuple[str, str] | None:
    """Return the algorithm as the code writes it and its name; None where it is not one, or the key is not the same."""
    key = argument(call, 1, "key")
    own = full_name(source.tree, call.func).removesuffix("decode") + "encode"
    writes = [each for each in calls(source.tree) if full_name(source.tree, each.func) == own]
    if not dotted(key) or not writes or any(has_unpacked(each) for each in writes):
        return None
    if any(dotted(argument(each, 1, "key")) != dotted(key) for each in writes):
        return None
    root = dotted(key).partition(".")[0]
    around = (enclosing_function(source.tree, each) for each in (call, *writes))
    if root != "self" and any(root in names_bound(each) for each in around if each is not None):
        return None
    found = [argument(each, 2, "algorithm") for each in writes]
    texts = {ast.unparse(each) if each is not None else "" for each in found}
    if len(texts) != 1 or found[0] is None:
        return None
    shown = constant_text(found[0]) or _constant_of(source, found[0])
    return (source.code_of(found[0]), shown) if shown and shown.startswith("HS") else None


def _constant_of(source: Source, node: ast.expr) -> str | None:
    """Return the text of a name that the cell assigns once, at its top."""
    name = dotted(node)
    bound = [each for each in walk(source.tree) if name and name in targets(each)]
    if len(bound) != 1 or not isinstance(bound[0], ast.Assign) or bound[0] not in source.tree.body:
        return None
    return constant_text(bound[0].value)


def _header_dropped(source: Source, call: ast.Call, given: ast.expr | None) -> tuple[Edit, ...]:
    """Return the edit that takes away the line of a header that nothing else reads."""
    function = enclosing_function(source.tree, call)
    read = next((each for each in walk(given) if isinstance(each, ast.Name)), None) if given is not None else None
    if function is None or read is None:
        return ()
    uses = [each for each in ast.walk(function) if isinstance(each, ast.Name) and each.id == read.id]
    line = next(
        (each for each in ast.walk(function) if isinstance(each, ast.Assign) and read.id in targets(each)), None
    )
    if line is None or len(uses) != 2 or not isinstance(line.value, ast.Call):
        return ()
    block, lines = block_of(source, line), lines_of(source, line)
    alone = last_name(line.value) == "get_unverified_header" and block is not None and len(block) > 1
    return (Edit(lines[0], lines[1], ""),) if alone and lines is not None else ()
