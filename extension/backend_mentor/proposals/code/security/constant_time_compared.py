"""A secret is compared in a time that tells nothing."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.calling import means_module
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, added_before, node_of
from backend_mentor.reading.endpoints.trees import (
    Function,
    enclosing_function,
    full_name,
    last_name,
    own_nodes,
    parameters,
    targets,
)

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "import hmac\nimport os\n\nfrom fastapi import HTTPException\n\n\n"


class ConstantTimeCompared:
    """Compare a secret with `hmac.compare_digest` instead of `==`.

    Valid where both sides are known to be texts, or both bytes: texts are encoded first, because the function refuses
    a text beyond ASCII, and `None` has no bytes.
    """

    name: ClassVar[str] = "constant-time-compared"
    answers: ClassVar[tuple[str, ...]] = ("secret-compared-by-equals",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def hook(signature: str, body: bytes):\n"
            "    if signature != hmac.new(KEY, body, 'sha256').hexdigest():  # é\n"
            "        raise HTTPException(401)\n",
            _APP + "def hook(signature: str, body: bytes):\n"
            "    if not hmac.compare_digest(signature.encode(), hmac.new(KEY, body, 'sha256').hexdigest().encode()):"
            "  # é\n        raise HTTPException(401)\n",
        ),
        Fixes(
            "import os\n\n\ndef allowed(api_key: str) -> bool:\n    expected_secret = os.environ['É_KEY']\n"
            "    return (\n        api_key\n        == expected_secret  # é\n    )\n",
            "import hmac\nimport os\n\n\ndef allowed(api_key: str) -> bool:\n"
            "    expected_secret = os.environ['É_KEY']\n"
            "    return (\n        hmac.compare_digest(api_key.encode(), expected_secret.encode())  # é\n    )\n",
        ),
        Declines(
            "def allowed(api_key: str) -> bool:\n    return api_key == settings.api_key\n",
            because="nothing says that the setting is a text: it can be None, or bytes",
        ),
        Declines(
            "import os\n\n\ndef allowed(api_key: str | None = None) -> bool:\n"
            "    return api_key == os.environ['API_KEY']\n",
            because="without a header it is None, which has no bytes",
        ),
        Declines(
            _APP + "def hook(signature: str, body: bytes) -> bool:\n"
            "    return signature == hmac.new(KEY, body, 'sha256').digest()\n",
            because="a text never equals bytes: what is wrong is something else",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Hand both sides to the function."""
        node = node_of(source, finding, ast.Compare)
        # A scheme that raises no error of its own gives None where the declaration says that it is a text.
        if node is None or len(node.ops) != 1 or "auto_error=False" in source.text:
            return None
        if not means_module(source, "hmac", node):
            return None
        other = node.comparators[0]
        kinds = {_kind(source, node.left), _kind(source, other)}
        start, end = source.span_of(node.left).end, source.span_of(other).start
        if kinds not in ({"str"}, {"bytes"}) or not re.fullmatch(r"\s*[!=]=\s*", source.text[start:end]):
            return None
        encoded = ".encode()" if kinds == {"str"} else ""
        negated = "not " if isinstance(node.ops[0], ast.NotEq) else ""
        return Change(
            title=f"Compare {last_name(node.left) or 'the secret'} in constant time",
            reason="It takes as long for a guess that is right up to the last character as for any other.",
            edits=(
                added_before(source, node.left, f"{negated}hmac.compare_digest("),
                Edit(start, end, f"{encoded}, "),
                added_after(source, other, f"{encoded})"),
            ),
            imports=("hmac",),
            tradeoffs=Tradeoffs("a microsecond"),
            conditions=(Condition(f"both sides are {kinds.pop()}", "their declarations in the cell"),),
        )


def _kind(source: Source, node: ast.expr) -> str | None:
    """Return `str` or `bytes` where the cell shows which of them a value is, and that it is not None."""
    match node:
        case ast.JoinedStr():
            return "str"
        case ast.Call(func=ast.Attribute(attr="hexdigest")):
            return "str"
        case ast.Call(func=ast.Attribute(attr="digest"), args=[]):
            return "bytes"
        case ast.Subscript(value=value) if full_name(source.tree, value) == "os.environ":
            return "str"
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="request"), attr="headers")):
            return "str"
        case ast.Name(id=name):
            return _kind_of_name(source, node, name)
    return None


def _kind_of_name(source: Source, node: ast.expr, name: str) -> str | None:
    """Return what a parameter is declared as, or what the one assignment to a name gives it."""
    function = enclosing_function(source.tree, node)
    while function is not None:
        kind = _declared(function, name)
        bound = [each for each in own_nodes(function) if name in targets(each)]
        if kind is not None:
            return None if bound else kind
        if bound:
            return _kind_of_value(source, bound, name)
        if any(each.arg == name for each in ast.walk(function) if isinstance(each, ast.arg)):
            return None
        function = enclosing_function(source.tree, function)
    if any(isinstance(each, ast.Global) and name in each.names for each in ast.walk(source.tree)):
        return None
    return _kind_of_value(source, [each for each in own_nodes(source.tree) if name in targets(each)], name)


def _declared(function: Function, name: str) -> str | None:
    found = next((each.annotation for each in parameters(function) if each.arg == name), None)
    if not isinstance(found, ast.Name) or found.id not in {"str", "bytes"}:
        return None
    given = {each.value for each in function.args.defaults if isinstance(each, ast.Constant)}
    given |= {each.value for each in function.args.kw_defaults if isinstance(each, ast.Constant)}
    return None if None in given or _is_optional(function) else found.id


def _is_optional(function: Function) -> bool:
    """Return whether a default is made by a call that can stand for None, as `Header(None)`."""
    made = [each for each in (*function.args.defaults, *function.args.kw_defaults) if isinstance(each, ast.Call)]
    values = [*(v for each in made for v in each.args), *(k.value for each in made for k in each.keywords)]
    return any(isinstance(each, ast.Constant) and each.value is None for each in values)


def _kind_of_value(source: Source, bound: list[ast.AST], name: str) -> str | None:
    match bound:
        case [ast.Assign(targets=[ast.Name(id=found)], value=value)] if found == name:
            return None if isinstance(value, ast.Name) else _kind(source, value)
    return None
